import { type Http, send } from "../http/http.ts";
import { readText } from "../http/read-body.ts";
import { RequestError } from "../http/request-failure.ts";
import { withDeadline } from "../http/start-timer.ts";
import { isJsonObject } from "../lib/json/json-object.ts";
import { checkAnswer } from "./check-answer.ts";
import { isWebPage } from "./failures/answer-failure.ts";
import { itemsAt, textAt } from "./read-json.ts";
import { requestHeaders, wireOf } from "./request-headers.ts";
import type { ServiceEndpoint } from "./service-endpoint.ts";
import { sentSecrets } from "./service-endpoint.ts";

/** A model that an endpoint offers. */
export type ListedModel = {
  readonly id: string;
  readonly name?: string;
  /** Tokens. */
  readonly contextWindow?: number;
};

type ListOptions = {
  /** Milliseconds for all of it; 0: only `signal` ends it. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

const LONGEST_LIST = 4 * 1024 * 1024;

/**
 * The models that an endpoint lists, in its order. One request, at most 4 MiB, no second try.
 * @throws RequestError
 */
export async function listModels(
  http: Http,
  endpoint: ServiceEndpoint,
  { timeoutMs, signal }: ListOptions,
): Promise<readonly ListedModel[]> {
  const text = await getText(http, endpoint, {
    url: wireOf(endpoint).modelsUrl(endpoint.baseUrl),
    timeoutMs,
    signal,
  });
  return readList(text);
}

/**
 * What an endpoint answers to a GET with the credential.
 * @throws RequestError when it is no success
 */
export function getText(
  http: Http,
  endpoint: ServiceEndpoint,
  { url, timeoutMs, signal }: ListOptions & { readonly url: string },
): Promise<string> {
  return withDeadline(timeoutMs, signal, async (deadline) => {
    const headers = requestHeaders(endpoint, { userAgent: http.userAgent, hasBody: false });
    const secrets = sentSecrets(endpoint);
    const request = { method: "GET", url, within: endpoint.baseUrl, headers, secrets } as const;
    const answer = await send(http, request, { timeoutMs: 0, signal: deadline, isStream: true });
    await checkAnswer(answer, http, endpoint.failureRows);
    return readText(answer, LONGEST_LIST);
  });
}

/** `{data: [{id}]}` of OpenAI and Anthropic, `{models: [{name}]}` of Gemini, or a bare array. */
function readList(text: string): readonly ListedModel[] {
  const list = parse(text);
  const items = Array.isArray(list)
    ? list
    : [...itemsAt(list, ["data"]), ...itemsAt(list, ["models"])];
  const isList =
    Array.isArray(list) || (isJsonObject(list) && ("data" in list || "models" in list));
  if (!isList) {
    throw new RequestError({ kind: "not-an-api", message: "the answer is no list of models" });
  }
  const seen = new Set<string>();
  return items.flatMap(toModel).filter(({ id }) => !seen.has(id) && seen.add(id));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const message = isWebPage(text) ? "the answer is a web page" : "the answer is not JSON";
    throw new RequestError({ kind: "not-an-api", message });
  }
}

function toModel(item: unknown): ListedModel[] {
  const id = textAt(item, ["id"]) || textAt(item, ["name"]).replace(/^models\//, "");
  if (id === "" || !canChat(item)) {
    return [];
  }
  const name = textAt(item, ["display_name"]) || textAt(item, ["displayName"]);
  const size = contextWindowOf(item);
  return [
    {
      id,
      ...(name === "" || name === id ? {} : { name }),
      ...(size === undefined ? {} : { contextWindow: size }),
    },
  ];
}

/** Gemini lists models for embeddings and images as well, and says what each can do. */
function canChat(item: unknown): boolean {
  const methods = itemsAt(item, ["supportedGenerationMethods"]);
  return methods.length === 0 || methods.includes("generateContent");
}

/** vLLM, OpenRouter, Gemini and others each have a name of their own for it. */
const SIZE_FIELDS = [
  "max_model_len",
  "context_length",
  "context_window",
  "max_context_length",
  "inputTokenLimit",
  "max_input_tokens",
];

function contextWindowOf(item: unknown): number | undefined {
  const sizes = isJsonObject(item) ? SIZE_FIELDS.map((field) => item[field]) : [];
  return sizes.find((size) => typeof size === "number" && size > 0) as number | undefined;
}
