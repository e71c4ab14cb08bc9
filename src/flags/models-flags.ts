import { CONNECTION_FLAGS } from "./connection-flags.ts";
import type { Flags } from "./flag.ts";
import { JSON_FLAG } from "./global-flags.ts";

/** The flags of `models`. */
export const MODELS_FLAGS: Flags = {
  ...JSON_FLAG,
  remote: { type: "boolean", description: "Ask the endpoint" },
  update: { type: "boolean", description: "Add models that endpoints list, mark those gone" },
  provider: {
    type: "string",
    valueHint: "NAME",
    description: "With --update, only of this provider or variable",
    offer: async () => (await import("./auth/provider-offers.ts")).PROVIDER_IDS,
  },
  "dry-run": { type: "boolean", description: "With --update, write nothing" },
  ...CONNECTION_FLAGS,
};
