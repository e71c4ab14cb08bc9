import { AuthError, UsageError } from "../errors.ts";
import type { Env } from "../runtime.ts";

/** Set for every tool that uses the broker. */
const VARIABLE = "QWEN_RUN";

/**
 * Refuses to print a key to what was started so that it does not get it (`spec/broker.md` §3, rule
 * 11). Whoever means harm unsets the variable: this stops accidents.
 * @param doing as it follows "Cannot": `print the key`
 */
export function throwIfInsideRun(env: Env, doing: string): void {
  if (env[VARIABLE] === "1") {
    throw new AuthError(`Cannot ${doing}: this runs inside of \`qwen auth run\`, which hides it`, {
      code: "inside-run",
      hint: "run it in a terminal of your own",
    });
  }
}

/** A broker behind a broker has only the token of the first. */
export function throwIfNested(env: Env): void {
  if (env[VARIABLE] === "1") {
    throw new UsageError("Cannot run a tool: this runs inside of `qwen auth run` already", {
      code: "nested-run",
      hint: "start the tool as it is: it uses the broker that is there",
    });
  }
}
