import { type Pattern, readPattern } from "./pattern.ts";

/** What stands in English in the code, with `{name}` for what changes, and what to show for it. */
export type Table = Readonly<Record<string, string>>;

type Entry = { readonly pattern: Pattern; readonly shown: Pattern };

export type Lexicon = {
  /** Sentences in which nothing changes. */
  readonly fixed: ReadonlyMap<string, string>;
  /** All others, the most definite first. */
  readonly entries: readonly Entry[];
  /** A text that is data, whatever it says. */
  readonly isData: (text: string) => boolean;
};

export function createLexicon(table: Table, isData: Lexicon["isData"]): Lexicon {
  const all = Object.entries(table).map(
    ([english, shown]): Entry => ({ pattern: readPattern(english), shown: readPattern(shown) }),
  );
  return {
    fixed: new Map(Object.entries(table).filter(([english]) => !english.includes("{"))),
    entries: all
      .filter(({ pattern }) => pattern.names.length > 0)
      .sort((left, right) => rank(right) - rank(left)),
    isData,
  };
}

/** What begins with words of its own goes before what begins with any; then the longer one. */
function rank({ pattern: { literals, weight } }: Entry): number {
  return weight + (literals[0] === "" ? 0 : 10_000);
}
