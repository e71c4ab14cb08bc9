import { lstatSync, rmSync } from "node:fs";
import { QwenError } from "../errors.ts";
import { readText } from "../lib/files/read-text.ts";
import { isListening } from "./free-socket.ts";
import { TOKEN_VARIABLE } from "./tools/recipe.ts";

/** Bytes; more than a broker writes. */
const LARGEST_ENV_FILE = 64 * 1024;

const OURS = new RegExp(`^${TOKEN_VARIABLE}=qwen-run-`, "m");

/**
 * The file is taken away at the end, so nobody else's may stand there; one that a killed broker left
 * may, and an empty one.
 * @throws QwenError for any other, and for that of a broker that runs
 */
export async function assertFree(path: string): Promise<void> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  const isFile = stats === undefined || stats.isFile();
  if (isFile && (stats === undefined || stats.size === 0)) {
    return;
  }
  const read = isFile ? readText(path, LARGEST_ENV_FILE) : undefined;
  if (read?.kind !== "text" || !OURS.test(read.text)) {
    throw taken(path, "something else stands there");
  }
  if (await isServed(read.text)) {
    throw taken(path, "the broker that wrote it is still there");
  }
}

/** Takes the file away, unless another one has come into its place. */
export function removeOwn(path: string, token: string): void {
  const read = readText(path, LARGEST_ENV_FILE);
  if (read.kind === "text" && read.text.includes(token)) {
    rmSync(path, { force: true });
  }
}

function isServed(text: string): Promise<boolean> {
  const told = (name: string): string | undefined =>
    new RegExp(`^${name}=(.*)$`, "m").exec(text)?.[1];
  const path = told("QWEN_RUN_SOCKET");
  if (path !== undefined) {
    return isListening({ unix: path });
  }
  const url = URL.parse(told("QWEN_RUN_URL") ?? "");
  return url === null
    ? Promise.resolve(false)
    : isListening({ hostname: url.hostname, port: Number(url.port || 80) });
}

function taken(path: string, why: string): QwenError {
  return new QwenError(`Cannot write the variables to \`${path}\`: ${why}`, {
    code: "write-failed",
    hint: "name a new file with `--env-file`",
  });
}
