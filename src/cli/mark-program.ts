import { RUN_FLAGS } from "../commands/auth/run-flags.ts";
import { GLOBAL_FLAGS } from "../flags/global-flags.ts";
import { firstWord, takesNext } from "./split-words.ts";

/**
 * The arguments with a `--` before the program that `auth run` is to run, where nobody typed one:
 * from then on everybody knows that what follows are no flags of ours.
 */
export function markProgram(argv: readonly string[]): readonly string[] {
  const start = firstWord(argv);
  const [group, name] = argv.slice(start);
  if (group !== "auth" || (name !== "run" && name !== "exec")) {
    return argv;
  }
  let at = start + 2;
  while (argv[at]?.startsWith("-") === true && argv[at] !== "--") {
    at += takesNext(argv[at], { ...RUN_FLAGS, ...GLOBAL_FLAGS }) ? 2 : 1;
  }
  return at >= argv.length || argv[at] === "--"
    ? argv
    : [...argv.slice(0, at), "--", ...argv.slice(at)];
}
