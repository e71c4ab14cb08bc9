import type { FlagValues } from "../flags/flag.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import type { Runtime } from "../runtime.ts";

/**
 * A command: the values of its flags (`src/flags`) → options, options → action. Tests check the
 * first by table without running the second.
 */
export type Command<Options> = {
  /** Paragraphs for its help page. */
  readonly details?: readonly string[];
  readonly examples: readonly string[];
  /** @throws UsageError when values are wrong or contradict each other */
  readonly toOptions: (values: FlagValues, globals: GlobalOptions) => Options;
  /** Returns an exit code: one of `EXIT`, unless it is that of a tool that was run. */
  readonly run: (runtime: Runtime, options: Options) => Promise<number>;
};
