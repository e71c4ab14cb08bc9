import type { Http } from "../../http/http.ts";
import { isOutage, RequestError, type RequestFailure } from "../../http/request-failure.ts";
import { withDeadline } from "../../http/start-timer.ts";
import { isPrivateHost } from "../../lib/endpoint-url.ts";
import { getText, listModels } from "../../protocols/list-models.ts";
import type { ListedModel } from "../../protocols/listed-model.ts";
import { openaiUrl } from "../../protocols/request-url.ts";
import type { ServiceEndpoint } from "../../protocols/service-endpoint.ts";
import type { KeyName } from "../describe-key.ts";
import { isAzure } from "../providers/azure-endpoints.ts";
import { providerOf } from "../providers/catalogue.ts";
import { failureRowsAt } from "../providers/failure-rows.ts";
import { keyHeaderAt } from "../providers/key-header.ts";
import { askForToken } from "./ask-for-token.ts";
import { findWorkingUrl } from "./find-working-url.ts";
import { chatModels, describeList, hasModel } from "./listed-models.ts";
import { describeFailure } from "./request-problem.ts";
import type { Verification } from "./verification.ts";

export type VerifyRequest = {
  readonly endpoint: ServiceEndpoint;
  /** The model that would be used: what is asked where the endpoint has no list. */
  readonly model: string | undefined;
  readonly keyName: KeyName;
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
  const checkedAt = new Date(http.now()).toISOString();
  const { baseUrl } = request.endpoint;
  const endpoint = {
    ...request.endpoint,
    failureRows: failureRowsAt(baseUrl),
    keyHeader: keyHeaderAt(baseUrl),
  };
  try {
    const found = await withDeadline(deadlineMs, undefined, (signal) =>
      check(http, { ...request, endpoint }, signal),
    );
    return { ...found, checkedAt };
  } catch (error) {
    if (!(error instanceof RequestError)) {
      throw error;
    }
    return { ...judge(error.failure, request), checkedAt };
  }
}

type Finding = Omit<Exclude<Verification, { readonly state: "unchecked" }>, "checkedAt">;

/** @throws RequestError when the key is not proven */
async function check(http: Http, request: VerifyRequest, signal: AbortSignal): Promise<Finding> {
  const { endpoint } = request;
  const path = providerOf(endpoint.baseUrl, endpoint.protocol)?.provider.keyCheckPath;
  if (path !== undefined) {
    const url = openaiUrl(endpoint.baseUrl, path);
    await getText(http, endpoint, { url, timeoutMs: 0, signal });
    return provenByKey(http, request, signal);
  }
  const list = await readList(http, endpoint, signal);
  if (isList(list) && (await isProof(http, request, { models: list, signal }))) {
    return provenBy(list, request.model);
  }
  return askModel(http, request, { list, signal });
}

/** A key that is proven; what the public list says of the model is told where it can be had. */
async function provenByKey(
  http: Http,
  { endpoint, model }: VerifyRequest,
  signal: AbortSignal,
): Promise<Finding> {
  const proven: Finding = { state: "ok", httpStatus: 200, detail: "the key is valid" };
  try {
    const models = await listModels(http, endpoint, { timeoutMs: 0, signal });
    const listed = provenBy(models, model);
    return { ...listed, detail: `${proven.detail}; ${listed.detail}` };
  } catch (error) {
    if (error instanceof RequestError) {
      return proven;
    }
    throw error;
  }
}

/** A list, or why there is none to be read. */
type List = readonly ListedModel[] | RequestFailure;

function isList(list: List): list is readonly ListedModel[] {
  return Array.isArray(list);
}

/** @throws RequestError for a failure that tells of the key, or that nothing can be told */
async function readList(http: Http, endpoint: ServiceEndpoint, signal: AbortSignal): Promise<List> {
  try {
    return await listModels(http, endpoint, { timeoutMs: 0, signal });
  } catch (error) {
    if (error instanceof RequestError && isUntold(error.failure)) {
      return error.failure;
    }
    throw error;
  }
}

/** There is no list, or this key may not read it: then a model has to tell. */
function isUntold({ kind, status }: RequestFailure): boolean {
  return (
    kind === "not-an-api" ||
    kind === "not-found" ||
    [404, 405, 501].includes(status ?? 0) ||
    (status === 403 && kind !== "rejected" && kind !== "quota" && kind !== "window")
  );
}

type ReadList = { readonly models: readonly ListedModel[]; readonly signal: AbortSignal };

