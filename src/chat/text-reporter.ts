import { visibleAnswer } from "../lib/visible-text.ts";
import type { Output } from "../runtime.ts";
import { textOf } from "./answer-text.ts";
import type { Reporter } from "./reporter.ts";
import { createWholeCharacters } from "./screen/whole-characters.ts";

/**
 * The text of the answer and nothing else, as it arrives; a newline at its end if it has none. On
 * a terminal what would move the cursor or hide text is made visible; elsewhere the text is as the
 * model said it.
 */
export function textReporter(stdout: Output): Reporter {
  let isTerminal = false;
  let last = "";
  const whole = createWholeCharacters();
  return {
    begin: async () => {
      isTerminal = await stdout.isTerminal();
    },
    events: async (events) => {
      const text = whole(textOf(events));
      last = text.at(-1) ?? last;
      return text === "" || stdout.writeAnswer(isTerminal ? visibleAnswer(text) : text);
    },
    end: async () => {
      const rest = whole("\n");
      if (rest !== "\n" || (last !== "" && last !== "\n")) {
        await stdout.writeAnswer(isTerminal ? visibleAnswer(rest) : rest);
      }
    },
  };
}
