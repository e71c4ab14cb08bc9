import { withoutQuotes } from "../lib/without-quotes.ts";

export type ParsedKey =
  | {
      readonly kind: "key";
      readonly key: string;
      /** What a person should know of it, a clause each whose subject is the key. */
      readonly notes: readonly string[];
    }
  | { readonly kind: "invalid"; readonly reason: string };

/**
 * The one rule of what a key may be, for every door: prompts, flags, files, variables, settings,
 * helpers, the keyring, and what is in force (`spec/cli.md`, "Key inputs"). White space, line ends
 * and a BOM around it are dropped, one pair of quotes, and `Bearer`, with a note; what cannot stand in a
 * header, or is plainly something else than a key, is none. A reason never repeats the text.
 */
export function parseKey(text: string): ParsedKey {
  const trimmed = text.trim();
  const bare = withoutQuotes(trimmed);
  const typed = bare ?? trimmed;
  const key = typed.replace(SCHEME, "");
  const reason = whyNoKey(key);
  if (reason !== undefined) {
    return { kind: "invalid", reason };
  }
  const quoted = bare === undefined ? [] : ["it stood in quotes, which were taken off"];
  const named = key === typed ? [] : ["it stood behind `Bearer`, which was taken off"];
  return { kind: "key", key, notes: [...quoted, ...named, ...doubts(key)] };
}

/** What a header has before a key, as people copy it from examples of requests. */
const SCHEME = /^(?:authorization:\s*)?bearer(?::\s*|\s+)(?=\S)/i;

function whyNoKey(key: string): string | undefined {
  if (key === "") {
    return "it is empty";
  }
  if (/^[\x21-\x7e]+$/.test(key)) {
    return otherThing(key);
  }
  if (key.includes("\0") && /^\W{0,2}(?:.\0)+|(?:\0.){2}/s.test(key)) {
    return "it is UTF-16 text; save it as UTF-8";
  }
  if (/[\r\n]/.test(key)) {
    return "it has more than one line";
  }
  if (key.includes("…")) {
    return 'it holds "…": copy the whole key, not the shortened one that is shown on screens';
  }
  if (/\s/.test(key)) {
    return "it contains white space";
  }
  if (/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(key)) {
    return "it contains control characters";
  }
  const [strange = ""] = /[^\x21-\x7e]/u.exec(key) ?? [];
  if (/[\uff01-\uff5e]/.test(strange)) {
    return `it holds full-width characters, such as "${strange}": type it with the input method off`;
  }
  const point = strange.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  return `it holds a character that no key has (U+${point})`;
}

/** What could be sent, and is something else that people paste. */
function otherThing(key: string): string | undefined {
  if (key.includes("***")) {
    return "it is the hidden form of a key: copy the key itself";
  }
  if (isReference(key)) {
    return "it is the name of a variable, which nothing replaced: give its value";
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(key)) {
    return "it is a URL";
  }
  // A key may end in the `=` of base64.
  return /^(?:\$env:)?(?=[^=]*_)[A-Z0-9_]{4,}=(?!=?$)/.test(key)
    ? "it is an assignment (NAME=value): give the value alone"
    : undefined;
}

/** `$NAME` or `${NAME}` and nothing else: settings take it for the variable's value. */
export function isReference(text: string): boolean {
  return /^\$(?:\w+|\{[^}]+\})$/.test(text);
}

/** Why a key that could be sent is probably none. */
function doubts(key: string): string[] {
  if (isPlaceholder(key)) {
    return ["it looks like a placeholder: put your own key in its place"];
  }
  const [first = "", last = ""] = [key[0], key.at(-1)];
  return [
    ...(/["']/.test(first) ? [`it begins with \`${first}\`, which may not belong to it`] : []),
    ...(/[,;"']/.test(last) ? [`it ends in \`${last}\`, which may not belong to it`] : []),
  ];
}

const NO_KEYS: ReadonlySet<string> = new Set([
  "undefined",
  "null",
  "changeme",
  "change_me",
  "todo",
  "placeholder",
  ".",
  "..",
]);

/** What documentation writes where a key belongs: `YOUR_API_KEY`, `sk-xxxx`, `<key>`, `sk-...`. */
function isPlaceholder(key: string): boolean {
  const word = key.toLowerCase();
  // A pattern costs more than a look for what all its matches contain, and most keys have none of it.
  return (
    (word.startsWith("<") && word.endsWith(">")) ||
    (word.startsWith("{{") && word.endsWith("}}")) ||
    word.includes("...") ||
    NO_KEYS.has(word) ||
    (word.includes("your") && /(?:^|[-_])your[-_]/.test(word)) ||
    (/[x*]$/.test(word) && /^(?:[a-z]+-)*[x*]{3,}$/.test(word)) ||
    (word.includes("key") &&
      /^(?:my|api|the|insert|enter)[-_](?:\w+[-_])*key(?:[-_]here)?$/.test(word))
  );
}
