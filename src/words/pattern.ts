/** A sentence with places in it: `Cannot read {file}: {why}`. */
export type Pattern = {
  /** What stands around the places: one more than there are names. */
  readonly literals: readonly string[];
  readonly names: readonly string[];
  /** Characters that do not change. */
  readonly weight: number;
};

/** A place that may hold nothing: what is said behind a sentence, or not. */
const MAY_BE_EMPTY = "more";

/** A place for figures. */
const COUNT = "count";

export function readPattern(text: string): Pattern {
  const parts = text.split(/\{(\w+)\}/);
  const literals = parts.filter((_, index) => index % 2 === 0);
  const names = parts.filter((_, index) => index % 2 === 1);
  return { literals, names, weight: literals.join("").length };
}

/**
 * What stands in the places of a pattern, if a text is of it. In backticks and quotes stands
 * nothing with such a sign, in brackets nothing that closes another one. Where that leaves several ways to divide the text, the first counts in
 * which all places but the last hold what `isKnown` knows: data must not move the borders.
 */
export function matchPattern(
  pattern: Pattern,
  text: string,
  isKnown: (value: string) => boolean,
): readonly string[] | undefined {
  const { literals, names } = pattern;
  if (!text.startsWith(literals[0] ?? "") || !text.endsWith(literals.at(-1) ?? "")) {
    return undefined;
  }
  const found = divisions(pattern, text, (literals[0] ?? "").length, 0).slice(0, MOST_DIVISIONS);
  if (found.length <= 1 || names.length === 1) {
    return found[0];
  }
  return found.find((values) => values.slice(0, -1).every(isKnown));
}

/** More are not looked at. */
const MOST_DIVISIONS = 16;

/** All ways to divide what comes from `start` among the places from `index` on. */
function divisions(pattern: Pattern, text: string, start: number, index: number): string[][] {
  const { literals, names } = pattern;
  const name = names[index];
  if (name === undefined) {
    return start === text.length ? [[]] : [];
  }
  const literal = literals[index + 1] ?? "";
  const isLast = index === names.length - 1;
  const found: string[][] = [];
  const first = isLast ? text.length - literal.length : text.indexOf(literal, start);
  for (let at = first; at >= start; at = isLast ? -1 : text.indexOf(literal, at + 1)) {
    const value = text.slice(start, at);
    if (mayStand(value, name, `${literals[index]}|${literal}`)) {
      const rest = divisions(pattern, text, at + literal.length, index + 1);
      found.push(...rest.map((values) => [value, ...values]));
    }
    if (found.length > MOST_DIVISIONS) {
      break;
    }
  }
  return found;
}

function mayStand(value: string, name: string, around: string): boolean {
  if (value === "") {
    return name === MAY_BE_EMPTY;
  }
  if (name === COUNT && !/^[\d,. ]+$/.test(value)) {
    return false;
  }
  const [, sign] = /([`"])\|\1/.exec(around) ?? [];
  const isInBrackets = /\(\|\)/.test(around);
  return (sign === undefined || !value.includes(sign)) && (!isInBrackets || isBalanced(value));
}

/** Whether every bracket of a text is closed within it. */
function isBalanced(text: string): boolean {
  let depth = 0;
  for (const sign of text) {
    depth += sign === "(" ? 1 : sign === ")" ? -1 : 0;
    if (depth < 0) {
      return false;
    }
  }
  return depth === 0;
}
