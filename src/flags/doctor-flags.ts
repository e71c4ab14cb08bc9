import { CONNECTION_FLAGS } from "./connection-flags.ts";
import type { Flags } from "./flag.ts";
import { JSON_FLAG } from "./global-flags.ts";

/** The flags of `doctor`. */
export const DOCTOR_FLAGS: Flags = {
  ...JSON_FLAG,
  all: { type: "boolean", description: "Show on a terminal also the checks that passed" },
  network: { type: "boolean", description: "Try the way to the endpoint: DNS to HTTP" },
  ...CONNECTION_FLAGS,
};
