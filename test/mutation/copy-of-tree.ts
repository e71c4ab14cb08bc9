import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const NAME = /^qwen-mutate-(\d+)-/;
/** What is large, is made anew or belongs to the place. */
const LEFT = new Set(["node_modules", "dist", ".git"]);

/** What the tests need, below `parent`, where a change cannot do harm; its name has our process. */
export function copyOfTree(root: string, parent: string): string {
  const place = mkdtempSync(join(parent, `qwen-mutate-${process.pid}-`));
  // Some tests run as another user, who has to come in.
  chmodSync(place, 0o755);
  for (const name of readdirSync(root).filter((each) => !LEFT.has(each))) {
    cpSync(join(root, name), join(place, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(place, "node_modules"));
  return place;
}

/** Removes the copies of runs that were killed before they could. */
export function removeStaleCopies(parent: string): void {
  for (const name of readdirSync(parent)) {
    const process = NAME.exec(name)?.[1];
    if (process !== undefined && !isAlive(Number(process))) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
}

/** Whether there is such a process. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
