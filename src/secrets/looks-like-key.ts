import { KNOWN_PREFIXES } from "./mask.ts";

/**
 * Whether a word that was typed where a name belongs may be a key: then no message repeats it.
 * Names of models have separators, or are short.
 */
export function looksLikeKey(word: string): boolean {
  const hasPrefix = KNOWN_PREFIXES.some((prefix) => word.startsWith(prefix));
  const isRandom = /^[\w-]{32,}$/.test(word) && /\d/.test(word) && !/-[a-z]+-/i.test(word);
  return (hasPrefix && word.length >= 16) || isRandom;
}

/** The same where the name of a variable belongs: in capitals, it may be long and have digits. */
export function looksLikeKeyForVariable(word: string): boolean {
  return !/^[A-Z_][A-Z0-9_]*$/.test(word) && looksLikeKey(word);
}
