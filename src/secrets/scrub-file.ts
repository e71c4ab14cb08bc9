import { readFileSync } from "node:fs";
import { inspectFile } from "../lib/inspect-file.ts";
import { updatePrivateFile } from "../lib/private-file.ts";
import type { Runtime } from "../runtime.ts";

/**
 * Takes secrets out of a file that is not ours to understand, such as a copy of settings that an
 * older release left; everything else in it stays. Returns whether one stood there.
 * @throws QwenError when the file cannot be read or written
 */
export async function scrubFile(
  runtime: Pick<Runtime, "uid" | "sleep" | "trace">,
  path: string,
  secrets: readonly string[],
): Promise<boolean> {
  if (secrets.length === 0 || inspectFile(path).kind !== "file") {
    return false;
  }
  const { changed } = await updatePrivateFile(runtime, {
    path,
    read: () => readFileSync(path, "utf8"),
    rewrite: (text) => (text === undefined ? undefined : scrubSecrets(text, secrets)),
  });
  return changed;
}

/** Shorter ones would be found in the middle of words. */
const SHORTEST_SECRET = 8;

/** `text` without any of the secrets, plain or as JSON escapes them. */
export function scrubSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    .sort((left, right) => right.length - left.length)
    .reduce((rest, spelling) => rest.replaceAll(spelling, ""), text);
}
