import { networkInterfaces, hostname as systemName } from "node:os";
import { UsageError } from "../errors.ts";
import { isLoopbackHost } from "../lib/endpoint-url.ts";
import { describeSystemError, systemErrorCode } from "../lib/system-error.ts";
import type { Listener } from "./serve-broker.ts";

/** Where nothing is said. */
const LOOPBACK: Listener = { kind: "tcp", hostname: "127.0.0.1", port: 0 };

/** The longest path that every system takes for a socket. */
const LONGEST_PATH = 103;

/**
 * Reads `--listen`: `HOST:PORT`, `[ADDRESS]:PORT` or `unix:PATH`.
 * @param resolve makes a path absolute
 * @throws UsageError for anything else
 */
export function parseListener(
  text: string | undefined,
  resolve: (path: string) => string,
): Listener {
  if (text === undefined) {
    return LOOPBACK;
  }
  if (text.startsWith("unix:")) {
    const path = text.slice("unix:".length);
    if (path === "" || Buffer.byteLength(resolve(path)) > LONGEST_PATH) {
      throw invalid(path === "" ? "the path is missing" : "the path is too long for a socket");
    }
    return { kind: "unix", path: resolve(path) };
  }
  const [, hostname = "", digits = ""] = /^(\[[0-9a-f:.]+\]|[\w.-]+):(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (hostname === "" || port > 65_535) {
    throw invalid("it is no HOST:PORT and no unix:PATH");
  }
  return { kind: "tcp", hostname, port };
}

function invalid(why: string): UsageError {
  return new UsageError(`Cannot use \`--listen\`: ${why}`, {
    code: "invalid-value",
    hint: "write `--listen 127.0.0.1:8765`, or `--listen unix:PATH`",
  });
}

/** Why it cannot listen there. What Bun says of an address that is none of this machine's varies. */
export function whyNotListening(listener: Listener, error: unknown): string {
  if (listener.kind === "unix" || isOwnAddress(listener.hostname)) {
    return systemErrorCode(error) === "EADDRINUSE"
      ? "another program listens there"
      : describeSystemError(error);
  }
  return NUMBERS.test(listener.hostname)
    ? "this machine has no such address"
    : "the name is none of this machine's, or another program listens there";
}

const NUMBERS = /^[\d.]+$|:/;

function isOwnAddress(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return (
    isLoopbackHost(hostname) ||
    ["0.0.0.0", "::", systemName().toLowerCase()].includes(address) ||
    own.some((each) => each.address === address)
  );
}

/** Whether others than this machine may be able to connect. */
export function isOpenToOthers(listener: Listener): boolean {
  return listener.kind === "tcp" && !isLoopbackHost(listener.hostname);
}

/** Where clients find it. */
export function urlOf(listener: Listener, port: number): string {
  if (listener.kind === "unix") {
    return "http://localhost";
  }
  const isAny = listener.hostname === "0.0.0.0" || listener.hostname === "[::]";
  return `http://${isAny ? "127.0.0.1" : listener.hostname}:${port}`;
}

/** What `Host` may be: the broker's own names, each with its port. */
export function hostsOf(
  listener: Listener,
  port: number,
  allowed: readonly string[],
): ReadonlySet<string> {
  if (listener.kind === "unix") {
    return new Set(["localhost", ...allowed.map(lower)]);
  }
  const names = ["127.0.0.1", "localhost", "[::1]", listener.hostname, ...allowed].map(lower);
  // Clients leave out the port that the scheme has anyway.
  return new Set(
    names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])),
  );
}

function lower(name: string): string {
  return name.toLowerCase();
}
