import type { Argument, Flags } from "../flag.ts";
import { JSON_FLAG } from "../global-flags.ts";
import { KEY_FLAGS } from "../key-flags.ts";

/** The flags of `auth set-key`. */
export const SET_KEY_FLAGS: Flags = { ...KEY_FLAGS, ...JSON_FLAG };

/** The word of `auth set-key`. */
export const SET_KEY_ARGUMENT: Argument = {
  type: "positional",
  name: "variable",
  description: "A provider or a variable, and @ACCOUNT; else what is in force",
  offer: async () => (await import("./provider-offers.ts")).PROVIDER_IDS,
};
