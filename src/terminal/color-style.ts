import picocolors from "picocolors";

/** The style for a stream that shows colour. The only importer of picocolors. */
export function colorStyle() {
  const { bold, dim, italic, strikethrough, red, green, yellow, cyan } =
    picocolors.createColors(true);
  return { bold, dim, italic, strike: strikethrough, red, green, yellow, cyan };
}
