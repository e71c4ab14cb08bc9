import * as v from "valibot";
import { hideSent } from "../http/hide-sent.ts";
import { RequestError } from "../http/request-failure.ts";
import { isJsonObject, type JsonObject } from "../lib/json/json-object.ts";
import { looksLikeKey } from "../secrets/looks-like-key.ts";
import { readError } from "./failures/read-error.ts";
import { isWebPage } from "./failures/web-page.ts";
import type { ListedModel } from "./listed-model.ts";
import type { PageEnd } from "./next-page.ts";
import { errorOf, saysFailed } from "./read-json.ts";
import { type ServiceEndpoint, sentSecrets } from "./service-endpoint.ts";

const Text = v.optional(v.fallback(v.string(), ""), "");
const Items = v.optional(v.fallback(v.array(v.unknown()), []), []);
/** `null` is a list of nothing, as some servers write it; anything else is no list. */
const List = v.nullish(v.array(v.unknown()));
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
    v.transform((items) => ({ items, isWritten: true, ends: {} })),
  ),
  v.pipe(
    v.record(v.string(), v.unknown()),
    v.check((list) => "data" in list || "models" in list),
    v.object({
      data: List,
      models: List,
      has_more: Flag,
      last_id: Text,
      nextPageToken: Text,
      next: Text,
    }),
    v.transform(({ data, models, has_more, last_id, nextPageToken, next }) => ({
      items: [...(data ?? []), ...(models ?? [])],
      isWritten: (data ?? models ?? undefined) !== undefined,
      ends: { hasMore: has_more === true, lastId: last_id, token: nextPageToken, next },
    })),
  ),
]);

export type ReadList = {
  readonly models: readonly ListedModel[];
  /** It has no items at all, whatever they are for. */
  readonly isEmpty: boolean;
  readonly ends: PageEnd;
};

/**
 * Understands one page of a list of models, as any service writes it.
 * @throws RequestError for what is none, and for an error that came with a success instead
 */
export async function readModelPage(text: string, endpoint: ServiceEndpoint): Promise<ReadList> {
  const value = parse(text);
  const list = v.safeParse(ListSchema, value);
  const isEmpty = !list.success || list.output.items.length === 0;
  if (isEmpty && isJsonObject(value)) {
    const isWritten = list.success && list.output.isWritten;
    await throwIfRefusal(value, { isWritten, rows: endpoint.failureRows });
  }
  if (!list.success) {
    throw new RequestError({ kind: "not-an-api", message: "the answer is no list of models" });
  }
  const { items, ends } = list.output;
  const hide = hideSent(sentKeys(endpoint));
  const models = items.flatMap((item) => toModel(item, (words) => hide(words) !== words));
  return { models, isEmpty, ends };
}

type Empty = {
  /** There is a list, of nothing. */
  readonly isWritten: boolean;
  readonly rows: ServiceEndpoint["failureRows"];
};

/** @throws RequestError where an answer without models says why */
async function throwIfRefusal(value: JsonObject, { isWritten, rows }: Empty): Promise<void> {
  const error = errorOf(value);
  const isError = error?.reason === "server-error";
  // Words beside a list, and those of a success, are no reason.
  if (!isError && !saysFailed(value) && (isWritten || saysDone(value))) {
    return;
  }
  const { words } = readError(value);
  const isTold = isError || saysFailed(value);
  if (!isTold && words === "") {
    return;
  }
  const { streamedFailure } = await import("./failures/answer-failure.ts");
  // Numbers of a framework that answers everything tell nothing of a key: its words may.
  const failure = streamedFailure({ event: isTold ? value : { message: words }, rows });
  // A reason that nobody knows is no outage.
  const isUnknown = !isError && failure.kind === "server-error";
  const code = error?.code === undefined ? {} : { code: error.code };
  throw new RequestError(
    isUnknown ? { kind: "not-an-api", message: failure.message, ...code } : failure,
  );
}

/** Frameworks number a success, too: `{"code": 200, "msg": "success", "data": null}`. */
function saysDone({ success, code }: JsonObject): boolean {
  return success === true || /^(?:0|2\d\d)$/.test(String(code));
}

/** The key that is sent, and headers that look like one: not what a gateway calls a team. */
function sentKeys(endpoint: ServiceEndpoint): readonly string[] {
  const { credential } = endpoint;
  return sentSecrets(endpoint).filter(
    (secret) => secret === credential?.value || looksLikeKey(secret),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const message = isWebPage(text) ? "the answer is a web page" : "the answer is not JSON";
    throw new RequestError({ kind: "not-an-api", message });
  }
}

/** @param isSecret whether words repeat what was sent: those are no name of a model */
function toModel(item: unknown, isSecret: (words: string) => boolean): ListedModel[] {
  const model = v.safeParse(ModelSchema, item);
  if (!model.success) {
    return [];
  }
  const { display_name, displayName, ...fields } = model.output;
  const { supportedGenerationMethods: methods } = fields;
  const id = fields.id || fields.name.replace(/^models\//, "");
  const isForChat = methods.length === 0 || methods.includes("generateContent");
  if (id === "" || !isForChat || isSecret(id)) {
    return [];
  }
  const shown = display_name || displayName;
  const name = isSecret(shown) ? "" : shown;
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
