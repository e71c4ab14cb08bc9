import * as v from "valibot";
import { withoutSent } from "../../http/hide-sent.ts";
import type { FormResponse } from "../../http/post-form.ts";
import type { RequestFailure } from "../../http/request-failure.ts";
import { isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";
import { parseJson } from "../../lib/json/parse-json.ts";
import { shorten } from "../../lib/visible-text.ts";
import { answerFailure } from "../../protocols/failures/answer-failure.ts";
import { isWebPage } from "../../protocols/failures/web-page.ts";
import { hideCredentials } from "../../secrets/credentials.ts";

/** What an answer of the account service means. */
export type AccountResponse =
  | { readonly kind: "success"; readonly value: JsonObject }
  /** The service has decided: an error of RFC 6749 or RFC 8628. */
  | {
      readonly kind: "error";
      readonly status: number;
      readonly code: string;
      readonly description: string;
    }
  /** It did not get to decide: an outage, or whoever stands in between. */
  | { readonly kind: "fault"; readonly failure: RequestFailure };

const Text = v.optional(v.fallback(v.string(), ""), "");

/** What an answer may say of an error (RFC 6749 §5.2); a field of another type says nothing. */
const ErrorSchema = v.object({ error: Text, error_description: Text, message: Text });

/** Error codes that say the same as a 5xx. */
const FAULTS = new Set(["server_error", "temporarily_unavailable"]);

/** Understands an answer (RFC 6749 §5, RFC 8628 §3.2 and §3.5); web pages are a gateway's. */
export function readAccountResponse(answer: FormResponse, now: number): AccountResponse {
  const { status, headers, body } = answer;
  const parsed = parseJson(body);
  const value = isJsonObject(parsed) ? parsed : undefined;
  const said = v.parse(ErrorSchema, value ?? {});
  const code = said.error;
  const isOutage = status >= 500 || FAULTS.has(code) || (status === 429 && code !== "slow_down");
  if (isOutage) {
    const failure = withoutSent(answerFailure({ status, headers, body, now }), hideCredentials);
    return {
      kind: "fault",
      failure: status < 429 ? { ...failure, kind: "server-error" } : failure,
    };
  }
  if (value === undefined) {
    const what = isWebPage(body) ? "a web page" : "not JSON";
    return { kind: "fault", failure: malformed(`the answer is ${what}`, status) };
  }
  if (code === "" && status >= 200 && status < 300) {
    return { kind: "success", value };
  }
  return { kind: "error", status, code, description: said.error_description || said.message };
}

/** The failure of an answer that lacks what it must have. */
export function malformed(message: string, status?: number): RequestFailure {
  return { kind: "malformed", message, ...(status === undefined ? {} : { status }) };
}

/** What the service said, as the end of a clause: ` (400: invalid_grant, it has been used)`. */
export function saidBy({
  status,
  code,
  description,
}: Omit<AccountResponse & { kind: "error" }, "kind">): string {
  const words = hideCredentials([code, description].filter((part) => part !== "").join(", "));
  return words === "" ? ` (${status})` : ` (${status}: ${shorten(words, 300)})`;
}

/** Seconds as a server gives them, in milliseconds; `undefined`: it gives none, or nonsense. */
export const Seconds = v.optional(
  v.fallback(
    v.union([
      v.pipe(
        v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+(?:\.\d+)?$/), v.transform(Number))]),
        v.finite(),
        v.minValue(0),
        v.transform((seconds) => seconds * 1000),
      ),
      v.undefined(),
    ]),
    undefined,
  ),
);
