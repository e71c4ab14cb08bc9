import type { Argument, Flags } from "../flag.ts";
import { JSON_FLAG } from "../global-flags.ts";
import { KEY_FLAGS } from "../key-flags.ts";

/** The flags of `auth import`. */
export const IMPORT_FLAGS: Flags = {
  ...KEY_FLAGS,
  "dry-run": { type: "boolean", description: "Show what it would do, and write nothing" },
  replace: { type: "boolean", description: "Replace what is there and differs" },
  yes: { type: "boolean", alias: ["y"], description: "Do not ask whether it is right" },
  ...JSON_FLAG,
};

/** The word of `auth import`. */
export const IMPORT_ARGUMENT: Argument = {
  type: "positional",
  name: "file",
  description: "What `qwen auth export` wrote; - is standard input",
  offer: "files",
};
