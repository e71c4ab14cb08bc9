import { CONNECTION_FLAGS } from "../connection-flags.ts";
import type { Flags } from "../flag.ts";
import { JSON_FLAG } from "../global-flags.ts";

/** The flags of `auth token`. */
export const TOKEN_FLAGS: Flags = {
  ...JSON_FLAG,
  ...CONNECTION_FLAGS,
};
