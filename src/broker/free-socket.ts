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
    ? (await isListening({ unix: path }))
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

type Address = { readonly unix: string } | { readonly hostname: string; readonly port: number };

/** Whether anybody takes connections there. */
export async function isListening(address: Address): Promise<boolean> {
  try {
    const handlers = { data: () => undefined };
    const socket = await ("unix" in address
      ? Bun.connect({ unix: address.unix, socket: handlers })
      : Bun.connect({ ...address, socket: handlers }));
    socket.terminate();
    return true;
  } catch {
    return false;
  }
}
