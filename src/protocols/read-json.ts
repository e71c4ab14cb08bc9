import { isJsonObject, type JsonObject, valueAt } from "../lib/json/json-object.ts";
import { parseJson } from "../lib/json/parse-json.ts";
import type { StreamFailure } from "./chat-event.ts";

const BRACE = 123;

/** Data that are no event: keep-alives of gateways, and what they make of comments. */
const NOTHING: ReadonlySet<string> = new Set([
  "",
  "null",
  "ping",
  '"ping"',
  "{}",
  "[]",
  // The rest of an array whose pieces were made events.
  "[",
  "]",
  ",",
]);

export function carriesNothing(data: string): boolean {
  if (data.charCodeAt(0) === BRACE && data.length > 2) {
    return false;
  }
  const text = data.trim();
  return text.startsWith(":") || NOTHING.has(text);
}

/** OpenAI's mark that nothing follows, which gateways put into other protocols, too. */
export function isDone(data: string): boolean {
  return data.charCodeAt(0) !== BRACE && /^\s*"?(?:\[DONE\]|DONE"?\s*$)/i.test(data);
}

/** Whether data that cannot be parsed were meant to be an event, and not words, as `[PING]` is. */
export function looksLikeJson(data: string): boolean {
  return /^\s*(?:\{|\[\s*[{["])/.test(data);
}

/**
 * The event in data; relays hand on Gemini's array whole, or each piece of it as an event, commas and
 * brackets included. `undefined`: there are no JSON objects.
 */
export function eventIn(data: string): JsonObject | readonly JsonObject[] | undefined {
  const value = parseJson(data) ?? parseJson(data.replace(/^\s*[[,]|[\],]\s*$/g, ""));
  return isJsonObject(value) || (Array.isArray(value) && value.every(isJsonObject))
    ? value
    : undefined;
}

/** What a table of words has for one of them. */
export function lookUp<Value>(
  table: Readonly<Record<string, Value>>,
  word: string,
): Value | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

/** The text at a path; empty where there is none. */
export function textAt(value: unknown, path: readonly (string | number)[]): string {
  const found = valueAt(value, path);
  return typeof found === "string" ? found : "";
}

/** The text of one field; empty where there is none. For what is read a million times. */
export function textOf(value: JsonObject | undefined, field: string): string {
  const found = value?.[field];
  return typeof found === "string" ? found : "";
}

/** The number at a path; zero where there is none. */
export function numberAt(value: unknown, path: readonly (string | number)[]): number {
  const found = valueAt(value, path);
  return typeof found === "number" ? found : 0;
}

/** The items at a path; none where there is no array. */
export function itemsAt(value: unknown, path: readonly (string | number)[]): readonly unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

/**
 * The error that a server put into an event: an object, a string, or, as vLLM, DashScope, Z.AI and
 * MiniMax do, the event itself.
 */
export function errorOf(event: JsonObject): StreamFailure | undefined {
  const failure = findError(event);
  return failure && { ...failure, event };
}

function findError(event: JsonObject): StreamFailure | undefined {
  const { error, object, type } = event;
  if (typeof error === "string" && error !== "") {
    return toFailure({ message: error });
  }
  if (typeof error === "object" && error !== null && Object.values(error).some(Boolean)) {
    return toFailure(error);
  }
  return object === "error" || type === "error"
    ? toFailure(event)
    : (errorInstead(event) ?? errorOfMinimax(event));
}

/** Whether an envelope says of itself that it is no success. */
export function saysFailed({ success, status }: JsonObject): boolean {
  return success === false || success === "false" || status === "error" || status === "fail";
}

/**
 * A code and words about it in place of an answer; some name a code, 0, in every answer. A number
 * is the code of a web framework, which tells nothing of a key, but for a refusal that says so.
 */
function errorInstead(event: JsonObject): StreamFailure | undefined {
  const { code, type, choices, candidates } = event;
  const isAnswer = (choices ?? candidates ?? type) !== undefined;
  const isCode =
    (typeof code === "number" && code !== 0) || (typeof code === "string" && code !== "");
  const hasWords = textOf(event, "message") !== "" || textOf(event, "msg") !== "";
  if (isAnswer || !((isCode && hasWords) || saysFailed(event))) {
    return undefined;
  }
  const isNumber = isCode && Number.isFinite(Number(code));
  const isRefusal = saysFailed(event) && (Number(code) === 401 || Number(code) === 403);
  return { ...toFailure(event), reason: isNumber && !isRefusal ? "not-an-api" : "server-error" };
}

function errorOfMinimax({ base_resp }: JsonObject): StreamFailure | undefined {
  const code = numberAt(base_resp, ["status_code"]);
  return code === 0 ? undefined : toFailure({ code, message: textAt(base_resp, ["status_msg"]) });
}

function toFailure(error: unknown): StreamFailure {
  const code = valueAt(error, ["code"]) ?? valueAt(error, ["status"]);
  const name = typeof code === "string" || typeof code === "number" ? code : undefined;
  const type = textAt(error, ["type"]);
  return {
    kind: "failure",
    reason: "server-error",
    message:
      textAt(error, ["message"]) ||
      textAt(error, ["msg"]) ||
      "the server reported an error without a message",
    ...(name === undefined && type === "" ? {} : { code: String(name ?? type) }),
  };
}
