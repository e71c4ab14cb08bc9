import type { Runtime } from "../runtime.ts";

/**
 * Whether a question may be asked: stdin and stderr are terminals, `TERM` is not `dumb`, no `CI`
 * and no `--no-input` (`spec/cli.md`). Anything else would hang or end without an answer.
 */
export async function canPrompt(
  { env, stdin, stderr }: Pick<Runtime, "env" | "stdin" | "stderr">,
  { noInput }: { readonly noInput: boolean },
): Promise<boolean> {
  const isCi = !["", "0", "false"].includes(env.CI ?? "");
  if (noInput || isCi || env.TERM === "dumb") {
    return false;
  }
  return (await stdin.isTerminal()) && (await stderr.isTerminal());
}
