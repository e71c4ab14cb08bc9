import { accessSync, constants, lchownSync, readdirSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { missingPrograms } from "./needs.ts";
import { type Machine, QWEN, type Ran, type RunOptions } from "./qwen.ts";
import { run } from "./shell.ts";

/** A user that is not root and owns nothing: `nobody`. */
export const NOBODY = 65534;

/** A user without an entry in the passwd file, as containers run with `--user`. */
export const STRANGER = 61234;

const AS_NOBODY = switchTo(NOBODY);

function switchTo(uid: number): readonly string[] {
  return ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"];
}

/** Why nothing can be run as another user here: not root, no `setpriv`, a closed directory. */
export function cannotBeNobody(): string | undefined {
  if (process.getuid?.() !== 0) {
    return "only root can run a test as another user";
  }
  const missing = missingPrograms("setpriv");
  if (missing !== undefined) {
    return missing;
  }
  const { exitCode } = Bun.spawnSync([...AS_NOBODY, binary(), "--version"], {
    env: {},
    stdio: ["ignore", "ignore", "ignore"],
  });
  return exitCode === 0 ? undefined : `\`${binary()}\` cannot be run as user ${NOBODY}`;
}

/** Runs the binary as `nobody`; give the machine away first. */
export function qwenAsNobody(
  machine: Machine,
  args: readonly string[],
  options?: RunOptions,
): Promise<Ran> {
  return run(machine, [...AS_NOBODY, binary(), ...args], options);
}

/** Runs the binary as a user whom the passwd file does not know. */
export function qwenAsStranger(
  machine: Machine,
  args: readonly string[],
  options?: RunOptions,
): Promise<Ran> {
  return run(machine, [...switchTo(STRANGER), binary(), ...args], options);
}

/** Runs a `sh` script as `nobody`. */
export function shellAsNobody(
  machine: Machine,
  script: string,
  options?: RunOptions,
): Promise<Ran> {
  return run(machine, [...AS_NOBODY, "sh", "-c", script], options);
}

/** Makes a path and all below it the property of `uid`. */
export function giveAway(path: string, uid: number = NOBODY): void {
  lchownSync(path, uid, uid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) {
      giveAway(child, uid);
    } else {
      lchownSync(child, uid, uid);
    }
  }
}

function binary(): string {
  accessSync(dirname(QWEN), constants.R_OK);
  return realpathSync(QWEN);
}
