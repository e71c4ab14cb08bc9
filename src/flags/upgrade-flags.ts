import type { Flags } from "./flag.ts";
import { JSON_FLAG } from "./global-flags.ts";

/** The flags of `upgrade`. */
export const UPGRADE_FLAGS: Flags = {
  run: { type: "boolean", description: "Run the line, after it was shown" },
  ...JSON_FLAG,
};
