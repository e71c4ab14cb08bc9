import type { GlobalOptions } from "../flags/global-flags.ts";
import { visibleText } from "../lib/visible-text.ts";
import type { Runtime } from "../runtime.ts";
import { chooseStyle } from "../terminal/style.ts";

/** Says each on a line of its own on stderr; `--quiet` does not silence them. */
export async function tellWarnings(
  runtime: Pick<Runtime, "env" | "stderr">,
  { color }: Pick<GlobalOptions, "color">,
  warnings: readonly string[],
): Promise<void> {
  if (warnings.length === 0) {
    return;
  }
  const style = await chooseStyle(runtime, runtime.stderr, color);
  const lines = warnings.map((text) => `${style.yellow("warning:")} ${visibleText(text)}\n`);
  await runtime.stderr.write(lines.join(""));
}
