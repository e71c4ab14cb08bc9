import { shorten } from "../../lib/visible-text.ts";

/** Characters of a title. */
const LONGEST_TITLE = 200;

/** `page "Access denied"`: all that a web page tells in one line. */
export function titleOf(body: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(body)?.[1]?.replace(/\s+/g, " ").trim() ?? "";
  return title === "" ? "" : `page "${shorten(title, LONGEST_TITLE)}"`;
}

/** Whether a body begins as a web page does. */
export function isWebPage(body: string): boolean {
  return /^\ufeff?\s*<(?:!doctype|html|head|body|\?xml|!--)/i.test(body);
}
