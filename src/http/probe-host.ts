import { lookup } from "node:dns/promises";
import { connect as connectTcp, isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Network } from "./http.ts";

/** A host without brackets, and a port. */
export type HostAndPort = { readonly host: string; readonly port: number };

export type Handshake = {
  /** `TLSv1.3` */
  readonly version: string;
  /** The end of the certificate's life, as the certificate has it. */
  readonly validTo: string;
};

/**
 * The addresses of a host.
 * @throws the error of the system, or what `signal` was aborted with
 */
export async function lookUp(host: string, signal: AbortSignal): Promise<readonly string[]> {
  const found = await unlessAborted(signal, lookup(host, { all: true }));
  return found.map(({ address }) => address);
}

/**
 * Opens a connection and closes it.
 * @throws the error of the system, or what `signal` was aborted with
 */
export async function tryTcp({ host, port }: HostAndPort, signal: AbortSignal): Promise<void> {
  const socket = connectTcp({ host, port });
  const connected = new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.on("error", reject);
  });
  try {
    await unlessAborted(signal, connected);
  } finally {
    socket.destroy();
  }
}

/**
 * Shakes hands, checks the certificate and closes the connection; nothing else is sent.
 * @throws the error of the system, or what `signal` was aborted with
 */
export async function tryTls(
  { host, port }: HostAndPort,
  { authorities, client }: Pick<Network, "authorities" | "client">,
  signal: AbortSignal,
): Promise<Handshake> {
  const socket = connectTls({
    host,
    port,
    // An address is no name that a server could be asked for.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
    ...(authorities === undefined ? {} : { ca: [...authorities] }),
    ...client,
  });
  const secured = new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.on("error", reject);
    socket.once("close", () => reject(new Error("the connection was closed in the handshake")));
  });
  try {
    await unlessAborted(signal, secured);
    const { valid_to: validTo } = socket.getPeerCertificate();
    return { version: socket.getProtocol() ?? "TLS", validTo };
  } finally {
    socket.destroy();
  }
}

/** Rejects with the reason of `signal` as soon as it is aborted; `work` goes on unheard. */
async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
