import type { Http } from "../../http/http.ts";
import { RequestError } from "../../http/request-failure.ts";
import { valueAt } from "../../lib/json/json-object.ts";
import { getText } from "../../protocols/list-models.ts";
import { openaiUrl } from "../../protocols/request-url.ts";
import type { ServiceEndpoint } from "../../protocols/service-endpoint.ts";
import { providerOf } from "../providers/catalogue.ts";
import type { Balance } from "../providers/provider.ts";

const TIMEOUT_MS = 5000;

/** What is left to spend, or where that is told. */
export type SpendingLeft = { readonly left?: string; readonly consoleUrl?: string };

/**
 * What the account of a key has left, where the service tells it to a key: `12.5 USD`; else where a
 * person can see it. Nothing of it says anything about the key: what fails is left out.
 */
export async function askBalance(http: Http, endpoint: ServiceEndpoint): Promise<SpendingLeft> {
  const known = providerOf(endpoint.baseUrl, endpoint.protocol);
  const left =
    known?.endpoint.balance === undefined
      ? undefined
      : await balanceOf(http, endpoint, known.endpoint.balance);
  if (left !== undefined) {
    return { left };
  }
  const consoleUrl = known?.endpoint.consoleUrl ?? known?.provider.consoleUrl;
  return consoleUrl === undefined ? {} : { consoleUrl };
}

async function balanceOf(
  http: Http,
  endpoint: ServiceEndpoint,
  { path, amount, currency }: Balance,
): Promise<string | undefined> {
  try {
    const url = openaiUrl(endpoint.baseUrl, path);
    const answer: unknown = JSON.parse(
      await getText(http, endpoint, { url, timeoutMs: TIMEOUT_MS }),
    );
    const left = amountOf(valueAt(answer, amount));
    const unit = typeof currency === "string" ? currency : valueAt(answer, currency);
    const isUnit = typeof unit === "string" && /^[A-Z]{3}$/.test(unit);
    return left === undefined || !isUnit ? undefined : `${left} ${unit}`;
  } catch (error) {
    if (error instanceof RequestError || error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}

/** A number as people read it; the text of a server is shown only where it is one. */
function amountOf(value: unknown): string | undefined {
  const isText = typeof value === "string" && /^-?\d{1,15}(?:\.\d{1,10})?$/.test(value);
  if (isText) {
    return value;
  }
  return typeof value === "number" && Number.isFinite(value)
    ? String(Math.round(value * 100) / 100)
    : undefined;
}
