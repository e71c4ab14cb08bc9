/** Collects secrets and removes them from text. One per process, at the sinks. */
export type Redactor = {
  /** Makes `secret` known; shorter ones than 8 characters are no secrets. */
  readonly add: (secret: string) => void;
  /** Returns `text` without any known secret, credential header or credential in a URL. */
  readonly redact: (text: string) => string;
};

const SHORTEST_SECRET = 8;
const HIDDEN = "***";

/** Looks like a key although nobody told: `qwen auth coding-plan sk-sp-…`, a pasted log line. */
const KEY_LIKE = /\b(?:sk-[A-Za-z0-9_-]{20,}|AIza[A-Za-z0-9_-]{30,})/g;

const HEADER =
  /\b((?:proxy-)?authorization|x-api-key|api-key|x-goog-api-key|(?:set-)?cookie)(["']?\s*[:=]\s*["']?)(?:(?:bearer|basic)\s+)?[^\s"',;]+/gi;

const URL_USER = /(:\/\/)[^\s/?#@"']+@/g;

const URL_QUERY = /([?&](?:[\w-]*(?:key|token|secret|password))=)[^&\s"'#]+/gi;

/**
 * Replaces every known secret, however it is written: plain, URL-encoded, JSON-escaped, or as the
 * whole of a base64 string; and what sits where credentials sit (`spec/trust-and-secrets.md`).
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
    redact: (text) => hideCredentials(hideSpellings(text, spellings)),
  };
}

function spell(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  const base64 = bytes.toBase64();
  return [
    secret,
    encodeURIComponent(secret.toWellFormed()),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replace(/=+$/, ""),
    bytes.toBase64({ alphabet: "base64url", omitPadding: true }),
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

function hideCredentials(text: string): string {
  return text
    .replace(KEY_LIKE, HIDDEN)
    .replace(HEADER, `$1$2${HIDDEN}`)
    .replace(URL_USER, `$1${HIDDEN}@`)
    .replace(URL_QUERY, `$1${HIDDEN}`);
}
