import type { Argument, Flags } from "./flag.ts";
import { JSON_FLAG } from "./global-flags.ts";

/** The flags of `trust`. */
export const TRUST_FLAGS: Flags = {
  parent: { type: "boolean", description: "Trust the folder that holds it" },
  distrust: {
    type: "boolean",
    description: "Read nothing of it, also where a parent is trusted",
  },
  revoke: { type: "boolean", description: "Remove its rule" },
  list: { type: "boolean", description: "List all rules" },
  force: { type: "boolean", description: "Trust even the home directory or /" },
  ...JSON_FLAG,
};

/** The word of `trust`. */
export const TRUST_ARGUMENT: Argument = {
  type: "positional",
  name: "path",
  description: "The folder; without it the working directory",
  offer: "files",
};
