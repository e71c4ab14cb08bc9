import bash from "./completion-scripts/bash.txt" with { type: "text" };
import fish from "./completion-scripts/fish.txt" with { type: "text" };
import powershell from "./completion-scripts/ps1.txt" with { type: "text" };
import zsh from "./completion-scripts/zsh.txt" with { type: "text" };

/**
 * Scripts that ask `qwen __complete` (`cli/complete.ts`) and hand its answer to the shell. They
 * evaluate nothing, so that neither a word that is typed nor a name from a settings file is ever
 * code, and bash needs no bash-completion.
 */
export const COMPLETION_SCRIPTS = { bash, zsh, fish, powershell } as const;

export type CompletionShell = keyof typeof COMPLETION_SCRIPTS;
