import { version } from "../package.json";
import { VERSION_FLAGS } from "./cli/version-flags.ts";
import { EXIT } from "./errors.ts";

/**
 * Whether `--version` is all that was asked and is answered: scripts ask it before everything, so
 * nothing else is loaded for it. Where it cannot be printed, the rest of the program says why.
 */
async function hasToldVersion([first = "", ...others]: readonly string[]): Promise<boolean> {
  if (others.length > 0 || !VERSION_FLAGS.includes(first)) {
    return false;
  }
  try {
    await Bun.write(Bun.stdout, `${version}\n`);
    return true;
  } catch {
    return false;
  }
}

// Should the event loop ever run dry before an answer, that is a failure, not a success.
process.exitCode = EXIT.failed;
if (await hasToldVersion(process.argv.slice(2))) {
  process.exit(EXIT.ok);
}
const { start } = await import("./start.ts");
process.exit(await start());
