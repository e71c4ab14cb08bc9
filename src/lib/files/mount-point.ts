import { readFileSync } from "node:fs";

/**
 * Whether a single file is mounted at `path`, a real path: no rename can take its place. Known on
 * Linux alone; elsewhere it is false, and a rename that is refused tells.
 */
export function isMountPoint(path: string): boolean {
  try {
    return mountPoints(readFileSync("/proc/self/mountinfo", "utf8")).has(path);
  } catch {
    return false;
  }
}

/** The fifth field of each line of proc_pid_mountinfo(5), whose odd bytes are octal escapes. */
export function mountPoints(mountinfo: string): ReadonlySet<string> {
  return new Set(
    mountinfo
      .split("\n")
      .map((line) => line.split(" ")[4] ?? "")
      .map((field) =>
        field.replace(/\\([0-7]{3})/g, (_all, octal) =>
          String.fromCharCode(Number.parseInt(octal, 8)),
        ),
      ),
  );
}
