import { readHotRoute } from "./hot-route.ts";
import type { Arguments } from "./parse-arguments.ts";

/** The one reading of the command line; a hot command loads nothing for it. */
export async function readArguments(argv: readonly string[]): Promise<Arguments> {
  const hot = readHotRoute(argv);
  if (hot !== undefined) {
    return hot;
  }
  const { TABLES } = await import("./commands.ts");
  const { parseArguments } = await import("./parse-arguments.ts");
  return parseArguments(argv, TABLES);
}
