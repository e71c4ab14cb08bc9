import { TABLES } from "../../src/cli/commands.ts";
import { type Arguments, parseArguments } from "../../src/cli/parse-arguments.ts";
import type { Command } from "../../src/commands/command.ts";
import { toGlobals } from "../../src/flags/global-flags.ts";

/** Reads a command line, of which no word holds a space, by the tables of the program. */
export function readLine(line: string): Promise<Arguments> {
  return parseArguments(
    line.split(" ").filter((word) => word !== ""),
    TABLES,
  );
}

/**
 * The options that a command runs with.
 * @throws UsageError as it would
 */
export async function optionsOf<Options>(
  { toOptions }: Pick<Command<Options>, "toOptions">,
  line: string,
): Promise<Options> {
  const { problem, values } = await readLine(line);
  if (problem !== undefined) {
    throw problem;
  }
  return toOptions(values, toGlobals(values));
}
