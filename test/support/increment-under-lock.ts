import { readFileSync } from "node:fs";
import { withFileLock } from "../../src/lib/files/file-lock.ts";
import { replaceFile } from "./replace-in.ts";

/**
 * `increment-under-lock.ts <path> <times> [octal umask]`: adds one to the number in the file, so
 * many times, and prints after each how many milliseconds it slept for the lock, or the code of
 * the error.
 */
const [path = "", times = "", umask = "022"] = process.argv.slice(2);
process.umask(Number.parseInt(umask, 8));
for (let round = 0; round < Number(times); round += 1) {
  try {
    console.log(await increment());
  } catch (error) {
    console.log(error instanceof Error && "code" in error ? error.code : error);
    break;
  }
}

async function increment(): Promise<number> {
  let slept = 0;
  const sleep = async (milliseconds: number) => {
    slept += milliseconds;
    await Bun.sleep(milliseconds);
  };
  await withFileLock(
    path,
    async ({ isHeld }) => {
      const count = Number(readFileSync(path, "utf8"));
      await Bun.sleep(0);
      const before = () => {
        if (!isHeld()) {
          throw new Error("the lock was lost");
        }
      };
      replaceFile(path, String(count + 1), { before });
    },
    { sleep },
  );
  return slept;
}
