import { CONNECTION_FLAGS } from "../connection-flags.ts";
import type { Flags } from "../flag.ts";
import { JSON_FLAG } from "../global-flags.ts";

/** The flags of `auth status`. */
export const STATUS_FLAGS: Flags = {
  ...JSON_FLAG,
  verify: { type: "boolean", description: "Ask the service whether it takes the key" },
  "show-token": { type: "boolean", description: "Show the key in full" },
  ...CONNECTION_FLAGS,
};
