/**
 * The style for a stream that shows colour. The only importer of picocolors, which asks
 * `process.stdout` for itself when it is loaded, unless a variable says it all: that takes longer
 * than everything else here, and whether there is colour is decided by `chooseStyle`. So it is
 * loaded within one call, with the variable set for as long as that takes.
 */
export function colorStyle() {
  // biome-ignore lint/style/noRestrictedGlobals: the environment that picocolors looks at
  const { env } = process;
  const { NO_COLOR } = env;
  env.NO_COLOR = "1";
  try {
    const { createColors }: typeof import("picocolors") = require("picocolors");
    const { bold, dim, italic, strikethrough, red, green, yellow, cyan } = createColors(true);
    return { bold, dim, italic, strike: strikethrough, red, green, yellow, cyan };
  } finally {
    if (NO_COLOR === undefined) {
      delete env.NO_COLOR;
    } else {
      env.NO_COLOR = NO_COLOR;
    }
  }
}
