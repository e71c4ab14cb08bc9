import * as v from "valibot";
import { type Http, send } from "../http/http.ts";
import { readText } from "../http/read-body.ts";
import { RequestError } from "../http/request-failure.ts";
import { withDeadline } from "../http/start-timer.ts";
import { checkAnswer } from "./check-answer.ts";
import { isWebPage } from "./failures/answer-failure.ts";
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

const Text = v.optional(v.fallback(v.string(), ""), "");
const Items = v.optional(v.fallback(v.array(v.unknown()), []), []);
const Tokens = v.optional(
  v.fallback(v.union([v.pipe(v.number(), v.gtValue(0)), v.undefined()]), undefined),
);

/** One of a list, as any service has it: a field of another type counts as absent. */
const ModelSchema = v.object({
  id: Text,
  name: Text,
  display_name: Text,
  displayName: Text,
  /** Gemini lists models for embeddings and images as well, and says what each can do. */
  supportedGenerationMethods: Items,
  // vLLM, OpenRouter, Gemini and others each have a name of their own for the context window.
  max_model_len: Tokens,
  context_length: Tokens,
  context_window: Tokens,
  max_context_length: Tokens,
  inputTokenLimit: Tokens,
  max_input_tokens: Tokens,
});

/** `{data: [{id}]}` of OpenAI and Anthropic, `{models: [{name}]}` of Gemini, or a bare array. */
const ListSchema = v.union([
  v.array(v.unknown()),
  v.pipe(
    v.record(v.string(), v.unknown()),
    v.check((list) => "data" in list || "models" in list),
    v.object({ data: Items, models: Items }),
    v.transform(({ data, models }) => [...data, ...models]),
  ),
]);

function readList(text: string): readonly ListedModel[] {
  const list = v.safeParse(ListSchema, parse(text));
  if (!list.success) {
    throw new RequestError({ kind: "not-an-api", message: "the answer is no list of models" });
  }
  const seen = new Set<string>();
  return list.output.flatMap(toModel).filter(({ id }) => !seen.has(id) && seen.add(id));
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
  const model = v.safeParse(ModelSchema, item);
  if (!model.success) {
    return [];
  }
  const {
    display_name,
    displayName,
    supportedGenerationMethods: methods,
    ...fields
  } = model.output;
  const id = fields.id || fields.name.replace(/^models\//, "");
  const canChat = methods.length === 0 || methods.includes("generateContent");
  if (id === "" || !canChat) {
    return [];
  }
  const name = display_name || displayName;
  const size = contextWindowOf(fields);
  return [
    {
      id,
      ...(name === "" || name === id ? {} : { name }),
      ...(size === undefined ? {} : { contextWindow: size }),
    },
  ];
}

function contextWindowOf(sizes: Partial<v.InferOutput<typeof ModelSchema>>): number | undefined {
  return (
    sizes.max_model_len ??
    sizes.context_length ??
    sizes.context_window ??
    sizes.max_context_length ??
    sizes.inputTokenLimit ??
    sizes.max_input_tokens
  );
}
