import { withoutQuotes } from "./without-quotes.ts";

/** An endpoint's URL, or the reason why it cannot be one. */
export type ParsedEndpoint =
  | {
      readonly kind: "url";
      readonly url: URL;
      /**
       * The one form that is stored, compared, sent to and shown: ASCII alone, host and path as a
       * request has them, no slash at the end, no fragment, nothing that a request adds.
       */
      readonly href: string;
    }
  | { readonly kind: "invalid"; readonly reason: string };

const NO_SCHEME = "it must begin with https:// or http://";

/** What `URL` reads as something else, or leaves out, and a person reads over. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: \p{Cc} takes eight times as long to load
const DECEPTIVE = /[\\\x00-\x1f\x7f-\x9f\u2028\u2029]/;

/**
 * Reads an endpoint, once, where it comes in (`spec/trust-and-secrets.md`): `http:` and `https:`
 * URLs without user info, and none that reads otherwise than it is requested. Space around it
 * and one pair of quotes are taken off.
 */
export function parseEndpoint(text: string): ParsedEndpoint {
  const bare = text.trim();
  const trimmed = withoutQuotes(bare) ?? bare;
  const url = URL.parse(trimmed);
  if (url === null) {
    return { kind: "invalid", reason: `it is not a URL; ${NO_SCHEME}` };
  }
  if (!/^https?:\/\/(?!\/)/i.test(trimmed)) {
    return { kind: "invalid", reason: NO_SCHEME };
  }
  if (DECEPTIVE.test(trimmed)) {
    return { kind: "invalid", reason: "it must not contain a backslash or a control character" };
  }
  if (url.username !== "" || url.password !== "") {
    return { kind: "invalid", reason: "it must not contain a user name or password" };
  }
  return { kind: "url", url, href: normalForm(url) };
}

/** An endpoint in its one form; a text that is none stays as it is. */
export function normalEndpoint(text: string): string {
  const parsed = parseEndpoint(text);
  return parsed.kind === "url" ? parsed.href : text;
}

/** An endpoint as it may be shown: its one form, and nothing of what cannot be one. */
export function shownEndpoint(text: string | undefined): string | undefined {
  const parsed = parseEndpoint(text ?? "");
  return parsed.kind === "url" ? parsed.href : undefined;
}

