import type { Env } from "../runtime.ts";

/** Absolute as one system or the other writes it. */
const ABSOLUTE = /^(?:[\\/]|[A-Za-z]:)/;

/**
 * `$QWEN_HOME` (absolute, `~`, or relative to the working directory), else `~/.qwen`: a path that
 * can be opened, as it was put together. Without `node:path`, which takes a tenth of what a page of
 * help does: the language of that page stands in a file in there.
 */
export function chosenHome({
  env,
  cwd,
  home,
}: {
  readonly env: Env;
  readonly cwd: string;
  readonly home: string;
}): string {
  const chosen = env.QWEN_HOME || "~/.qwen";
  if (chosen === "~" || chosen.startsWith("~/")) {
    return `${home}${chosen.slice(1)}`;
  }
  return ABSOLUTE.test(chosen) ? chosen : `${cwd}/${chosen}`;
}
