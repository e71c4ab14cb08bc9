import { isPrivateHost } from "../lib/endpoint-url.ts";
import { askOnce } from "../protocols/ask-once.ts";
import { deadline } from "../protocols/deadline.ts";
import type { Http } from "../protocols/http.ts";
import { getText, type ListedModel, listModels } from "../protocols/list-models.ts";
import { isOutage, RequestError, type RequestFailure } from "../protocols/request-failure.ts";
import { openaiUrl } from "../protocols/request-url.ts";
import type { ServiceEndpoint } from "../protocols/service-endpoint.ts";
import { providerOf } from "./catalogue.ts";
import { describeFailure } from "./request-problem.ts";
import type { Verification } from "./verification.ts";

export type VerifyRequest = {
  readonly endpoint: ServiceEndpoint;
  /** The model that would be used: what is asked where the endpoint has no list. */
  readonly model: string | undefined;
  /** How the key is called: `the key of shell variable X`; `undefined`: none is sent. */
  readonly keyName: string | undefined;
};

/** Milliseconds for all requests together (`spec/protocols.md`, "Verification"). */
const DEADLINE_MS = 10_000;

type VerifyOptions = { readonly deadlineMs?: number };

/**
 * Asks the service whether it takes the key, with the cheapest request that proves it: its list of
 * models, or where any key may read that, `/key` or one token of an answer. An outage is
 * `unreachable`, never a rejected key. Throws nothing that the network does.
 */
export async function verify(
  http: Http,
  request: VerifyRequest,
  { deadlineMs = DEADLINE_MS }: VerifyOptions = {},
): Promise<Verification> {
  const { signal, clear } = deadline(deadlineMs);
  const checkedAt = new Date(http.now()).toISOString();
  try {
    return { state: "ok", checkedAt, httpStatus: 200, ...(await check(http, request, signal)) };
  } catch (error) {
    if (!(error instanceof RequestError)) {
      throw error;
    }
    return { ...judge(error.failure, request), checkedAt };
  } finally {
    clear();
  }
}

type Proof = {
  readonly detail: string;
  readonly models?: readonly ListedModel[];
  readonly httpStatus?: number;
};

/** @throws RequestError when the key is not proven */
async function check(http: Http, request: VerifyRequest, signal: AbortSignal): Promise<Proof> {
  const { endpoint, model } = request;
  const path = providerOf(endpoint.baseUrl, endpoint.protocol)?.provider.keyCheckPath;
  if (path !== undefined) {
    const url = openaiUrl(endpoint.baseUrl, path);
    await getText(http, endpoint, { url, timeoutMs: DEADLINE_MS, signal });
    return { detail: "the key is valid" };
  }
  const models = await listIfAny(http, endpoint, signal);
  if (models !== undefined && !(await isPublicList(http, endpoint, signal))) {
    return { detail: describeList(models, model), models };
  }
  if (model === undefined) {
    const message = "there is no list of models that wants a key, and no model to ask";
    throw new RequestError({ kind: "not-found", message });
  }
  const proof = await askForToken(http, endpoint, { model, signal });
  return models === undefined ? proof : { ...proof, models };
}

/** The list; `undefined` where there is none. */
async function listIfAny(
  http: Http,
  endpoint: ServiceEndpoint,
  signal: AbortSignal,
): Promise<readonly ListedModel[] | undefined> {
  try {
    return await listModels(http, endpoint, { timeoutMs: DEADLINE_MS, signal });
  } catch (error) {
    if (error instanceof RequestError && hasNoList(error.failure)) {
      return undefined;
    }
    throw error;
  }
}

function hasNoList({ kind, status }: RequestFailure): boolean {
  return kind === "not-an-api" || [404, 405, 501].includes(status ?? 0);
}

/** Whether anybody may read the list: then it proves nothing about the key. */
async function isPublicList(
  http: Http,
  { baseUrl, protocol, credential }: ServiceEndpoint,
  signal: AbortSignal,
): Promise<boolean> {
  if (credential === undefined || isPrivateHost(new URL(baseUrl).hostname)) {
    return false;
  }
  const anonymous = { protocol, baseUrl, credential: undefined, customHeaders: {} };
  try {
    await listModels(http, anonymous, { timeoutMs: DEADLINE_MS, signal });
    return true;
  } catch (error) {
    if (error instanceof RequestError) {
      return false;
    }
    throw error;
  }
}

type TokenRequest = { readonly model: string; readonly signal: AbortSignal };

/** One streamed token, given up at the first event. */
async function askForToken(
  http: Http,
  endpoint: ServiceEndpoint,
  { model, signal }: TokenRequest,
): Promise<Proof> {
  const question = {
    model,
    messages: [{ role: "user", text: "Hi" }],
    samplingParams: { max_tokens: 1 },
  } as const;
  try {
    for await (const _events of askOnce(http, endpoint, question, {
      timeoutMs: 0,
      idleTimeoutMs: 0,
      signal,
    })) {
      break;
    }
  } catch (error) {
    const failure = error instanceof RequestError ? error.failure : undefined;
    const isModelWrong = failure?.kind === "unknown-model" && failure.status === 400;
    if (isModelWrong) {
      return { detail: `the key is valid, but not the model "${model}"`, httpStatus: 400 };
    }
    // An answer without a word is one all the same.
    if (failure?.kind !== "ended-early") {
      throw error;
    }
  }
  return { detail: `"${model}" answers` };
}

function describeList(models: readonly ListedModel[], model: string | undefined): string {
  const count = models.length === 1 ? "1 model" : `${models.length} models`;
  if (model === undefined) {
    return `${count} listed`;
  }
  return models.some(({ id }) => id === model)
    ? `${count} listed, "${model}" among them`
    : `${count} listed, but not "${model}"`;
}

type Judged = Omit<Exclude<Verification, { readonly state: "unchecked" }>, "checkedAt">;

function judge(failure: RequestFailure, { endpoint, keyName }: VerifyRequest): Judged {
  const { kind, status } = failure;
  const detail = describeFailure(failure, { baseUrl: endpoint.baseUrl, keyName });
  const shared = { detail, ...(status === undefined ? {} : { httpStatus: status }) };
  if (kind === "quota" || kind === "rate-limited") {
    return { ...shared, detail: `the key is valid, but ${detail}`, state: "ok" };
  }
  if (kind === "rejected") {
    return { ...shared, state: "rejected" };
  }
  return { ...shared, state: isOutage(failure) ? "unreachable" : "unverifiable" };
}
