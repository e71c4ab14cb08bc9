/** Names that no document keeps as its fields. */
const UNKEPT: readonly string[] = ["constructor", "prototype"];

/** Whether a word can be the name of an account. */
export function isAccountName(word: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,31}$/.test(word) && !UNKEPT.includes(word);
}
