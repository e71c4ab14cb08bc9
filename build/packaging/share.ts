import { COMPLETION_SCRIPTS } from "../../src/commands/completion.ts";
import type { ArchiveEntry } from "../archive-entry.ts";
import type { Stamp } from "../project.ts";
import { renderManPages } from "./man-pages.ts";

/** What packages install beside the program: man pages and completions, in two directories. */
export async function readShare({ epoch }: Stamp): Promise<readonly ArchiveEntry[]> {
  const date = new Date(epoch * 1000).toISOString().slice(0, 10);
  const pages = (await renderManPages(date)).map(
    ({ name, text }) => [`man/${name}`, text] as const,
  );
  const { bash, zsh, fish, powershell } = COMPLETION_SCRIPTS;
  const scripts = [
    ["completions/qwen.bash", bash],
    ["completions/_qwen", zsh],
    ["completions/qwen.fish", fish],
    ["completions/qwen.ps1", powershell],
  ] as const;
  return [...pages, ...scripts]
    .map(([name, text]) => ({ name, mode: 0o644, content: Buffer.from(text) }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}
