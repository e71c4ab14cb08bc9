const QUOTES = ['""', "''", "``", "“”", "‘’", "„“", "「」", "＂＂"] as const;

/**
 * What stands between one pair of quotes, without the white space around it; `undefined`: the text
 * does not begin and end with one. Files of variables for containers keep the quotes of their
 * values.
 */
export function withoutQuotes(text: string): string | undefined {
  const around = text.length < 2 ? "" : `${text[0]}${text.at(-1)}`;
  return QUOTES.some((pair) => pair === around) ? text.slice(1, -1).trim() : undefined;
}
