import { SHELLS } from "../../lib/shell.ts";
import { CONNECTION_FLAGS } from "../connection-flags.ts";
import type { Flags } from "../flag.ts";

/** The flags of `auth env`. */
export const ENV_FLAGS: Flags = {
  shell: {
    type: "string",
    valueHint: "NAME",
    description: "sh (default), fish or pwsh",
    offer: SHELLS,
  },
  ...CONNECTION_FLAGS,
};
