import type { ColorChoice } from "../runtime.ts";
import type { Arguments } from "./parse-arguments.ts";

/**
 * `--color`, for what is printed before or without a command's options: help, errors, prompts. A
 * wrong value is the command's to refuse.
 */
export function colorOf({ values: { color } }: Pick<Arguments, "values">): ColorChoice {
  return color === "always" || color === "never" ? color : "auto";
}
