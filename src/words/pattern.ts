/** A sentence with places in it: `Cannot read {file}: {why}`. */
export type Pattern = {
  /** What stands around the places: one more than there are names. */
  readonly literals: readonly string[];
  readonly names: readonly string[];
  /** Characters that do not change, and a little for each place in which only some may stand. */
  readonly weight: number;
};

/** A place that may hold nothing: what is said behind a sentence, or not. */
const MAY_BE_EMPTY = "more";

/** What stands in a place of this name, and nothing else. */
const FORMS: ReadonlyMap<string, RegExp> = new Map([
  ["count", /^[\d,. ]+$/],
  ["more", /^\W/],
  ["option", /^-/],
  [
    "origin",
    /^(?:[~/]|[A-Z]:\\|(?:shell variable|flag|file|account|keyring|key helper|built-in) )/,
  ],
  ["single", /^\S+$/],
]);

/** A place for what is ours, in words of ours alone: with others the sentence would be half of each. */
const OURS = "action";

export function readPattern(text: string): Pattern {
  const parts = text.split(/\{(\w+)\}/);
  const literals = parts.filter((_, index) => index % 2 === 0);
  const names = parts.filter((_, index) => index % 2 === 1);
  const formed = names.filter((name) => FORMS.has(name)).length;
  return { literals, names, weight: literals.join("").length + formed / 10 };
}

/**
 * What stands in the places of a pattern, if a text is of it. In backticks and quotes stands
 * nothing with such a sign, in brackets nothing that closes another one, and no border lies inside
 * of any. Where that leaves several ways to divide the text, the first counts in which all places
 * that they differ in, but the last, hold what `isKnown` knows: data must not move the borders.
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
  const isOurs = (values: readonly string[]): boolean =>
    names.every((name, index) => name !== OURS || isKnown(values[index] ?? ""));
  const found = divisions(pattern, text, (literals[0] ?? "").length, 0)
    .slice(0, MOST_DIVISIONS)
    .filter(isOurs);
  if (found.length <= 1 || names.length === 1) {
    return found[0];
  }
  const isDisputed = (index: number): boolean =>
    found.some((values) => values[index] !== found[0]?.[index]);
  return found.find((values) =>
    values.slice(0, -1).every((value, index) => !isDisputed(index) || isKnown(value)),
  );
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
    const around = `${literals[index]}|${literal}`;
    if (mayStand(value, name, around, isLast)) {
      const rest = divisions(pattern, text, at + literal.length, index + 1);
      found.push(...rest.map((values) => [value, ...values]));
    }
    if (found.length > MOST_DIVISIONS || at === text.length) {
      break;
    }
  }
  return found;
}

function mayStand(value: string, name: string, around: string, isLast: boolean): boolean {
  if (value === "") {
    return name === MAY_BE_EMPTY;
  }
  if (FORMS.get(name)?.test(value) === false) {
    return false;
  }
  const [, sign] = /([`"])\|\1/.exec(around) ?? [];
  if (sign !== undefined) {
    return !value.includes(sign);
  }
  return /\(\|\)/.test(around) ? isBalanced(value) : isLast || isWhole(value);
}

/** Whether all that a text opens is closed within it: backticks, quotes, and brackets outside of both. */
export function isWhole(text: string): boolean {
  const bare = text.replace(/`[^`]*`|"[^"]*"/g, "");
  return !/[`"]/.test(bare) && isBalanced(bare);
}

/** Whether every bracket of a text is closed within it. */
export function isBalanced(text: string): boolean {
  let depth = 0;
  for (const sign of text) {
    depth += sign === "(" ? 1 : sign === ")" ? -1 : 0;
    if (depth < 0) {
      return false;
    }
  }
  return depth === 0;
}
