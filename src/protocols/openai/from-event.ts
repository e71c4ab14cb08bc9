import { isJsonObject, type JsonObject, valueAt } from "../../lib/json/json-object.ts";
import type { AnswerPart, StreamReader, WireEvent } from "../chat-event.ts";
import { createAnswerChoice } from "../choose-answer.ts";
import { isFinishWord } from "../finish-word.ts";
import { readAnswer } from "../read-answer.ts";
import { itemsAt, numberAt, textAt, textOf } from "../read-json.ts";

/** A call as its parts arrive. */
type OpenCall = { id: string; name: string; arguments: string };

/** What came so far: a snapshot repeats it. */
type State = {
  readonly calls: Map<number, OpenCall>;
  hasText: boolean;
  hasReasoning: boolean;
  hasCalls: boolean;
  /** What snapshots alone have told. */
  text: string;
  reasoning: string;
};

/**
 * Reads the chunks of an OpenAI-compatible stream, or one complete answer
 * (`reference/wire-protocols.md` §2 and §4): empty `choices`, reasoning and usage wherever services
 * put them, and a `message`, which is a snapshot, beside or instead of a `delta`.
 */
export function createOpenaiReader(): StreamReader {
  const state: State = {
    calls: new Map(),
    hasText: false,
    hasReasoning: false,
    hasCalls: false,
    text: "",
    reasoning: "",
  };
  const choose = createAnswerChoice();
  return readAnswer({
    protocol: "openai",
    afterwordMs: 2000,
    openCalls: () => takeCalls(state.calls),
    read: (chunk) => {
      const choice = choose(chunk.choices);
      const events: WireEvent[] = [];
      if (choice !== undefined) {
        readDelta(objectAt(choice, "delta"), state, events);
        readMessage(objectAt(choice, "message"), state, events);
        const word = textOf(choice, "finish_reason");
        if (isFinishWord(word)) {
          events.push(...takeCalls(state.calls), { kind: "finish-word", word });
        }
      }
      const usage = usageOf(chunk, choice);
      if (usage !== undefined) {
        events.push(usage);
      }
      return events;
    },
  });
}

function objectAt(object: JsonObject | undefined, field: string): JsonObject | undefined {
  const value = object?.[field];
  return isJsonObject(value) ? value : undefined;
}

function readDelta(delta: JsonObject | undefined, state: State, events: WireEvent[]): void {
  if (delta === undefined) {
    return;
  }
  const reasoning = reasoningOf(delta);
  const text = contentOf(delta);
  if (reasoning !== "") {
    state.hasReasoning = true;
    events.push({ kind: "reasoning-delta", text: reasoning });
  }
  if (text !== "") {
    state.hasText = true;
    events.push({ kind: "text-delta", text });
  }
  if (collectCalls(delta, state.calls)) {
    state.hasCalls = true;
    events.push({ kind: "piece" });
  }
}

/** A snapshot tells what no delta has told, and what goes on after the snapshot before. */
function readMessage(message: JsonObject | undefined, state: State, events: WireEvent[]): void {
  if (message === undefined) {
    return;
  }
  const reasoning = state.hasReasoning ? "" : reasoningOf(message);
  if (reasoning !== "") {
    const text = restOf(reasoning, state.reasoning);
    state.reasoning += text;
    events.push(...(text === "" ? [] : [{ kind: "reasoning-delta", text } as const]));
  }
  const content = state.hasText ? "" : contentOf(message);
  if (content !== "") {
    const text = restOf(content, state.text);
    state.text += text;
    events.push(...(text === "" ? [] : [{ kind: "text-delta", text } as const]));
  }
  if (!state.hasCalls && collectCalls(message, state.calls)) {
    state.hasCalls = true;
    events.push({ kind: "piece" });
  }
}

/** What does not begin as the one before is no snapshot of the same answer, but more of it. */
function restOf(snapshot: string, before: string): string {
  return snapshot.startsWith(before) ? snapshot.slice(before.length) : snapshot;
}

/** The names under which services tell what a model thinks; some use two for the same text. */
function reasoningOf(part: JsonObject): string {
  const plain =
    textOf(part, "reasoning_content") ||
    textOf(part, "reasoning") ||
    textOf(part, "reasoning_text") ||
    textOf(part, "thinking");
  if (plain !== "") {
    return plain;
  }
  const { reasoning, reasoning_details: details, content } = part;
  return (
    (isJsonObject(reasoning) ? textOf(reasoning, "content") || textOf(reasoning, "text") : "") ||
    (Array.isArray(details) ? details.map(detailOf).join("") : "") ||
    (Array.isArray(content) ? content.map(thoughtOf).join("") : "")
  );
}

