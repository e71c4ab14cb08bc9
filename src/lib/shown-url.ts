/**
 * A URL as a trace shows it: no user, no password, no part of the path that may be a key, and of
 * the query the names alone, because no list tells which of its values are secrets.
 */
export function shownUrl(text: string, mayBeKey: (part: string) => boolean): string {
  const url = URL.parse(text);
  if (url === null) {
    return "no URL";
  }
  const names = [...url.searchParams.keys()];
  const parts = url.pathname.split("/").map((part) => (mayBeKey(part) ? "***" : part));
  const path = url.pathname === "/" ? "" : parts.join("/");
  return `${url.protocol}//${url.host}${path}${names.length === 0 ? "" : `?${names.join("&")}`}`;
}
