import { reasonOf } from "../../auth/connection-problem.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { visibleText } from "../../lib/visible-text.ts";
import type { Resolution } from "../../models/resolution.ts";
import type { Runtime } from "../../runtime.ts";
import { chooseStyle } from "../../terminal/style.ts";

/**
 * Says on stderr why the settings cannot be used as they are, or that a key which is listed goes
 * nowhere from this folder; commands that list or repair go on (`spec/settings-and-env.md`).
 */
export async function warnOfProblem(
  runtime: Pick<Runtime, "env" | "stderr">,
  { color }: GlobalOptions,
  resolution: Resolution,
): Promise<void> {
  const message = problemOf(resolution);
  if (message !== undefined) {
    const style = await chooseStyle(runtime, runtime.stderr, color);
    await runtime.stderr.write(`${style.yellow("warning:")} ${visibleText(message)}\n`);
  }
}

/**
 * The same of all that a question would be refused for or warned of: what is listed may look right
 * and be of no use.
 */
export async function warnOfConnection(
  runtime: Pick<Runtime, "env" | "stderr">,
  options: GlobalOptions,
  resolution: Resolution,
): Promise<void> {
  const style = await chooseStyle(runtime, runtime.stderr, options.color);
  const { state, problem, pairing, warnings } = resolution;
  const isSaid =
    state === "configured" ||
    state === "none" ||
    problem !== undefined ||
    pairing.kind === "withheld";
  for (const warning of isSaid ? warnings : [...warnings, reasonOf(resolution)]) {
    await runtime.stderr.write(`${style.yellow("warning:")} ${visibleText(warning)}\n`);
  }
  await warnOfProblem(runtime, options, resolution);
}

function problemOf(resolution: Resolution): string | undefined {
  const { problem, pairing } = resolution;
  if (problem === undefined && pairing.kind === "withheld") {
    return `${reasonOf(resolution)}; \`qwen auth status\` says what to do`;
  }
  return problem?.message;
}
