import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "./qwen.ts";

/** A key helper on a machine, and how often it ran. */
export type HelperScript = {
  /** Its path, as a command. */
  readonly command: string;
  readonly runs: () => number;
};

/** Writes a `sh` script that counts its runs. */
export function helperScript(at: Pick<Machine, "home" | "write">, body: string): HelperScript {
  const log = join(at.home, "helper-runs");
  const command = at.write("bin/key-helper", `#!/bin/sh\necho run >>'${log}'\n${body}\n`, 0o700);
  return {
    command,
    runs: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n").length : 0),
  };
}
