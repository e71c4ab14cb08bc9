import type { Flags } from "../flag.ts";
import { JSON_FLAG } from "../global-flags.ts";
import { SCOPE_FLAG } from "../login-flags.ts";

/** The flags of `auth logout`. */
export const LOGOUT_FLAGS: Flags = {
  provider: {
    type: "string",
    valueHint: "NAME",
    description: "This one: a name of `qwen auth list`, or a host",
    offer: async () => [...(await import("./provider-offers.ts")).PROVIDER_IDS, "qwen-oauth"],
  },
  account: {
    type: "string",
    valueHint: "NAME",
    description: "This named key alone, of the provider",
    offer: "accounts",
  },
  all: { type: "boolean", description: "All stored keys and tokens" },
  ...SCOPE_FLAG,
  ...JSON_FLAG,
};
