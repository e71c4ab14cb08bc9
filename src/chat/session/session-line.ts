import type { Style } from "../../terminal/style.ts";
import type { Prompts } from "../editor/lay-out-draft.ts";
import type { LineContext } from "../editor/line-state.ts";
import { completeLine } from "./complete-line.ts";
import type { SessionContext } from "./session-context.ts";

/** What one's own lines begin with; no answer has such a line. */
export const PROMPTS = ({ bold, signs }: Style): Prompts => ({
  first: bold(`${signs.prompt} `),
  others: "  ",
});

/** What the editor of a session knows. */
export function lineContext({ runtime, ports, options, state }: SessionContext): LineContext {
  return {
    history: state.history,
    dim: options.style.dim,
    now: runtime.now,
    complete: (line) => completeLine(line, ports),
  };
}
