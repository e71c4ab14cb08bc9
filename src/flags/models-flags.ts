import { CONNECTION_FLAGS } from "./connection-flags.ts";
import type { Flags } from "./flag.ts";
import { JSON_FLAG } from "./global-flags.ts";

/** The flags of `models`. */
export const MODELS_FLAGS: Flags = {
  ...JSON_FLAG,
  remote: { type: "boolean", description: "Ask the endpoint" },
  ...CONNECTION_FLAGS,
};
