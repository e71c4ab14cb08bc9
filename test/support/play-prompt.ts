import type { Answer, Prompter } from "../../src/runtime.ts";
import { clackPrompter } from "../../src/terminal/clack-prompter.ts";
import { localTerminal } from "./local-terminal.ts";

/** What is typed, each once the screen shows a text. */
type Script = readonly (readonly [shows: string, keys: string])[];

type Options = Parameters<typeof localTerminal>[0] & Parameters<typeof clackPrompter>[1];

type Played = {
  /** The screen before each step, and the one that is left. */
  readonly screens: readonly string[];
  readonly answer: Answer<unknown>;
  /** Every byte that was written, and each change of the mode. */
  readonly log: string;
};

/** Asks one question at a terminal of its own. */
export async function playPrompt(
  ask: (prompter: Prompter) => Promise<Answer<unknown>>,
  script: Script,
  options: Options = {},
): Promise<Played> {
  const terminal = localTerminal(options);
  const asked = ask(clackPrompter(terminal, options));
  const screens: string[] = [];
  for (const [shows, keys] of script) {
    screens.push(await terminal.shows(shows));
    terminal.type(keys);
  }
  const answer = await asked;
  return { screens: [...screens, await terminal.screen()], answer, log: terminal.log() };
}

/** Screens one below the other. */
export function stacked(screens: readonly string[]): string {
  return `\n${screens.join("\n\n")}\n`;
}
