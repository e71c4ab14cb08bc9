import { once } from "node:events";
import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import {
  type Connection,
  closeWith,
  createInbox,
  type Place,
  type Tls,
} from "./open-connection.ts";

type Inner = {
  readonly inner: Tls & { readonly serverName: string };
  /** What is said on the outer connection before the inner one begins. */
  readonly prepare: (outer: Connection) => Promise<void>;
  readonly signal: AbortSignal;
};

/**
 * TLS over TLS: a tunnel through a proxy that itself speaks TLS. Bun's sockets cannot do that, its
 * `node:tls` can; it costs much to load, and few need it.
 * Rejects as `openSecure` does.
 */
export async function openSecureInSecure(
  { hostname, port, ...tls }: Place & Tls,
  { inner: { serverName, ...inner }, prepare, signal }: Inner,
): Promise<Connection> {
  const outer = connect({ port, ...named(hostname), ...mutable(tls) });
  closeWith(signal, { close: () => outer.destroy() });
  await once(outer, "secureConnect");
  await prepare(connectionOver(outer));
  for (const event of ["data", "end", "close", "error"]) {
    outer.removeAllListeners(event);
  }
  outer.pause();
  const socket = connect({ socket: outer, ...named(serverName), ...mutable(inner) });
  await once(socket, "secureConnect");
  const connection = connectionOver(socket);
  closeWith(signal, connection);
  return connection;
}

/** The host that the certificate must be for; an address cannot be told to the server. */
function named(host: string): { readonly host: string; readonly servername?: string } {
  return isIP(host) === 0 ? { host, servername: host } : { host };
}

function mutable({ ca, ...tls }: Tls) {
  return {
    ...tls,
    rejectUnauthorized: true,
    ALPNProtocols: ["http/1.1"],
    ...(ca === undefined ? {} : { ca: [...ca] }),
  };
}

function connectionOver(socket: TLSSocket): Connection {
  const inbox = createInbox();
  socket.on("data", (bytes) => {
    if (inbox.push(Buffer.from(bytes)) === "enough") {
      socket.pause();
    }
  });
  socket.on("end", () => inbox.end());
  socket.on("error", inbox.end);
  socket.on("close", () => inbox.end());
  return {
    read: () => inbox.read(() => socket.resume()),
    write: (bytes) => {
      socket.write(bytes);
    },
    close: (reason) => {
      inbox.end(reason);
      socket.destroy();
    },
  };
}
