import * as v from "valibot";
import { type Http, send } from "../http/http.ts";
import { readText } from "../http/read-body.ts";
import { RequestError } from "../http/request-failure.ts";
import { withDeadline } from "../http/start-timer.ts";
import { isJsonObject } from "../lib/json/json-object.ts";
import { checkAnswer } from "./check-answer.ts";
import { isWebPage } from "./failures/web-page.ts";
import { atPage, type Cursor, type NextPage, nextPage, type PageEnd } from "./next-page.ts";
import { errorOf } from "./read-json.ts";
import { requestHeaders, wireOf } from "./request-headers.ts";
import type { ServiceEndpoint } from "./service-endpoint.ts";
import { sentSecrets } from "./service-endpoint.ts";

/** A model that an endpoint offers. */
export type ListedModel = {
  readonly id: string;
  readonly name?: string;
  /** Tokens. */
  readonly contextWindow?: number;
  /** `false`: the list says that it is for something else, such as embeddings. */
  readonly canChat?: false;
};

/** What an endpoint lists. */
export type ModelList = {
  readonly models: readonly ListedModel[];
  /** The service has more that could not be read: what is missing here may be there. */
  readonly isPartial: boolean;
};

type ListOptions = {
  /** Milliseconds for all of it; 0: only `signal` ends it. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
};

/** Bytes of all pages. */
const LONGEST_LIST = 4 * 1024 * 1024;
const MOST_PAGES = 20;

/**
 * The models that an endpoint lists, in its order: at most 20 pages and 4 MiB, no second try.
 * @throws RequestError
 */
export async function listModels(
  http: Http,
  endpoint: ServiceEndpoint,
  options: ListOptions,
): Promise<readonly ListedModel[]> {
  return (await readModelList(http, endpoint, options)).models;
}

/**
 * The same, with whether it is all. Further pages are followed within the endpoint that was paired,
 * as long as each of them brings something; where one cannot be had, the list is a part.
 * @throws RequestError when there is no first page
 */
export function readModelList(
  http: Http,
  endpoint: ServiceEndpoint,
  { timeoutMs, signal }: ListOptions,
): Promise<ModelList> {
  return withDeadline(timeoutMs, signal, async (deadline) => {
    const seen = new Set<string>();
    const models: ListedModel[] = [];
    const asked = new Set<string>();
    let room = LONGEST_LIST;
    let cursor: Cursor = new Map();
    for (;;) {
      const url = atPage(wireOf(endpoint).modelsUrl(endpoint.baseUrl), cursor);
      const isOver = asked.has(url) || asked.size === MOST_PAGES;
      asked.add(url);
      const request = { url, cursor, room, signal: deadline };
      const page = isOver ? undefined : await pageAt(http, endpoint, request);
      const news = page?.models.filter(({ id }) => !seen.has(id) && seen.add(id)) ?? [];
      models.push(...news);
      if (page === undefined || page.next.kind !== "page" || isStuck(page, news)) {
        return { models, isPartial: page?.next.kind !== "none" };
      }
      room -= page.bytes;
      cursor = page.next.cursor;
    }
  });
}

type Page = {
  readonly models: readonly ListedModel[];
  /** It has no items at all, whatever they are for. */
  readonly isEmpty: boolean;
  readonly bytes: number;
  readonly next: NextPage;
};

/** Whether going on would bring the same again. */
function isStuck({ isEmpty, models }: Page, news: readonly ListedModel[]): boolean {
  return isEmpty || (models.length > 0 && news.length === 0);
}

type PageRequest = {
  readonly url: string;
  readonly cursor: Cursor;
  readonly signal: AbortSignal;
  /** Bytes that it may have. */
  readonly room: number;
};

/** @returns `undefined` for a further page that cannot be had. @throws RequestError for the first */
async function pageAt(
  http: Http,
  endpoint: ServiceEndpoint,
  { url, cursor, signal, room }: PageRequest,
): Promise<Page | undefined> {
  try {
    const within = atPage(endpoint.baseUrl, cursor);
    const options = { url, within, timeoutMs: 0, signal, maxBytes: room };
    const text = await getText(http, endpoint, options);
    const { models, ends, isEmpty } = await readList(text, endpoint);
    const { protocol, baseUrl } = endpoint;
    const first = wireOf(endpoint).modelsUrl(baseUrl);
    const next = nextPage(ends, { url: first, protocol, last: models.at(-1)?.id });
    return { models, isEmpty, bytes: Buffer.byteLength(text), next };
  } catch (error) {
    if (error instanceof RequestError && cursor.size > 0) {
      return undefined;
    }
    throw error;
  }
}

type TextOptions = ListOptions & {
  readonly url: string;
  /** The endpoint, with the page that is wanted of it. */
  readonly within?: string;
  readonly maxBytes?: number;
};

/**
 * What an endpoint answers to a GET with the credential.
 * @throws RequestError when it is no success
 */
export function getText(
  http: Http,
  endpoint: ServiceEndpoint,
  { url, within = endpoint.baseUrl, timeoutMs, signal, maxBytes = LONGEST_LIST }: TextOptions,
): Promise<string> {
  return withDeadline(timeoutMs, signal, async (deadline) => {
    const headers = requestHeaders(endpoint, { userAgent: http.userAgent, hasBody: false });
    const secrets = sentSecrets(endpoint);
    const request = { method: "GET", url, within, headers, secrets } as const;
    const answer = await send(http, request, { timeoutMs: 0, signal: deadline, isStream: true });
    await checkAnswer(answer, http, endpoint.failureRows);
    return readText(answer, maxBytes);
  });
}

const Text = v.optional(v.fallback(v.string(), ""), "");
const Items = v.optional(v.fallback(v.array(v.unknown()), []), []);
const Tokens = v.optional(
  v.fallback(
    v.union([v.pipe(v.number(), v.safeInteger(), v.gtValue(0)), v.undefined()]),
    undefined,
  ),
);
const Flag = v.optional(v.fallback(v.union([v.boolean(), v.undefined()]), undefined));

function part<Entries extends v.ObjectEntries>(entries: Entries) {
  const Part = v.object(entries);
  return v.optional(v.fallback(v.union([Part, v.undefined()]), undefined));
}

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
  top_provider: part({ context_length: Tokens }),
  limits: part({ max_input_tokens: Tokens }),
  // What a model is for: Together and LM Studio, GitHub, OpenRouter, Mistral, Fireworks.
  type: Text,
  task: Text,
  architecture: part({ output_modalities: Items }),
  capabilities: part({ completion_chat: Flag }),
  supports_chat: Flag,
});