/** Why `text` is no base URL, as a clause. */
export function baseUrlComplaint(text: string): string | undefined {
  const parsed = parseEndpoint(text);
  if (parsed.kind === "invalid") {
    return parsed.reason;
  }
  // A gateway may end in `/models`, but who types that at a login has copied the list's address.
  const path = requestPathOf(parsed.url) ?? /\/models\/*$/.exec(parsed.url.pathname)?.[0];
  return path === undefined ? undefined : `it must end before \`${path}\`, which is added to it`;
}

/** The host and port of a URL; of a text that is none, the text. */
export function hostOf(baseUrl: string): string {
  return URL.parse(baseUrl)?.host ?? baseUrl;
}

/** Whether two endpoints are the same one, or both absent; a trailing slash makes no difference. */
export function sameEndpoint(left: string | undefined, right: string | undefined): boolean {
  return normalEndpoint(left ?? "") === normalEndpoint(right ?? "");
}

/** What protocols add to the query of an endpoint, beside what stands there. */
export const ADDED_QUERY = { alt: "sse", pageSize: "1000", limit: "1000" } as const;

/**
 * Whether what belongs to `endpoint` may go to `url`: a request, or an endpoint that somebody else
 * names (`spec/trust-and-secrets.md`, "The pair is the key and the final URL"). Scheme, host and
 * port are the same, the path of `endpoint` is a whole-segment prefix, what follows it means the
 * same to every server on the way, and the query is that of `endpoint` and what protocols add. A
 * deeper path is in the hands of whoever has the prefix: tenants of a gateway are told apart by
 * paths that stand beside each other.
 */
export function isWithinPair(url: string, endpoint: string): boolean {
  const [inner, outer] = [URL.parse(url), URL.parse(endpoint)];
  if (inner === null || outer === null || siteOf(inner) !== siteOf(outer)) {
    return false;
  }
  const isAnonymous = inner.username === "" && inner.password === "";
  const prefix = withoutEndSlashes(outer.pathname);
  if (!isAnonymous || !inner.pathname.startsWith(prefix)) {
    return false;
  }
  const rest = inner.pathname.slice(prefix.length).replace(/\/$/, "");
  const isBelow = rest === "" || (rest.startsWith("/") && isPlainPath(rest.slice(1)));
  return isBelow && hasQueryOf(inner, outer);
}

/**
 * Whether every segment of an encoded path is one name to everybody who decodes it, once or twice,
 * strictly or not: no dots that climb, nothing that becomes a separator, none that is empty.
 */
export function isPlainPath(path: string): boolean {
  return path.split("/").every(isPlainSegment);
}

/** A path, or a name that becomes one, with each segment encoded. */
export function encodePath(path: string): string {
  return path
    .split("/")
    .map((segment) => encodeURIComponent(segment.toWellFormed()))
    .join("/");
}

function isPlainSegment(segment: string): boolean {
  if (/^\w+$/.test(segment)) {
    return true;
  }
  try {
    const name = decodeURIComponent(segment).normalize("NFKC");
    // Some servers drop blanks around a name, and dots behind it.
    const isDots = /^[\s.]*$/.test(name);
    // A colon at the end is the scheme of another address; some take other slashes for one.
    return (
      !isDots && !/%2e/i.test(segment) && !/[/\\;%?#\p{Cc}\p{Cf}\u2044\u2215\u29f8]|:$/u.test(name)
    );
  } catch {
    return false;
  }
}

function hasQueryOf(inner: URL, outer: URL): boolean {
  const added = Object.entries(ADDED_QUERY)
    .filter(([name, value]) => inner.searchParams.getAll(name).join() === value)
    .map(([name]) => name);
  const withoutAdded = ({ searchParams }: URL): string =>
    JSON.stringify([...searchParams].filter(([name]) => !added.includes(name)));
  return inner.search === outer.search || withoutAdded(inner) === withoutAdded(outer);
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
  // What servers print as the address that they listen at; as a target it is this machine.
  if (host === "0.0.0.0") {
    return true;
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

function normalForm(url: URL): string {
  const path = withoutEndSlashes(url.pathname);
  const added = requestPathOf(url) ?? "";
  return `${siteOf(url)}${withoutEndSlashes(path.slice(0, path.length - added.length))}${url.search}`;
}

/**
 * What an address has that was copied from a request, such as `/chat/completions`: clients add it
 * themselves, so an endpoint ends before it.
 */
export function requestPathOf({ pathname }: URL): string | undefined {
  return REQUEST_PATH.exec(withoutEndSlashes(pathname))?.[0];
}

/** Some services have `/models` at the end of their base: a request has a version before it. */
const REQUEST_PATH =
  /\/(?:chat\/completions|completions|responses|messages(?:\/count_tokens)?)$|(?<=\/v\d\w*)\/models(?:\/[^/]+:\w*[gG]enerateContent)?$/;

function withoutEndSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === "/") {
    end -= 1;
  }
  return path.slice(0, end);
}

/** Scheme, host and port; unlike `origin` also for schemes that browsers call opaque. */
function siteOf({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}

/**
 * A URL as a trace shows it: no user, no password, and of the query the names alone, because no
 * list tells which of its values are secrets. Nor a part of the path that may be a key, where that
 * is asked for.
 */
export function shownUrl(text: string, mayBeKey = (_part: string): boolean => false): string {
  const url = URL.parse(text);
  if (url === null) {
    return "no URL";
  }
  const names = [...url.searchParams.keys()];
  const parts = url.pathname.split("/").map((part) => (mayBeKey(part) ? "***" : part));
  const path = url.pathname === "/" ? "" : parts.join("/");
  return `${url.protocol}//${url.host}${path}${names.length === 0 ? "" : `?${names.join("&")}`}`;
}
