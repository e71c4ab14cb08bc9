import { join } from "node:path";

/** Starts `test/support/<name>` as a process of its own. */
export function startScript(name: string, argv: readonly string[], uid?: number) {
  return Bun.spawn([process.execPath, "--no-env-file", join(import.meta.dir, name), ...argv], {
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
