import { type ArgsDef, defineCommand, runCommand as runCitty } from "citty";
import {
  type Command,
  type Flags,
  type FlagValues,
  GLOBAL_FLAGS,
  toGlobals,
} from "../commands/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { readArguments } from "./read-arguments.ts";

/**
 * Runs one command on the words after its name. The only importer of citty, which gets arguments
 * that were checked before (STYLE.md, "citty").
 * @throws UsageError when the words are wrong
 */
export async function runCommand<Options>(
  runtime: Runtime,
  command: Command<Options>,
  argv: readonly string[],
): Promise<ExitCode> {
  const flags = { ...command.flags, ...GLOBAL_FLAGS };
  let exitCode: ExitCode = EXIT.failed;
  const definition = defineCommand({
    args: toCittyArgs(flags),
    run: async ({ args }) => {
      const values = toValues(flags, args);
      exitCode = await command.run(runtime, command.toOptions(values, toGlobals(values)));
    },
  });
  await runCitty(definition, { rawArgs: [...readArguments(argv, flags)] });
  return exitCode;
}

/** Citty reads `--no-input` as "`input` is false", so a `no-` flag is declared without its `no-`. */
function toCittyArgs(flags: Flags): ArgsDef {
  return Object.fromEntries(
    Object.entries(flags).map(([name, { type }]) => [name.replace(/^no-/, ""), { type }]),
  );
}

function toValues(flags: Flags, args: Readonly<Record<string, unknown>>): FlagValues {
  return Object.fromEntries(
    Object.keys(flags).map((name) => {
      const positive = name.replace(/^no-/, "");
      const value = args[positive];
      const isGiven = typeof value === "string" || typeof value === "boolean";
      return [name, positive === name ? (isGiven ? value : undefined) : value === false];
    }),
  );
}
