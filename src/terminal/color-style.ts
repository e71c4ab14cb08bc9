import picocolors from "picocolors";
import type { Style } from "./style.ts";

/** The style for a stream that shows colour. The only importer of picocolors. */
export function colorStyle(): Style {
  const { bold, dim, red, green, yellow, cyan } = picocolors.createColors(true);
  return { bold, dim, red, green, yellow, cyan };
}
