import { mountNameAt, PREFIXES } from "./mount.ts";
import { type Refusal, refusal } from "./refusal.ts";
import type { TokenCheck } from "./token.ts";

/** What of a request decides whether anybody looks at it. */
export type Knock = {
  readonly method: string;
  /** As Bun gives it: of an absolute target its own, of CONNECT no URL at all. */
  readonly url: string;
  readonly headers: Headers;
};

export type Gate = {
  /** What `Host` may be, in lower case, with the port where it is not that of the scheme. */
  readonly hosts: ReadonlySet<string>;
  readonly hasToken: TokenCheck;
};

/** `probe`: asked, without a token, whether anybody is there. */
export type Entry =
  | Refusal
  | { readonly kind: "probe" }
  | { readonly kind: "request"; readonly url: URL };

/**
 * Who may come in (`spec/broker.md` §3, rules 2 to 4), decided before a path or a body is looked
 * at. A page in a browser reaches loopback addresses as well: by name, which `Host` tells, or by
 * fetch, which `Origin` and `Sec-Fetch-Site` tell. `Sec-Fetch-Mode` says nothing: node sends it, too.
 */
export function knock({ method, url: target, headers }: Knock, { hosts, hasToken }: Gate): Entry {
  if (method === "CONNECT") {
    return refusal(405, "method", "this is no proxy");
  }
  const url = URL.parse(target);
  const host = headers.get("host")?.toLowerCase() ?? "";
  if (url === null || !hosts.has(host) || !hosts.has(url.host)) {
    return refusal(421, "address", "this address is not one of the broker's");
  }
  if (headers.has("origin") || (headers.get("sec-fetch-site") ?? "none") !== "none") {
    return refusal(403, "browser", "pages in a browser are not answered");
  }
  if (isProbe(method, url.pathname)) {
    return { kind: "probe" };
  }
  if (!hasToken({ headers, query: url.searchParams })) {
    return refusal(401, "token", "the token is missing, or that of another run");
  }
  return { kind: "request", url };
}

/** Some releases of claude ask this first, without a credential. */
function isProbe(method: string, pathname: string): boolean {
  const isRead = method === "HEAD" || method === "GET";
  return isRead && mountNameAt(pathname) === "anthropic" && isRoot(pathname);
}

function isRoot(pathname: string): boolean {
  return pathname.replace(/\/$/, "") === PREFIXES.anthropic;
}
