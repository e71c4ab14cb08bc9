import { join } from "node:path";

/** Bun as the checkout has it: the one that runs the tests may lie in a closed home. */
const CHECKOUT_BUN = join(import.meta.dir, "..", "..", "node_modules", ".bin", "bun");

/** Why no script can be run as another user here: not root, or Bun or the checkout is closed. */
export function cannotRunAs(uid: number): string | undefined {
  if (process.getuid?.() !== 0) {
    return "only root can run a test as another user";
  }
  const script = join(import.meta.dir, "replace-file.ts");
  const argv = [
    CHECKOUT_BUN,
    "--no-env-file",
    "-e",
    `await Bun.file(${JSON.stringify(script)}).text()`,
  ];
  try {
    const { success } = Bun.spawnSync(argv, { uid, stdio: ["ignore", "ignore", "ignore"] });
    return success ? undefined : `Bun or the checkout cannot be read by user ${uid}`;
  } catch {
    return `Bun cannot be run by user ${uid}`;
  }
}

/** Starts `test/support/<name>` as a process of its own. */
export function startScript(name: string, argv: readonly string[], uid?: number) {
  const bun = uid === undefined ? process.execPath : CHECKOUT_BUN;
  return Bun.spawn([bun, "--no-env-file", join(import.meta.dir, name), ...argv], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
    ...(uid === undefined ? {} : { uid }),
  });
}

/** Runs `test/support/<name>` to its end and returns what it printed, trimmed. */
export async function runScript(name: string, argv: readonly string[], uid?: number) {
  const script = startScript(name, argv, uid);
  const text = await script.stdout.text();
  await script.exited;
  return text.trim();
}

/** Waits until the script has printed something, and returns it, trimmed. */
export async function nextOutput(script: ReturnType<typeof startScript>): Promise<string> {
  const reader = script.stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  return new TextDecoder().decode(value).trim();
}
