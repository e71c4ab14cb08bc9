import type { Flags } from "../flag.ts";
import { JSON_FLAG } from "../global-flags.ts";

/** The flags of `auth list`. */
export const LIST_FLAGS: Flags = {
  ...JSON_FLAG,
  verify: { type: "boolean", description: "Ask the services whether they take the keys" },
};
