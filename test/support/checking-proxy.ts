import { afterAll } from "bun:test";
import { Server } from "proxy-chain";

export type CheckingProxy = {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** `HOST:PORT` of every request that was let through, in their order. */
  readonly seen: readonly string[];
  /** How many requests were refused for their credentials. */
  readonly refused: () => number;
};

/** A real proxy on a free port, which wants `user:password` if they are given. */
export async function checkingProxy(credentials?: string): Promise<CheckingProxy> {
  const seen: string[] = [];
  let refused = 0;
  const server = new Server({
    host: "127.0.0.1",
    port: 0,
    prepareRequestFunction: ({ username, password, hostname, port }) => {
      if (credentials !== undefined && `${username}:${password}` !== credentials) {
        refused += 1;
        return { requestAuthentication: true };
      }
      seen.push(`${hostname}:${port}`);
      return {};
    },
  });
  await server.listen();
  afterAll(() => server.close(true));
  return { host: `127.0.0.1:${server.port}`, seen, refused: () => refused };
}
