import type { Argument, Flags } from "../flag.ts";
import { JSON_FLAG } from "../global-flags.ts";
import { SCOPE_FLAG } from "../login-flags.ts";

/** The flags of `auth switch`. */
export const SWITCH_FLAGS: Flags = { ...SCOPE_FLAG, ...JSON_FLAG };

/** The word of `auth switch`. */
export const SWITCH_ARGUMENT: Argument = {
  type: "positional",
  name: "model",
  description: "An id, id@host, a name, a provider, or PROVIDER@ACCOUNT",
  offer: "choices",
};
