import { shellWord } from "../lib/visible-text.ts";
import type { Check } from "./check.ts";

/**
 * The checks without the paths of homes, which name a person: what is printed may be pasted where
 * everybody reads it.
 */
export function hideHome(checks: readonly Check[], homes: readonly string[]): readonly Check[] {
  const named = [...new Set(homes)].filter((home) => home.length > 1);
  const hidden = named
    .sort((left, right) => right.length - left.length)
    .map((home) => RegExp.escape(home));
  const hide = (text: string): string => hidden.reduce(hideOne, text);
  return checks.map(({ summary, detail, remedy, ...rest }) => ({
    ...rest,
    summary: hide(summary),
    ...(detail === undefined ? {} : { detail: detail.map(hide) }),
    ...(remedy === undefined ? {} : { remedy: hide(remedy) }),
  }));
}

function hideOne(text: string, home: string): string {
  // A tilde in quotes would stand for itself.
  const quoted = new RegExp(`'${home}(?:/([^']*))?'`, "g");
  const plain = new RegExp(`(?<![\\w./~-])${home}(?![\\w.-])`, "g");
  return text
    .replace(quoted, (_, rest = "") => (rest === "" ? "~" : `~/${shellWord(rest)}`))
    .replace(plain, "~");
}