/** `{data: [{id}]}` of OpenAI and Anthropic, `{models: [{name}]}` of Gemini, or a bare array. */
const ListSchema = v.union([
  v.pipe(
    v.array(v.unknown()),
    v.transform((items) => ({ items, ends: {} })),
  ),
  v.pipe(
    v.record(v.string(), v.unknown()),
    v.check((list) => "data" in list || "models" in list),
    v.object({
      data: Items,
      models: Items,
      has_more: Flag,
      last_id: Text,
      nextPageToken: Text,
      next: Text,
    }),
    v.transform(({ data, models, has_more, last_id, nextPageToken, next }) => ({
      items: [...data, ...models],
      ends: { hasMore: has_more === true, lastId: last_id, token: nextPageToken, next },
    })),
  ),
]);

type ReadList = Pick<Page, "models" | "isEmpty"> & { readonly ends: PageEnd };

/** @throws RequestError for what is none, and for an error that came with a success instead */
async function readList(text: string, { failureRows }: ServiceEndpoint): Promise<ReadList> {
  const value = parse(text);
  const list = v.safeParse(ListSchema, value);
  const isEmpty = !list.success || list.output.items.length === 0;
  if (isEmpty && isJsonObject(value) && errorOf(value)?.reason === "server-error") {
    const { streamedFailure } = await import("./failures/answer-failure.ts");
    throw new RequestError(streamedFailure({ event: value, rows: failureRows }));
  }
  if (!list.success) {
    throw new RequestError({ kind: "not-an-api", message: "the answer is no list of models" });
  }
  const { items, ends } = list.output;
  return { models: items.flatMap(toModel), isEmpty, ends };
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
  const { display_name, displayName, ...fields } = model.output;
  const { supportedGenerationMethods: methods } = fields;
  const id = fields.id || fields.name.replace(/^models\//, "");
  if (id === "" || (methods.length > 0 && !methods.includes("generateContent"))) {
    return [];
  }
  const name = display_name || displayName;
  const size = contextWindowOf(fields);
  return [
    {
      id,
      ...(name === "" || name === id ? {} : { name }),
      ...(size === undefined ? {} : { contextWindow: size }),
      ...(isForOthers(fields) ? { canChat: false } : {}),
    },
  ];
}

type Fields = Omit<v.InferOutput<typeof ModelSchema>, "display_name" | "displayName">;

/** What `type` and `task` say of models that answer no chat. */
const OTHER_TYPES = /embed|rerank|image|audio|video|moderation|speech|transcri|classif/i;

/** Whether the list itself says that a model writes no text in a chat. */
function isForOthers({ type, task, architecture, capabilities, supports_chat }: Fields): boolean {
  const { output_modalities: output = [] } = architecture ?? {};
  return (
    OTHER_TYPES.test(type) ||
    (task !== "" && OTHER_TYPES.test(task)) ||
    (output.length > 0 && !output.includes("text")) ||
    capabilities?.completion_chat === false ||
    supports_chat === false
  );
}

function contextWindowOf(sizes: Fields): number | undefined {
  return (
    sizes.max_model_len ??
    sizes.context_length ??
    sizes.context_window ??
    sizes.max_context_length ??
    sizes.inputTokenLimit ??
    sizes.max_input_tokens ??
    sizes.top_provider?.context_length ??
    sizes.limits?.max_input_tokens
  );
}
