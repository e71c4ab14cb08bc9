import {
  type Connection,
  openPlain,
  openSecure,
  type Place,
  systemError,
  type Tls,
} from "./open-connection.ts";
import { readHead } from "./read-head.ts";

export type Way = {
  readonly connection: Connection;
  /** The target of the request line: a proxy wants the whole URL where it forwards. */
  readonly target: string;
  /** For a proxy that forwards: what it wants to know. */
  readonly headers: Readonly<Record<string, string>>;
};

type WayOptions = {
  readonly tls: Tls;
  /** A URL with its credentials; `undefined`: none. */
  readonly proxy: string | undefined;
  /** Ends whatever is open of it, at any time. */
  readonly signal: AbortSignal;
};

/**
 * Connects to the host of a URL, over a proxy where there is one: a request over `http:` is handed
 * to it whole, for `https:` it makes a tunnel and sees nothing.
 * Rejects with an error that has a `code`, as `fetch` does (`http/network-failure.ts`).
 */
export async function openWay(url: URL, { tls, proxy, signal }: WayOptions): Promise<Way> {
  const path = `${url.pathname}${url.search}`;
  const place = placeOf(url);
  const isSecure = url.protocol === "https:";
  if (proxy === undefined) {
    const connection = await (isSecure ? openSecure(place, tls, signal) : openPlain(place, signal));
    return { connection, target: path, headers: {} };
  }
  const by = proxyUrl(proxy);
  if (isSecure) {
    const connection = await openTunnel(place, { by, tls, signal });
    return { connection, target: path, headers: {} };
  }
  const connection = await (by.protocol === "https:"
    ? openSecure(placeOf(by), proxyTls(tls), signal)
    : openPlain(placeOf(by), signal));
  return { connection, target: `${url.origin}${path}`, headers: proxyHeaders(by) };
}

/** @throws Error with a code when it is no address of a proxy */
function proxyUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) {
    throw systemError("ERR_INVALID_ARG_VALUE", "the address of the proxy is no URL");
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw systemError(
      "UnsupportedProxyProtocol",
      "only http:// and https:// proxies are supported",
    );
  }
  return url;
}

/** A proxy is shown no client certificate. */
function proxyTls({ ca }: Tls): Tls {
  return { ca };
}

type Tunnel = Pick<WayOptions, "tls" | "signal"> & { readonly by: URL };

async function openTunnel(to: Place, { by, tls, signal }: Tunnel): Promise<Connection> {
  const serverName = to.hostname;
  if (by.protocol === "https:") {
    const { openSecureInSecure } = await import("./secure-in-secure.ts");
    const outer = { ...placeOf(by), ...proxyTls(tls) };
    return openSecureInSecure(outer, {
      inner: { ...tls, serverName },
      prepare: (connection) => askForTunnel(connection, to, by),
      signal,
    });
  }
  const plain = await openPlain(placeOf(by), signal);
  await askForTunnel(plain, to, by);
  return plain.upgrade({ ...tls, serverName });
}

/** Rejects when the proxy refuses, with the status that it gave. */
async function askForTunnel(connection: Connection, to: Place, by: URL): Promise<void> {
  const host = `${to.hostname.includes(":") ? `[${to.hostname}]` : to.hostname}:${to.port}`;
  const headers = Object.entries({ host, ...proxyHeaders(by) });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  connection.write(new TextEncoder().encode(`CONNECT ${host} HTTP/1.1\r\n${lines.join("")}\r\n`));
  const refused = await readHead(connection).then(
    ({ status }) =>
      status <= 299 ? undefined : systemError("ERR_PROXY_TUNNEL", `the proxy answered ${status}`),
    // Nothing of the server's was heard yet.
    (error: unknown) => systemError("ERR_PROXY_TUNNEL", "the proxy gave no answer", error),
  );
  if (refused !== undefined) {
    connection.close(refused);
    throw refused;
  }
}

function proxyHeaders(by: URL): Record<string, string> {
  const credentials = basicCredentials(by);
  return {
    "proxy-connection": "close",
    ...(credentials === undefined ? {} : { "proxy-authorization": credentials }),
  };
}

/** User name and password of a URL as a header has them; `undefined`: there are none. */
export function basicCredentials({ username, password }: URL): string | undefined {
  const credentials = `${decoded(username)}:${decoded(password)}`;
  return credentials === ":" ? undefined : `Basic ${Buffer.from(credentials).toString("base64")}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that stands for itself.
    return text;
  }
}

function placeOf({ hostname, port, protocol }: URL): Place {
  const usual = protocol === "https:" ? 443 : 80;
  return {
    hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? usual : Number(port),
  };
}
