import type { KeyListener, Terminal } from "../../src/runtime.ts";
import { createKeyParser } from "../../src/terminal/parse-keys.ts";

/**
 * What is typed, each once a text has been written since what was typed before; `undefined`: the
 * keyboard is gone.
 */
export type ScriptedKeys = readonly (readonly [when: string, typed: string | undefined])[];

/** A terminal of 80 × 24 at which somebody waits for texts and types. */
export function scriptedTerminal(script: ScriptedKeys): {
  readonly terminal: Terminal;
  readonly onWrite: (text: string) => void;
} {
  const steps = [...script];
  let seen = "";
  let listener: KeyListener | undefined;
  const type = (): void => {
    const [when, typed] = steps[0] ?? [];
    if (when === undefined || listener === undefined || !seen.includes(when)) {
      return;
    }
    steps.shift();
    seen = "";
    if (typed === undefined) {
      listener.onEnd();
      return;
    }
    const parser = createKeyParser();
    [...parser.push(typed), ...parser.flush()].forEach(listener.onKey);
  };
  return {
    terminal: {
      size: () => ({ columns: 80, rows: 24 }),
      open: async (opened) => {
        listener = opened;
        return {
          close: async () => {
            listener = undefined;
          },
        };
      },
    },
    onWrite: (text) => {
      seen += text;
      type();
    },
  };
}
