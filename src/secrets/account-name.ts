/** Whether a word can be the name of an account. */
export function isAccountName(word: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,31}$/.test(word);
}
