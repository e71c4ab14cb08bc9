/**
 * A URL as a trace shows it: no user, no password, and of the query the names alone, because no
 * list tells which of its values are secrets.
 */
export function shownUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null) {
    return "no URL";
  }
  const names = [...url.searchParams.keys()];
  const path = url.pathname === "/" ? "" : url.pathname;
  return `${url.protocol}//${url.host}${path}${names.length === 0 ? "" : `?${names.join("&")}`}`;
}
