import { tellWarnings } from "../../connect/tell-warnings.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import type { Runtime } from "../../runtime.ts";
import { chooseStyle, type Style } from "../../terminal/style.ts";

type Outcome = {
  /** What `--json` prints. */
  readonly document: object;
  readonly warnings: readonly string[];
  /** What was done, for a person; what comes from elsewhere is made visible already. */
  readonly lines: (style: Style) => readonly string[];
};

/** How every command that changed something ends: one JSON object, or warnings and what was done. */
export async function report(
  runtime: Pick<Runtime, "env" | "stdout" | "stderr">,
  options: Pick<GlobalOptions, "color" | "quiet"> & { readonly json: boolean },
  { document, warnings, lines }: Outcome,
): Promise<void> {
  if (options.json) {
    await runtime.stdout.writeJson(document);
    return;
  }
  await tellWarnings(runtime, options, warnings);
  if (!options.quiet) {
    const style = await chooseStyle(runtime, runtime.stderr, options.color);
    await runtime.stderr.write(
      lines(style)
        .map((line) => `${line}\n`)
        .join(""),
    );
  }
}
