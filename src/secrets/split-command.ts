/** White space, `'…'`, `"…"`, an escaped character, anything else. */
const PIECE = /(\s+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/gsy;

/**
 * Splits a command into the words that a program gets, without a shell. White space separates
 * them; within `'…'` everything stands for itself; within `"…"` and outside of quotes `\` takes
 * the meaning of the next character away. `~` or `~/` at the start of a word is the home directory.
 * Nothing else means anything: no `$NAME`, `|`, `;`, `*`.
 * @returns `undefined` when a quote is not closed, or nothing follows a `\`
 */
export function splitCommand(command: string, home: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let end = 0;
  for (const [piece, space, single, double, escaped, plain] of command.matchAll(PIECE)) {
    end += piece.length;
    if (space !== undefined) {
      words.push(...(word === undefined ? [] : [word]));
      word = undefined;
      continue;
    }
    const isOfHome = word === undefined && plain !== undefined && /^~(?:\/|$)/.test(plain);
    const text = single ?? double?.replace(/\\(.)/gs, "$1") ?? escaped ?? plain ?? "";
    word = (word ?? "") + (isOfHome ? home + text.slice(1) : text);
  }
  return end === command.length ? [...words, ...(word === undefined ? [] : [word])] : undefined;
}