/** OpenRouter and MiniMax: `{type: "reasoning.text", text}`, or a summary. */
function detailOf(detail: unknown): string {
  return textAt(detail, ["text"]) || textAt(detail, ["summary"]);
}

/** Mistral: `{type: "thinking", thinking: [{type: "text", text}]}`. */
function thoughtOf(piece: unknown): string {
  return itemsAt(piece, ["thinking"])
    .map((item) => textAt(item, ["text"]))
    .join("");
}

/** A text, parts of one, or what the model says instead of an answer. */
function contentOf(part: JsonObject): string {
  const content = part.content;
  if (Array.isArray(content)) {
    return content.map((piece) => textAt(piece, ["text"])).join("");
  }
  return (typeof content === "string" ? content : "") || textOf(part, "refusal");
}

/** Where the calls of old servers stand among the others. */
const LEGACY_CALL = -1;

/** Whether a part of a call was in it. */
function collectCalls(part: JsonObject, calls: Map<number, OpenCall>): boolean {
  const { tool_calls: items, function_call: legacy } = part;
  if (items === undefined && legacy === undefined) {
    return false;
  }
  const list: readonly unknown[] = Array.isArray(items) ? items : [];
  for (const [position, item] of list.entries()) {
    const id = textAt(item, ["id"]);
    const place = list.length > 1 ? position : placeOf(calls, id);
    const index = isJsonObject(item) && typeof item.index === "number" ? item.index : place;
    addToCall(calls, index, { id, part: valueAt(item, ["function"]) });
  }
  if (isJsonObject(legacy)) {
    addToCall(calls, LEGACY_CALL, { id: "", part: legacy });
  }
  return list.length > 0 || isJsonObject(legacy);
}

/** Where a part belongs that does not say it: to the last call, unless it has another id. */
function placeOf(calls: ReadonlyMap<number, OpenCall>, id: string): number {
  const last = calls.get(calls.size - 1);
  const isSame = last !== undefined && (id === "" || last.id === "" || last.id === id);
  return isSame ? calls.size - 1 : calls.size;
}

type CallPart = { readonly id: string; readonly part: unknown };

function addToCall(calls: Map<number, OpenCall>, index: number, { id, part }: CallPart): void {
  const call = calls.get(index) ?? { id: "", name: "", arguments: "" };
  call.id ||= id;
  call.name ||= textAt(part, ["name"]);
  call.arguments += textAt(part, ["arguments"]);
  calls.set(index, call);
}

function takeCalls(calls: Map<number, OpenCall>): AnswerPart[] {
  if (calls.size === 0) {
    return [];
  }
  const taken = [...calls].sort(([left], [right]) => left - right);
  calls.clear();
  return taken.map(([, { id, ...call }]) => ({
    kind: "tool-call",
    ...(id === "" ? {} : { id }),
    ...call,
  }));
}

/**
 * The counts of an event: of its own, of the choice (Moonshot), or of Groq; some gateways leave them
 * Anthropic's names. What counts no token,
 * as MiniMax does that counts characters, and as others repeat it at the end, is none.
 */
function usageOf(chunk: JsonObject, choice: JsonObject | undefined): AnswerPart | undefined {
  const usage =
    objectAt(chunk, "usage") ??
    objectAt(choice, "usage") ??
    objectAt(objectAt(chunk, "x_groq"), "usage");
  if (usage === undefined) {
    return undefined;
  }
  const inputTokens = numberAt(usage, ["prompt_tokens"]) || numberAt(usage, ["input_tokens"]);
  const outputTokens = numberAt(usage, ["completion_tokens"]) || numberAt(usage, ["output_tokens"]);
  if (inputTokens === 0 && outputTokens === 0) {
    return undefined;
  }
  const cached =
    numberAt(usage, ["prompt_tokens_details", "cached_tokens"]) ||
    numberAt(usage, ["cached_tokens"]) ||
    numberAt(usage, ["prompt_cache_hit_tokens"]);
  const reasoning = numberAt(usage, ["completion_tokens_details", "reasoning_tokens"]);
  return {
    kind: "usage",
    usage: {
      inputTokens,
      outputTokens,
      ...(cached === 0 ? {} : { cachedInputTokens: cached }),
      ...(reasoning === 0 ? {} : { reasoningTokens: reasoning }),
    },
  };
}
