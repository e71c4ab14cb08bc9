import picocolors from "picocolors";

/** The style for a stream that shows colour. The only importer of picocolors. */
export function colorStyle() {
  const { bold, dim, red, green, yellow, cyan } = picocolors.createColors(true);
  return { bold, dim, red, green, yellow, cyan };
}
