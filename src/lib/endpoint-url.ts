/** An endpoint's URL, or the reason why it cannot be one. */
export type ParsedEndpoint =
  | { readonly kind: "url"; readonly url: URL }
  | { readonly kind: "invalid"; readonly reason: string };

/** Accepts `http:` and `https:` URLs without user info. */
export function parseEndpoint(text: string): ParsedEndpoint {
  const url = URL.parse(text);
  if (url === null) {
    return { kind: "invalid", reason: "it is not a URL; it must begin with https:// or http://" };
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return { kind: "invalid", reason: "it must begin with https:// or http://" };
  }
  if (url.username !== "" || url.password !== "") {
    return { kind: "invalid", reason: "it must not contain a user name or password" };
  }
  return { kind: "url", url };
}

/** The host and port of a URL; of a text that is none, the text. */
export function hostOf(baseUrl: string): string {
  return URL.parse(baseUrl)?.host ?? baseUrl;
}

/** Whether two endpoints are the same one; a trailing slash makes no difference. */
export function sameEndpoint(left: string, right: string): boolean {
  return normalize(left) === normalize(right);
}

/**
 * Whether `endpoint` is `known` or lies below it: same scheme, host and port, and the path of
 * `known` is a whole-segment prefix.
 */
export function isEndpointWithin(endpoint: string, known: string): boolean {
  const [inner, outer] = [URL.parse(endpoint), URL.parse(known)];
  if (inner === null || outer === null || siteOf(inner) !== siteOf(outer)) {
    return false;
  }
  const prefix = outer.pathname.replace(/\/+$/, "");
  return inner.pathname === prefix || inner.pathname.startsWith(`${prefix}/`);
}

/**
 * Whether a host is on this machine or in a private network, judged by its name alone: loopback,
 * RFC 1918, RFC 4193 and link-local literals, single-label names, `.local`, `.internal`, `.lan`
 * and `host.docker.internal` (`spec/settings-and-env.md`).
 */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/\.$/, "").toLowerCase();
  if (host.startsWith("[")) {
    return isPrivateIpv6(host.slice(1, -1));
  }
  const octets = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(host);
  if (octets !== null) {
    return isPrivateIpv4(Number(octets[1]), Number(octets[2]));
  }
  return !host.includes(".") || PRIVATE_SUFFIXES.some((suffix) => host.endsWith(suffix));
}

/** Whether a host is this machine itself: what goes there cannot be read on the way. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}

const PRIVATE_SUFFIXES = [".local", ".internal", ".lan", ".localhost"];

function isPrivateIpv4(first: number, second: number): boolean {
  return (
    first === 127 ||
    first === 10 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254)
  );
}

function isPrivateIpv6(address: string): boolean {
  const mapped = /^::ffff:([0-9a-f]+):[0-9a-f]+$/.exec(address);
  if (mapped !== null) {
    const high = Number.parseInt(mapped[1] ?? "", 16);
    return isPrivateIpv4(high >> 8, high & 0xff);
  }
  return (
    address === "::1" || /^f[cd][0-9a-f]{2}:/.test(address) || /^fe[89ab][0-9a-f]:/.test(address)
  );
}

function normalize(endpoint: string): string {
  const url = URL.parse(endpoint);
  return url === null ? endpoint : `${siteOf(url)}${url.pathname.replace(/\/+$/, "")}${url.search}`;
}

/** Scheme, host and port; unlike `origin` also for schemes that browsers call opaque. */
function siteOf({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}
