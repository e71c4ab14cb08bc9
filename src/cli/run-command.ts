import { type ArgsDef, defineCommand, runCommand as runCitty } from "citty";
import type { Command } from "../commands/command.ts";
import { EXIT } from "../errors.ts";
import { type Flags, type FlagValues, splitList } from "../flags/flag.ts";
import { GLOBAL_FLAGS, toGlobals } from "../flags/global-flags.ts";
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
): Promise<number> {
  const { argument } = command;
  const flags = { ...command.flags, ...GLOBAL_FLAGS };
  const word: Flags =
    argument === undefined ? {} : { [argument.name]: { type: "string", description: "" } };
  const all = { ...flags, ...word };
  let exitCode: number = EXIT.failed;
  const definition = defineCommand({
    args: toCittyArgs(all),
    run: async ({ args }) => {
      const values = toValues(all, args);
      exitCode = await command.run(runtime, command.toOptions(values, toGlobals(values)));
    },
  });
  await runCitty(definition, {
    rawArgs: readArguments(argv, flags, argument).map(toCittyName),
  });
  return exitCode;
}

/**
 * Citty reads `--no-key` as "`key` is false", which is not what it means beside a `--key`; so it
 * gets another spelling.
 */
function toCittyName(name: string): string {
  return name.replace(/^(-*)no-/, "$1without-");
}

function toCittyArgs(flags: Flags): ArgsDef {
  return Object.fromEntries(
    Object.entries(flags).map(([name, { type }]) => [
      toCittyName(name),
      { type: type === "boolean" ? "boolean" : "string" },
    ]),
  );
}

function toValues(flags: Flags, args: Readonly<Record<string, unknown>>): FlagValues {
  return Object.fromEntries(
    Object.entries(flags).map(([name, { type }]) => {
      const value = args[toCittyName(name)];
      if (typeof value === "string") {
        return [name, type === "list" ? splitList(value) : value];
      }
      return [name, typeof value === "boolean" ? value : undefined];
    }),
  );
}
