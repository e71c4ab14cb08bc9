/** Collects secrets and removes them from text. One per process, at the sinks. */
export type Redactor = {
  /** Makes `secret` known; shorter ones than 8 characters are no secrets. */
  readonly add: (secret: string) => void;
  /** Returns `text` without any known secret, credential header or credential in a URL. */
  readonly redact: (text: string) => string;
  /** Only the known secrets: what looks like a credential may be an example in an answer. */
  readonly hideSecrets: (text: string) => string;
};

const SHORTEST_SECRET = 8;
const HIDDEN = "***";

/** Looks like a key although nobody told: `qwen auth coding-plan sk-sp-…`, a pasted log line. */
const KEY_LIKE = /\b(?:sk-[A-Za-z0-9_-]{20,}|AIza[A-Za-z0-9_-]{30,})/g;

const HEADER_NAMES = "(?:proxy-)?authorization|x-api-key|api-key|x-goog-api-key|(?:set-)?cookie";

/** Each of these names contains one of them. */
const HEADER_PARTS = ["authorization", "api-key", "cookie"];

/** `"x-api-key": "…"`, also as JSON inside a JSON string. */
const QUOTED_HEADER = new RegExp(
  `\\b((?:${HEADER_NAMES})\\\\*["']\\s*[:=]\\s*)(?:(\\\\*["'])[^\\r\\n]*?\\2|[^\\s,}\\]]+)`,
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

const WHOLE_HEADER_NAME = new RegExp(`^(?:${HEADER_NAMES})$`, "i");

/** Up to the last `@` of the authority: a password may contain one. */
const URL_USER = /(:\/\/)[^\s/?#"']*@/g;

const URL_QUERY = /([?&](?:[\w-]*(?:key|token|secret|password))=)[^&\s"'#]+/gi;

/**
 * Replaces every known secret, however it is written: plain, URL-encoded, JSON-escaped (each in the
 * ways of different servers), in hexadecimal digits, or as the whole of a base64 string; and what sits where credentials sit (`spec/trust-and-secrets.md`).
 */
export function createRedactor(): Redactor {
  const spellings = new Set<string>();
  return {
    add: (secret) => {
      if (secret.length >= SHORTEST_SECRET) {
        for (const spelling of spell(secret)) {
          spellings.add(spelling);
        }
      }
    },
    redact: (text) => {
      const hide = (part: string): string => hideCredentials(hideSpellings(part, spellings));
      const hidden = hide(text);
      return hidden === text || isJson(hidden) ? hidden : (redactJson(text, hide) ?? hidden);
    },
    hideSecrets: (text) => hideSpellings(text, spellings),
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A JSON document that would be none any more is redacted value by value. */
function redactJson(text: string, hide: (part: string) => string): string | undefined {
  if (!/^\s*[{[]/.test(text)) {
    return undefined;
  }
  const hideValue = (key: string, value: unknown): unknown => {
    if (WHOLE_HEADER_NAME.test(key)) {
      return HIDDEN;
    }
    return typeof value === "string" ? hide(value) : hideKeys(value, hide);
  };
  try {
    const indent = /^\s*[{[]\r?\n( *)/.exec(text)?.[1]?.length ?? 0;
    const end = /\s*$/.exec(text)?.[0] ?? "";
    return `${JSON.stringify(JSON.parse(text), hideValue, indent)}${end}`;
  } catch {
    return undefined;
  }
}

function hideKeys(value: unknown, hide: (part: string) => string): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, child]) => [hide(key), child]))
    : value;
}

function spell(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  const base64 = bytes.toBase64();
  const encoded = encodeURIComponent(secret.toWellFormed());
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    encoded,
    encoded.replace(/%../g, (octet) => octet.toLowerCase()),
    escaped,
    escaped.replaceAll("/", "\\/"),
    base64,
    base64.replace(/=+$/, ""),
    bytes.toBase64({ alphabet: "base64url", omitPadding: true }),
    bytes.toHex(),
  ];
}

/** Longest first: a secret that contains another one must go as a whole. */
function hideSpellings(text: string, spellings: ReadonlySet<string>): string {
  let redacted = text;
  for (const spelling of [...spellings].sort((a, b) => b.length - a.length)) {
    redacted = redacted.replaceAll(spelling, HIDDEN);
  }
  return redacted;
}

/** A pattern costs more than a look for what all its matches contain: most texts have none of it. */
function hideCredentials(text: string): string {
  let hidden = text;
  if (hidden.includes("sk-") || hidden.includes("AIza")) {
    hidden = hidden.replace(KEY_LIKE, HIDDEN);
  }
  const lower = hidden.toLowerCase();
  if (HEADER_PARTS.some((part) => lower.includes(part))) {
    hidden = hidden
      .replace(QUOTED_HEADER, `$1$2${HIDDEN}$2`)
      .replace(HEADER_IN_QUOTES, `$1$2${HIDDEN}`)
      .replace(HEADER_LINE, `$1${HIDDEN}`);
  }
  if (hidden.includes("@")) {
    hidden = hidden.replace(URL_USER, `$1${HIDDEN}@`);
  }
  return hidden.includes("?") || hidden.includes("&")
    ? hidden.replace(URL_QUERY, `$1${HIDDEN}`)
    : hidden;
}
