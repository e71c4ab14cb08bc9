import type { Command } from "../commands/command.ts";
import { GLOBAL_FLAGS, toGlobals } from "../flags/global-flags.ts";
import type { Runtime } from "../runtime.ts";
import { readArguments } from "./read-arguments.ts";
import { toValue } from "./run-directly.ts";

/**
 * Runs a command whose words behind `--` are a program with its arguments, which stay as they are;
 * `markProgram` has put the `--` where nobody typed one.
 * @throws UsageError when the words before it are wrong
 */
export async function runProgram<Options>(
  runtime: Runtime,
  command: Command<Options>,
  argv: readonly string[],
): Promise<number> {
  const { argument } = command;
  const flags = { ...command.flags, ...GLOBAL_FLAGS };
  const end = argv.indexOf("--");
  const own = end === -1 ? argv : argv.slice(0, end);
  const values = {
    ...Object.fromEntries(readArguments(own, flags).map((spelled) => toValue(spelled, flags))),
    ...(argument === undefined || end === -1 ? {} : { [argument.name]: argv.slice(end + 1) }),
  };
  return command.run(runtime, command.toOptions(values, toGlobals(values)));
}
