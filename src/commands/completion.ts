import { EXIT, type ExitCode, UsageError } from "../errors.ts";
import { type FlagValues, textOf } from "../flags/flag.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import type { Runtime } from "../runtime.ts";
import type { Command } from "./command.ts";
import { COMPLETION_SCRIPTS, type CompletionShell } from "./completion-scripts.ts";

const SHELLS: readonly CompletionShell[] = ["bash", "zsh", "fish", "powershell"];

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
  argument: {
    name: "shell",
    description: "bash, zsh, fish or powershell",
    offer: SHELLS,
  },
  flags: {},
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
  const shell = SHELLS.find((known) => known === (ALIASES[name] ?? name));
  if (shell === undefined) {
    throw new UsageError(`Cannot print a completion script for "${name}": it is unknown`, {
      code: "invalid-value",
      hint,
      suggest: { word: name, from: SHELLS },
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
