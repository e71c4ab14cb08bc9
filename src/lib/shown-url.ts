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
