import { EXIT } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { COMPLETE } from "./command-entry.ts";
import type { Arguments } from "./parse-arguments.ts";

/**
 * Runs what the command line asks for and returns the exit code: one of `EXIT`, or that of a tool.
 * Nothing is thrown.
 */
export async function dispatch(runtime: Runtime, given: Arguments): Promise<number> {
  const { trace, version, platform, arch, cwd } = runtime;
  trace?.(() => [`qwen ${version} (${platform} ${arch}) in ${cwd}`]);
  try {
    return await route(runtime, given);
  } catch (error) {
    const { reportError } = await import("./report-error.ts");
    return reportError(runtime, given, error);
  }
}

/** Each way loads what it needs: those of a hot command are its own sources alone. */
async function route(runtime: Runtime, given: Arguments): Promise<number> {
  const { entry, words, isQuestion } = given;
  if (words[0] === COMPLETE) {
    return (await import("./complete.ts")).complete(runtime, given);
  }
  if (given.helpWanted || (words[0] === "help" && !isQuestion)) {
    return (await import("./print-help.ts")).printHelp(runtime, given);
  }
  if (words.length === 0 && given.versionWanted) {
    await runtime.stdout.write(`${runtime.version}\n`);
    return EXIT.ok;
  }
  const isNamed = entry.words.length > 0;
  if (!isNamed && !isQuestion && words.length > 0) {
    (await import("./unknown-command.ts")).throwIfCommand(words);
  }
  if (given.problem !== undefined) {
    throw given.problem;
  }
  const command = await entry.load();
  return command.run(runtime, given.values);
}
