import type { Flags } from "../flag.ts";
import { STORE_FLAGS } from "../login-flags.ts";
import { VERIFY_FLAGS } from "../verify-flags.ts";

/** The flags of `auth`. */
export const MENU_FLAGS: Flags = { ...VERIFY_FLAGS, ...STORE_FLAGS };
