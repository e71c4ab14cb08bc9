import { isFalsy } from "../lib/is-falsy.ts";
import type { Runtime } from "../runtime.ts";

/**
 * Whether a question may be asked: stdin and stderr are terminals, `TERM` is not `dumb`, no `CI`
 * and no `--no-input` (`spec/cli.md`). Anything else would hang or end without an answer.
 */
export async function canPrompt(
  { env, stdin, stderr }: Pick<Runtime, "env" | "stdin" | "stderr">,
  { noInput }: { readonly noInput: boolean },
): Promise<boolean> {
  if (whyForbidden({ env }, { noInput }) !== undefined) {
    return false;
  }
  return (await stdin.isTerminal()) && (await stderr.isTerminal());
}

/** Why nobody is asked, for a message: it may have a terminal before it all the same. */
export function whyNotAsked(
  runtime: Pick<Runtime, "env">,
  options: { readonly noInput: boolean },
): string {
  return whyForbidden(runtime, options) ?? "there is no terminal to ask";
}

/** What forbids to ask, whatever the terminal is; `undefined`: nothing does. */
export function whyForbidden(
  { env }: Pick<Runtime, "env">,
  { noInput }: { readonly noInput: boolean },
): string | undefined {
  if (noInput) {
    return "`--no-input` was given";
  }
  if (!isFalsy(env.CI)) {
    return "nothing is asked where `CI` is set";
  }
  return env.TERM === "dumb" ? "a terminal with TERM=dumb cannot be asked" : undefined;
}
