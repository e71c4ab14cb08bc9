import type { WireProtocol } from "./chat-event.ts";

/** What a page of a list says of those behind it, as services write it. */
export type PageEnd = {
  /** OpenAI, Anthropic: there is more behind `lastId`. */
  readonly hasMore?: boolean;
  readonly lastId?: string;
  /** Gemini */
  readonly token?: string;
  /** A URL, whole or relative. */
  readonly next?: string;
};

/** What names a page in a query; anything else of it belongs to the endpoint. */
const CURSORS: readonly string[] = [
  ...["after", "after_id", "starting_after", "cursor", "offset"],
  ...["page", "pageToken", "page_token"],
];

export type Cursor = ReadonlyMap<string, string>;

export type NextPage =
  | { readonly kind: "none" }
  | { readonly kind: "page"; readonly cursor: Cursor }
  /** There is more, and nothing says how to get it that may be followed. */
  | { readonly kind: "lost" };

type From = {
  /** Where the list is. */
  readonly url: string;
  readonly protocol: WireProtocol;
  /** The id of the page's last model. */
  readonly last: string | undefined;
};

/**
 * Which page is the next one of a list. A server chooses nothing but the page: neither host nor
 * path, nor what else stands in the query (`spec/trust-and-secrets.md`, the pair of key and URL).
 */
export function nextPage(
  { hasMore = false, lastId = "", token = "", next = "" }: PageEnd,
  { url, protocol, last }: From,
): NextPage {
  if (token !== "") {
    return pageOf(url, new Map([["pageToken", token]]));
  }
  if (next !== "") {
    const parsed = URL.parse(next, url);
    const isList = parsed !== null && withoutQuery(parsed) === withoutQuery(new URL(url));
    const named = [...(parsed?.searchParams ?? [])].filter(([name]) => CURSORS.includes(name));
    return isList ? pageOf(url, new Map(named)) : { kind: "lost" };
  }
  if (!hasMore) {
    return { kind: "none" };
  }
  const id = lastId || last;
  const name = protocol === "anthropic" ? "after_id" : "after";
  return pageOf(url, new Map(id === undefined ? [] : [[name, id]]));
}

/** A page that the endpoint's own query names already is none that can be chosen. */
function pageOf(url: string, cursor: Cursor): NextPage {
  const { searchParams } = new URL(url);
  const isFree = [...cursor.keys()].every((name) => !searchParams.has(name));
  return cursor.size > 0 && isFree ? { kind: "page", cursor } : { kind: "lost" };
}

/** A URL of the endpoint with the page that is wanted. */
export function atPage(href: string, cursor: Cursor): string {
  if (cursor.size === 0) {
    return href;
  }
  const url = new URL(href);
  for (const [name, value] of cursor) {
    url.searchParams.set(name, value);
  }
  return url.href;
}

function withoutQuery({ origin, username, password, pathname }: URL): string {
  return [origin, username, password, pathname].join("\n");
}
