import { withFileLock } from "../../src/lib/files/file-lock.ts";

/**
 * `hold-lock.ts <path>`: takes the lock and prints `held`; when stdin ends it prints whether it
 * still has it, and releases it.
 */
const [path = ""] = process.argv.slice(2);
await withFileLock(
  path,
  async ({ isHeld }) => {
    console.log("held");
    await Bun.stdin.text();
    console.log(isHeld());
  },
  { sleep: Bun.sleep },
);
