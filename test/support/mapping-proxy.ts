import { afterAll } from "bun:test";
import { createServer, type Socket, connect as tcpConnect } from "node:net";

export type MappingProxy = {
  /** `http://127.0.0.1:PORT`, for `HTTPS_PROXY`. */
  readonly url: string;
  /** `HOST:PORT` of every CONNECT, in their order. */
  readonly seen: readonly string[];
};

/**
 * A proxy that leads every CONNECT, whatever its host, to `port` on this machine, so that real host
 * names can be tried against a server of the test's (`selfSigned` makes its certificate). Stops
 * after the tests.
 */
export async function mappingProxy(port: number): Promise<MappingProxy> {
  const seen: string[] = [];
  const open = new Set<Socket>();
  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
  };
  const server = createServer((client) => {
    keep(client);
    let head = "";
    const readHead = (bytes: Buffer): void => {
      head += bytes.toString("latin1");
      if (!head.includes("\r\n\r\n")) {
        return;
      }
      client.off("data", readHead);
      const [, target] = /^CONNECT (\S+) HTTP/.exec(head) ?? [];
      if (target === undefined) {
        client.end("HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\n\r\n");
        return;
      }
      seen.push(target);
      const upstream = tcpConnect({ host: "127.0.0.1", port });
      keep(upstream);
      upstream.on("connect", () => {
        client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
        client.pipe(upstream);
        upstream.pipe(client);
      });
    };
    client.on("data", readHead);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  afterAll(() => {
    server.close();
    for (const socket of open) {
      socket.destroy();
    }
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    seen,
  };
}
