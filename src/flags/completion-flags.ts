import type { Argument } from "./flag.ts";

/** The shells that there is a script for. */
export const COMPLETION_SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

export type CompletionShell = (typeof COMPLETION_SHELLS)[number];

/** The word of `completion`. */
export const COMPLETION_ARGUMENT: Argument = {
  type: "positional",
  name: "shell",
  description: "bash, zsh, fish or powershell",
  offer: COMPLETION_SHELLS,
};
