import { BROKER_FLAGS } from "../../flags/broker-flags.ts";
import type { Argument, Flags } from "../../flags/flag.ts";

/** The flags of `auth run`, all before the tool (`spec/broker.md` §1). */
export const RUN_FLAGS: Flags = {
  ...BROKER_FLAGS,
  recipe: {
    type: "string",
    valueHint: "NAME",
    description: "How to tell a tool of another name",
    offer: async () => (await import("../../broker/tools/recipes.ts")).RECIPE_NAMES,
  },
  keep: {
    type: "string",
    isList: true,
    valueHint: "NAME",
    description: "Leave this variable to the tool; repeatable",
  },
  summary: { type: "boolean", description: "Say at the end what was sent" },
  "no-summary": { type: "boolean", description: "Say nothing at the end" },
  "no-broker": { type: "boolean", description: "Give the tool the key itself" },
  "dry-run": { type: "boolean", description: "Print what would be set, and start nothing" },
};

/** The program is all that stands behind the flags, with or without `--`. */
export const RUN_ARGUMENT: Argument = {
  type: "positional",
  name: "TOOL",
  description: "The program, with its arguments",
  offer: ["claude", "codex", "opencode", "qwen", "gemini"],
  isProgram: true,
};
