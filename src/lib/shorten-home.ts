import { shellWord } from "./shell.ts";
import { visibleText } from "./visible-text.ts";

/**
 * A text for people with `~` for home, as they write it: a path of home names a person, and what is
 * printed may be pasted where everybody reads it. What is written for people passes here once, at
 * the streams of `start.ts`; JSON keeps the paths.
 *
 * What stands in a command stays one that can be pasted: `~` is left out of quotes, and a path that
 * no shell would expand stays as it is (`--flag=~`, `"~"`).
 */
export function shortenHome(text: string, ...homes: readonly string[]): string {
  let shortened = text;
  for (const home of [...homes].sort((left, right) => right.length - left.length)) {
    if (home.length > 1 && shortened.includes(home.split("'", 1)[0] ?? home)) {
      shortened = withTilde(shortened, home);
    }
  }
  return shortened;
}

/** Writes home as `~`. */
export type Shorten = (text: string) => string;

/**
 * The same for one home, but for the texts that are handed to `keepAsIs`, where they stand alone:
 * data that only looks like such a path.
 */
export function createHomeShortener(home: string): {
  readonly shorten: Shorten;
  readonly keepAsIs: (text: string) => void;
} {
  const literals = new Set<string>();
  return {
    shorten: (text) => shortenAllBut(literals, text, home),
    keepAsIs: (text) => {
      if (text.startsWith(home)) {
        literals.add(visibleText(text));
      }
    },
  };
}

function shortenAllBut(literals: Iterable<string>, text: string, home: string): string {
  const kept = [...literals].filter((literal) => literal.length > 1 && text.includes(literal));
  if (kept.length === 0) {
    return shortenHome(text, home);
  }
  const longestFirst = kept.sort((left, right) => right.length - left.length);
  const any = longestFirst.map((literal) => RegExp.escape(literal)).join("|");
  const alone = new RegExp(`(?<![\\w./~-])(?:${any})(?![\\w/-])`, "g");
  const hidden: string[] = [];
  const masked = text.replace(alone, (literal) => `${MARK}${hidden.push(literal) - 1}${MARK}`);
  const back = new RegExp(`${MARK}(\\d+)${MARK}`, "g");
  return shortenHome(masked, home).replace(back, (mark, index) => hidden[Number(index)] ?? mark);
}

/** A character of nobody's. */
const MARK = "\ue001";

function withTilde(text: string, home: string): string {
  const inWords = tildeWriter(home, "\\w./~-");
  if (!text.includes("`")) {
    return inWords(text);
  }
  const inCommands = tildeWriter(home, "\\w./~=:'\"-");
  return text
    .split("`")
    .map((part, index) => (index % 2 === 0 ? inWords(part) : inCommands(part)))
    .join("`");
}

/** @param notBehind what `~` does not stand for home behind, as a part of a character class */
function tildeWriter(home: string, notBehind: string): (text: string) => string {
  // The end of a colour sequence is a letter, too.
  const begins = `(?:(?<![${notBehind}])|(?<=\\u001b\\[[\\d;]*m))`;
  const inQuotes = RegExp.escape(home.replaceAll("'", "'\\''"));
  const quoted = new RegExp(`${begins}'${inQuotes}(?:/([^']*))?'`, "g");
  const plain = new RegExp(`${begins}${RegExp.escape(home)}(?![\\w.-])`, "g");
  return (text) =>
    (text.includes("'")
      ? text.replace(quoted, (_, rest = "") => (rest === "" ? "~" : `~/${shellWord(rest)}`))
      : text
    ).replace(plain, "~");
}
