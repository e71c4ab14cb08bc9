import { EXIT, type ExitCode, UsageError } from "../errors.ts";
import { COMPLETION_SHELLS, type CompletionShell } from "../flags/completion-flags.ts";
import { type FlagValues, textOf } from "../flags/flag.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import type { Runtime } from "../runtime.ts";
import type { Command } from "./command.ts";
import bash from "./completion-scripts/bash.txt" with { type: "text" };
import fish from "./completion-scripts/fish.txt" with { type: "text" };
import powershell from "./completion-scripts/ps1.txt" with { type: "text" };
import zsh from "./completion-scripts/zsh.txt" with { type: "text" };

export type CompletionOptions = GlobalOptions & { readonly shell: CompletionShell };

export const completionCommand: Command<CompletionOptions> = {
  details: [
    "Prints a script that completes commands, flags, providers, regions and the ids",
    "of configured models. For all sessions, a line in the shell's start-up file:",
    "",
    "  ~/.bashrc                   source <(qwen completion bash)",
    "  ~/.zshrc, after compinit    source <(qwen completion zsh)",
    "  ~/.config/fish/config.fish  qwen completion fish | source",
    "  $PROFILE (PowerShell)       qwen completion powershell | Out-String | iex",
  ],
  examples: ["source <(qwen completion bash)", "qwen completion zsh >~/.zfunc/_qwen"],
  toOptions: (values, globals) => ({ ...globals, shell: toShell(values) }),
  run: runCompletion,
};

/** @throws UsageError when none is named, or an unknown one */
function toShell(values: FlagValues): CompletionShell {
  const name = textOf(values, "shell");
  const hint = "choose bash, zsh, fish or powershell";
  if (name === undefined) {
    throw new UsageError("Cannot print a completion script: no shell was named", {
      code: "missing-input",
      hint,
    });
  }
  const shell = COMPLETION_SHELLS.find((known) => known === (ALIASES[name] ?? name));
  if (shell === undefined) {
    throw new UsageError(`Cannot print a completion script for "${name}": it is unknown`, {
      code: "invalid-value",
      hint,
      suggest: { word: name, from: COMPLETION_SHELLS },
    });
  }
  return shell;
}

const ALIASES: Readonly<Record<string, CompletionShell>> = { pwsh: "powershell" };

/** Prints the script. */
export async function runCompletion(
  { stdout }: Pick<Runtime, "stdout">,
  { shell }: Pick<CompletionOptions, "shell">,
): Promise<ExitCode> {
  await stdout.writeExact(COMPLETION_SCRIPTS[shell]);
  return EXIT.ok;
}

/**
 * Scripts that ask `qwen __complete` (`cli/complete.ts`) and hand its answer to the shell. They
 * evaluate nothing, so that neither a word that is typed nor a name from a settings file is ever
 * code, and bash needs no bash-completion.
 */
export const COMPLETION_SCRIPTS: Readonly<Record<CompletionShell, string>> = {
  bash,
  zsh,
  fish,
  powershell,
};
