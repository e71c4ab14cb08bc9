import { afterAll } from "bun:test";
import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Certificate } from "../support/tls-server.ts";

export type RawServer = {
  readonly origin: string;
  readonly requests: readonly string[];
  /** What the last client and this one agreed on to speak. */
  readonly protocol: () => unknown;
};

/**
 * A server that is told what to do with the bare connection once the head of a request is there,
 * on a free port until the tests end; over TLS with a certificate.
 */
export async function rawServer(
  reply: (socket: Socket, request: string) => void,
  certificate?: Certificate,
): Promise<RawServer> {
  const requests: string[] = [];
  let protocol: unknown;
  const onSocket = (socket: Socket): void => {
    let head = "";
    const onData = (bytes: Buffer): void => {
      head += bytes.toString("latin1");
      if (head.includes("\r\n\r\n")) {
        socket.off("data", onData);
        socket.resume();
        requests.push(head);
        protocol = "alpnProtocol" in socket ? socket.alpnProtocol : undefined;
        reply(socket, head);
      }
    };
    socket.on("data", onData);
    socket.on("error", () => socket.destroy());
  };
  const server =
    certificate === undefined
      ? createServer(onSocket)
      : createTlsServer({ ...certificate, ALPNProtocols: ["h2", "http/1.1"] }, onSocket);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  afterAll(() => {
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const origin = `http${certificate === undefined ? "" : "s"}://127.0.0.1:${port}`;
  return { origin, requests, protocol: () => protocol };
}