/** Whether a list that could be read proves key and model. */
async function isProof(
  http: Http,
  { endpoint, model }: VerifyRequest,
  { models, signal }: ReadList,
): Promise<boolean> {
  // Azure lists models, but is asked for the deployments of them, which have names of their own.
  if (isAzure(endpoint.baseUrl) && model !== undefined && !hasModel(models, model)) {
    return false;
  }
  return !(await isPublicList(http, endpoint, signal));
}

/** Whether anybody may read the list, as far as can be told: then it proves nothing. */
async function isPublicList(
  http: Http,
  { baseUrl, protocol, credential, failureRows }: ServiceEndpoint,
  signal: AbortSignal,
): Promise<boolean> {
  if (credential === undefined || isPrivateHost(new URL(baseUrl).hostname)) {
    return false;
  }
  const rows = failureRows === undefined ? {} : { failureRows };
  const anonymous = { protocol, baseUrl, credential: undefined, customHeaders: {}, ...rows };
  try {
    await listModels(http, anonymous, { timeoutMs: 0, signal });
    return true;
  } catch (error) {
    if (error instanceof RequestError) {
      // Any other failure leaves open who may read the list.
      return error.failure.kind !== "rejected" && error.failure.kind !== "forbidden";
    }
    throw error;
  }
}

function provenBy(models: readonly ListedModel[], model: string | undefined): Finding {
  return {
    state: "ok",
    httpStatus: 200,
    detail: describeList(models, model),
    ...(model === undefined ? {} : { modelListed: hasModel(models, model) }),
    models,
  };
}

type UnprovenList = { readonly list: List; readonly signal: AbortSignal };

/** @throws RequestError when one token of an answer does not prove the key either */
async function askModel(
  http: Http,
  request: VerifyRequest,
  { list, signal }: UnprovenList,
): Promise<Finding> {
  const { endpoint } = request;
  const refusal = isList(list) ? undefined : list;
  const model = request.model ?? (isList(list) ? chatModels(list)[0]?.id : undefined);
  if (model === undefined) {
    return missed(http, request, { failure: refusal ?? NOBODY_TO_ASK, signal });
  }
  const failure = await askForToken(http, endpoint, { model, signal });
  const models = isList(list) ? { models: list } : {};
  if (failure === undefined) {
    return { state: "ok", httpStatus: 200, detail: `"${model}" answers`, ...models };
  }
  return failure.kind === "forbidden" && refusal?.kind === "forbidden"
    ? // Neither the list nor a model: what both refuse is the key.
      { ...judge({ ...failure, kind: "rejected" }, request), ...models }
    : { ...(await missed(http, { ...request, model }, { failure, signal })), ...models };
}

const NOBODY_TO_ASK: RequestFailure = {
  kind: "not-found",
  message: "there is no list of models that wants a key, and no model to ask",
};

type MissedList = { readonly failure: RequestFailure; readonly signal: AbortSignal };

/** What a failure tells; where nothing is at the base URL, what is at the one that was meant. */
async function missed(
  http: Http,
  request: VerifyRequest,
  { failure, signal }: MissedList,
): Promise<Finding> {
  const isNowhere = failure.kind === "not-found" || failure.kind === "not-an-api";
  const meant = isNowhere ? await findWorkingUrl(http, request.endpoint, signal) : undefined;
  const found = judge(failure, request);
  return meant === undefined
    ? found
    : { ...found, detail: `${found.detail}; ${meant} answers`, workingBaseUrl: meant };
}

function judge(failure: RequestFailure, { endpoint, model, keyName }: VerifyRequest): Finding {
  const { kind, status } = failure;
  const detail = describeFailure(failure, { baseUrl: endpoint.baseUrl, keyName });
  const shared = { detail, ...(status === undefined ? {} : { httpStatus: status }) };
  switch (kind) {
    case "quota":
    case "window":
    case "rate-limited":
      return { ...shared, detail: `the key is valid, but ${detail}`, state: "ok" };
    case "unknown-model":
      return {
        ...shared,
        detail: `the key is valid, but not the model "${model}"`,
        state: "ok",
        modelListed: false,
      };
    case "model-not-allowed":
      return {
        ...shared,
        detail: `the key is valid, but not for the model "${model}"`,
        state: "ok",
        modelListed: false,
      };
    case "rejected":
      return { ...shared, state: "rejected" };
    default:
      return { ...shared, state: isOutage(failure) ? "unreachable" : "unverifiable" };
  }
}
