import { visibleText } from "../lib/visible-text.ts";
import type { Resolution } from "../models/connection.ts";
import type { Runtime } from "../runtime.ts";
import { chooseStyle } from "../terminal/style.ts";
import type { GlobalOptions } from "./command.ts";

/**
 * Says on stderr why the settings cannot be used as they are; commands that list or repair go on
 * (`spec/settings-and-env.md`).
 */
export async function warnOfProblem(
  runtime: Pick<Runtime, "env" | "stderr">,
  { color }: GlobalOptions,
  { problem }: Resolution,
): Promise<void> {
  if (problem !== undefined) {
    const style = await chooseStyle(runtime, runtime.stderr, color);
    await runtime.stderr.write(`${style.yellow("warning:")} ${visibleText(problem.message)}\n`);
  }
}
