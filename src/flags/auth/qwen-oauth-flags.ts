import type { Flags } from "../flag.ts";
import { JSON_FLAG } from "../global-flags.ts";

/** The flags of `auth qwen-oauth`. */
export const QWEN_OAUTH_FLAGS: Flags = {
  force: { type: "boolean", description: "Do not ask whether to go on" },
  "no-browser": { type: "boolean", description: "Only show the URL, open no browser" },
  ...JSON_FLAG,
};
