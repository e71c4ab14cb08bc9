import { lstatSync, rmSync } from "node:fs";
import { QwenError } from "../errors.ts";

/**
 * Makes room for a socket: one that nobody listens on is what a killed broker left.
 * @throws QwenError when somebody does, or something else stands there
 */
export async function freeSocket(path: string): Promise<void> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    return;
  }
  const why = stats.isSocket()
    ? (await isListening(path))
      ? "another program listens there"
      : undefined
    : "something else stands there";
  if (why !== undefined) {
    throw new QwenError(`Cannot listen on ${path}: ${why}`, {
      code: "cannot-listen",
      hint: "name another path with `--listen unix:PATH`",
    });
  }
  rmSync(path, { force: true });
}

async function isListening(path: string): Promise<boolean> {
  try {
    const socket = await Bun.connect({ unix: path, socket: { data: () => undefined } });
    socket.terminate();
    return true;
  } catch {
    return false;
  }
}
