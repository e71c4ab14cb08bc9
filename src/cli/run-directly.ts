import type { Command } from "../commands/command.ts";
import { type Flags, type FlagValues, splitList } from "../flags/flag.ts";
import { GLOBAL_FLAGS, toGlobals } from "../flags/global-flags.ts";
import type { Runtime } from "../runtime.ts";
import { readArguments } from "./read-arguments.ts";

/**
 * Runs a command like `runCommand`, without citty: it takes longer to load than these commands
 * need.
 * @throws UsageError when the words are wrong
 */
export async function runDirectly<Options>(
  runtime: Runtime,
  command: Command<Options>,
  argv: readonly string[],
): Promise<number> {
  const { argument } = command;
  const flags = { ...command.flags, ...GLOBAL_FLAGS };
  const values: FlagValues = Object.fromEntries(
    readArguments(argv, flags, argument).map((spelled) => toValue(spelled, flags)),
  );
  return command.run(runtime, command.toOptions(values, toGlobals(values)));
}

/** `--name=value` and `--name`, as `readArguments` spells them. */
export function toValue(
  spelled: string,
  flags: Flags,
): [string, string | boolean | readonly string[]] {
  const equals = spelled.indexOf("=");
  if (equals === -1) {
    return [spelled.slice(2), true];
  }
  const [name, value] = [spelled.slice(2, equals), spelled.slice(equals + 1)];
  return [name, flags[name]?.type === "list" ? splitList(value) : value];
}
