/**
 * What `~` stands for: anything within one sentence, of bounded length. A point inside `qwen3.5-plus`
 * ends none, and what a server says may be long.
 */
const UP_TO = String.raw`(?:[^.\u3002!]|\.(?=\S)){0,200}?`;

/** What the words of a service are looked for with. */
export type Words = Pick<RegExp, "test">;

/**
 * A pattern for what services say: one of these, in any letter case. `~` stands for the rest of a
 * sentence. Bun writes what is not ASCII as an escape into `String.raw`: Chinese is in plain strings.
 * Made at the first use, since most answers are no failures.
 */
export function words(...patterns: readonly string[]): Words {
  let made: RegExp | undefined;
  return {
    test: (text) => {
      made ??= new RegExp(patterns.join("|").replaceAll("~", UP_TO), "i");
      return made.test(text);
    },
  };
}
