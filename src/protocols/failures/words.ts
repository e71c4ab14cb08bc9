/**
 * What `~` stands for: anything within one sentence, of bounded length. A point inside `qwen3.5-plus`
 * ends none, and what a server says may be long.
 */
const UP_TO = String.raw`(?:[^.\u3002!]|\.(?=\S)){0,200}?`;

/**
 * A pattern for what services say: one of these, in any letter case. `~` stands for the rest of a
 * sentence. Bun writes what is not ASCII as an escape into `String.raw`: Chinese is in plain strings.
 */
export function words(...patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join("|").replaceAll("~", UP_TO), "i");
}
