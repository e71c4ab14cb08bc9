const HIDDEN = "***";

/** Looks like a key although nobody told: `qwen auth coding-plan sk-sp-…`, a pasted log line. */
const KEY_LIKE = /\b(?:sk-[A-Za-z0-9_-]{20,}|AIza[A-Za-z0-9_-]{30,})/g;

const HEADER_NAMES = "(?:proxy-)?authorization|x-api-key|api-key|x-goog-api-key|(?:set-)?cookie";

/** Each of these names contains one of them. */
const HEADER_PARTS = ["authorization", "api-key", "cookie"];

/** `"x-api-key": "…"`, also as JSON inside a JSON string. */
const QUOTED_HEADER = new RegExp(
  `\\b((?:${HEADER_NAMES})\\\\*["']\\s*[:=]\\s*)(?:(\\\\*")[^"\\r\\n]*"?|(\\\\*')[^'\\r\\n]*'?|[^\\s,}\\]]+)`,
  "gi",
);

/** `'x-api-key: …'`, a header that is quoted as a whole: up to that quote. */
const HEADER_IN_QUOTES = new RegExp(
  `(["'])((?:${HEADER_NAMES})\\s*[:=]\\s*)(?:(?!\\1)[^\\r\\n])+`,
  "gi",
);

/** `x-api-key: …`, up to the end of the line. */
const HEADER_LINE = new RegExp(
  `\\b((?:${HEADER_NAMES})\\s*[:=](?!\\s*\\*\\*\\*)\\s*)[^\\r\\n]+`,
  "gi",
);

/** Up to the last `@` of the authority: a password may contain one. */
const URL_USER = /(:\/\/)[^\s/\\?#"']*@/g;

const URL_QUERY = /([?&](?:[\w-]*(?:key|token|secret|password))=)([^&\s"'#]+)(?=([&#])?)/gi;

/** Signs of the sentence that a URL ends, and no part of it. */
const SENTENCE = ",.;:)";

/**
 * Hides what sits where credentials sit in the words of others: what servers and programs say, the
 * text of an unexpected error. May take a whole line, so it is never applied to a sentence of ours.
 * A pattern costs more than a look for what all its matches contain: most texts have none of it.
 */
export function hideCredentials(text: string): string {
  let hidden = holdsKeyLike(text) ? text.replace(KEY_LIKE, HIDDEN) : text;
  const lower = hidden.toLowerCase();
  if (HEADER_PARTS.some((part) => lower.includes(part))) {
    hidden = hidden
      .replace(QUOTED_HEADER, `$1$2$3${HIDDEN}$2$3`)
      .replace(HEADER_IN_QUOTES, `$1$2${HIDDEN}`)
      .replace(HEADER_LINE, `$1${HIDDEN}`);
  }
  return hideInUrls(hidden);
}

/** Up to a blank or a quote. */
const WORD = /[^\s"'`]+/g;

/**
 * Hides the same in output of ours, as far as it stays within one word that is no path and no URL:
 * text of a project's that stands in a sentence must not hide the rest of it, nor a part of the
 * host or the file that the sentence names.
 */
export function hideCredentialWords(text: string): string {
  // A masked key begins like one, and stands in most of what `auth status` says.
  const hidden =
    holdsKeyLike(text) && text.search(KEY_LIKE) !== -1
      ? text.replace(WORD, (word) => (word.includes("/") ? word : word.replace(KEY_LIKE, HIDDEN)))
      : text;
  return hideInUrls(hidden);
}

function holdsKeyLike(text: string): boolean {
  return text.includes("sk-") || text.includes("AIza");
}

/** User info and the values of key-like parameters. */
function hideInUrls(text: string): string {
  const hidden = text.includes("@") ? text.replace(URL_USER, `$1${HIDDEN}@`) : text;
  return hidden.includes("?") || hidden.includes("&")
    ? hidden.replace(URL_QUERY, (_all, name: string, value: string, next?: string) =>
        next === undefined ? name + HIDDEN + signsBehind(value) : name + HIDDEN,
      )
    : hidden;
}

/** The signs at the end of a value, which may be nothing else: then they are it. */
function signsBehind(value: string): string {
  let end = value.length;
  while (end > 0 && SENTENCE.includes(value.charAt(end - 1))) {
    end -= 1;
  }
  return end === 0 ? "" : value.slice(end);
}
