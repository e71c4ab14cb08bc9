import { reasonOf } from "../../auth/connection-problem.ts";
import type { Connection } from "../../connect/load-connection.ts";
import { tellWarnings } from "../../connect/tell-warnings.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import type { Resolution } from "../../models/resolution.ts";
import type { Runtime } from "../../runtime.ts";

/**
 * Says on stderr why the settings cannot be used as they are, or that a key which is listed goes
 * nowhere from this folder; commands that list or repair go on (`spec/settings-and-env.md`).
 */
export async function warnOfProblem(
  runtime: Pick<Runtime, "env" | "stderr">,
  options: GlobalOptions,
  resolution: Resolution,
): Promise<void> {
  const message = problemOf(resolution);
  if (message !== undefined) {
    await tellWarnings(runtime, options, [message]);
  }
}

/**
 * All that a question would be refused for or warned of, a line each: what is listed may look right
 * and be of no use.
 */
export function connectionWarnings({ configuration, resolution }: Connection): readonly string[] {
  const { state, problem, pairing, warnings } = resolution;
  const message = problemOf(resolution);
  const isSaid =
    state === "configured" ||
    state === "none" ||
    problem !== undefined ||
    pairing.kind === "withheld";
  return [
    ...configuration.warnings,
    ...warnings,
    ...(resolution.state === "configured" ? [] : resolution.unread),
    ...(isSaid ? [] : [reasonOf(resolution)]),
    ...(message === undefined ? [] : [message]),
  ];
}

function problemOf(resolution: Resolution): string | undefined {
  const { problem, pairing } = resolution;
  if (problem === undefined && pairing.kind === "withheld") {
    return `${reasonOf(resolution)}; \`qwen auth status\` says what to do`;
  }
  return problem?.message;
}
