import { shellWord } from "./visible-text.ts";

/**
 * A text for people with `~` for home, as they write it: a path of home names a person, and what is
 * printed may be pasted where everybody reads it. The one place that does so; JSON keeps the paths.
 */
export function shortenHome(text: string, ...homes: readonly string[]): string {
  let shortened = text;
  for (const home of [...homes].sort((left, right) => right.length - left.length)) {
    if (home.length > 1 && shortened.includes(home)) {
      shortened = withTilde(shortened, RegExp.escape(home));
    }
  }
  return shortened;
}

function withTilde(text: string, home: string): string {
  // A tilde in quotes would stand for itself.
  const quoted = new RegExp(`'${home}(?:/([^']*))?'`, "g");
  const plain = new RegExp(`(?<![\\w./~-])${home}(?![\\w.-])`, "g");
  return text
    .replace(quoted, (_, rest = "") => (rest === "" ? "~" : `~/${shellWord(rest)}`))
    .replace(plain, "~");
}
