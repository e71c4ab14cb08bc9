import { isJsonObject, type JsonObject, valueAt } from "../../lib/json/json-object.ts";
import { parseJson } from "../../lib/json/parse-json.ts";

/** What a service says of an error, wherever in the body it stands. */
export type SaidError = {
  /** Its words; empty where it gives none. */
  readonly words: string;
  /** Every code, type, status and reason that it names, the outermost first. */
  readonly codes: readonly string[];
  /** Milliseconds that it asks to wait. */
  readonly retryAfterMs?: number;
};

/** No service nests its reason deeper; what is deeper is somebody's attempt to keep us busy. */
const DEEPEST = 6;

/**
 * The reason that the body of an error gives: `{error: {message}}`, `{error: "…"}`, `[{error}]`,
 * `{errors: […]}`, `{detail: [{msg}]}`, `{message: {detail}}`, `{base_resp}`, the body itself, and
 * what OpenRouter passes on of the service behind it (`reference/wire-protocols.md` §2 and §4).
 */
export function readError(body: unknown): SaidError {
  const retryAfterMs = retryInfo(body, 0);
  return {
    words: wordsIn(body, 0).replace(/\s+/g, " ").trim(),
    codes: [...new Set(codesIn(body, 0))],
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Fields that hold an error, or its words; those that hold one go first. */
const CONTAINERS = ["error", "errors", "base_resp"];
const TEXTS = [
  "message",
  "msg",
  "detail",
  "details",
  "status_msg",
  "error_msg",
  "error_message",
  "errmsg",
];

function wordsIn(value: unknown, depth: number): string {
  if (typeof value === "string") {
    return unwrapped(value, depth);
  }
  if (depth > DEEPEST) {
    return "";
  }
  if (Array.isArray(value)) {
    return firstText(value, (item) => wordsIn(item, depth + 1));
  }
  return isJsonObject(value) ? wordsOfObject(value, depth) : "";
}

function wordsOfObject(object: JsonObject, depth: number): string {
  const containers = CONTAINERS.filter((name) => !isCode(object[name]));
  const said = firstText([...containers, ...TEXTS], (name) => wordsIn(object[name], depth + 1));
  const passedOn = wordsIn(valueAt(object, ["metadata", "raw"]), depth + 1);
  if (passedOn !== "" && (said === "" || /^provider returned error\.?$/i.test(said))) {
    return passedOn;
  }
  // A code alone is better than nothing: `{"error": "invalid_token"}`.
  const code = object.error;
  return said === "" && typeof code === "string" ? code : said;
}

function firstText<Item>(items: readonly Item[], read: (item: Item) => string): string {
  for (const item of items) {
    const text = read(item);
    if (text.trim() !== "") {
      return text;
    }
  }
  return "";
}

/** Gateways put the whole answer of the service behind them into a text. */
function unwrapped(text: string, depth: number): string {
  if (!/^\s*[{[]/.test(text) || depth > DEEPEST) {
    return text;
  }
  const inner = parseJson(text);
  return (inner === undefined ? "" : wordsIn(inner, depth + 1)) || text;
}

const CODES = ["code", "status", "type", "reason", "status_code", "error_code", "quotaId", "error"];
const HOLDERS = [...CONTAINERS, "detail", "details", "message", "violations", "innererror"];

function codesIn(value: unknown, depth: number): string[] {
  if (depth > DEEPEST) {
    return [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item) => codesIn(item, depth + 1));
  }
  if (!isJsonObject(value)) {
    return [];
  }
  const own = CODES.map((name) => value[name]).filter(isCode);
  const inner = HOLDERS.flatMap((name) => codesIn(value[name], depth + 1));
  return [...own.map(String), ...inner];
}

/** A word or a number that is no sentence, and not the `type` that every error has. */
function isCode(value: unknown): value is string | number {
  return typeof value === "string"
    ? /^[\w.:-]+$/.test(value) && value !== "error"
    : typeof value === "number" && value !== 0;
}

/** Gemini says in the body how long to wait: `"retryDelay": "34s"`. */
function retryInfo(value: unknown, depth: number): number | undefined {
  if (depth > DEEPEST || typeof value !== "object" || value === null) {
    return undefined;
  }
  const delay = valueAt(value, ["retryDelay"]);
  const seconds =
    typeof delay === "string" && /^\d+(\.\d+)?s$/.test(delay) ? Number.parseFloat(delay) : 0;
  if (seconds > 0) {
    return seconds * 1000;
  }
  const inner = Array.isArray(value)
    ? value
    : ["error", "details"].map((name) => valueAt(value, [name]));
  return inner.map((item) => retryInfo(item, depth + 1)).find((found) => found !== undefined);
}
