export type ParsedKey =
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "invalid"; readonly reason: string };

/**
 * Makes a key of what was typed, pasted or piped: a BOM and line ends around it are dropped. A key
 * that is empty, or has white space or control characters inside, is none (`spec/cli.md`).
 * The reason never repeats the text.
 */
export function parseKey(text: string): ParsedKey {
  const key = text.replace(/^\ufeff/, "").replace(/[\r\n]+$/, "");
  if (key === "") {
    return { kind: "invalid", reason: "it is empty" };
  }
  if (/[\r\n]/.test(key)) {
    return { kind: "invalid", reason: "it has more than one line" };
  }
  if (/\s/.test(key)) {
    return { kind: "invalid", reason: "it contains white space" };
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a key
  return /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/.test(key)
    ? { kind: "invalid", reason: "it contains control characters" }
    : { kind: "key", key };
}
