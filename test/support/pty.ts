import { afterAll } from "bun:test";
import { dirname } from "node:path";
import { type Machine, QWEN } from "./qwen.ts";
import { openScreen, type Screen } from "./screen.ts";

/** Keys as a terminal sends them. */
export const KEYS = {
  enter: "\r",
  escape: "\u001b",
  up: "\u001b[A",
  down: "\u001b[B",
  left: "\u001b[D",
  right: "\u001b[C",
  backspace: "\u007f",
  ctrlC: "\u0003",
  ctrlD: "\u0004",
} as const;

export type PtyOptions = {
  readonly env?: Record<string, string>;
  readonly cols?: number;
  readonly rows?: number;
  /** Milliseconds that something is waited for. */
  readonly deadlineMs?: number;
};

export type Pty = {
  /** All bytes that were drawn, as text. */
  readonly raw: () => string;
  /** What was drawn, without escape sequences. */
  readonly text: () => string;
  /** Waits until `what` is drawn after what the previous call waited for. */
  readonly waitFor: (what: string | RegExp) => Promise<void>;
  /** The same for bytes as they are. */
  readonly waitForRaw: (what: string) => Promise<void>;
  /** The screen as a person sees it now, also after it was made narrower or wider. */
  readonly screen: () => Promise<string>;
  /** Waits until the screen shows `what`. */
  readonly waitForScreen: (what: string | RegExp) => Promise<void>;
  readonly resize: (cols: number, rows?: number) => void;
  readonly press: (keys: string) => void;
  /** Takes the terminal away, as closing its window does. */
  readonly hangUp: () => void;
  /** The exit code; a program that does not end is killed, and that is a failure. */
  readonly exitCode: () => Promise<number>;
};

const DEADLINE_MS = 10_000;

/** How long what a program drew may still be on its way when it has ended. */
const LAST_BYTES_MS = 1000;

/** Runs `qwen` on a terminal of its own. */
export function qwenPty(machine: Machine, args: readonly string[], options?: PtyOptions): Pty {
  return pty(machine, [QWEN, ...args], options);
}

/** Runs a `sh` script on a terminal of its own, with `qwen` on its PATH. */
export function shellPty(machine: Machine, script: string, options?: PtyOptions): Pty {
  return pty(machine, ["sh", "-c", script], options);
}

function pty(
  { env, project }: Machine,
  argv: readonly string[],
  { env: more, cols = 100, rows = 30, deadlineMs = DEADLINE_MS }: PtyOptions = {},
): Pty {
  const decoder = new TextDecoder();
  const shown = screenOf({ cols, rows });
  let drawn = "";
  let seen = 0;
  let seenRaw = 0;
  let endedAt: number | undefined;
  const child = Bun.spawn([...argv], {
    cwd: project,
    env: {
      QWEN_OFFLINE: "1",
      ...env,
      TERM: "xterm-256color",
      PATH: `${dirname(QWEN)}:${env.PATH}`,
      ...more,
    },
    terminal: {
      cols,
      rows,
      data(_terminal, bytes) {
        const text = decoder.decode(bytes, { stream: true });
        drawn += text;
        shown.add((screen) => screen.write(text));
      },
    },
  });
  afterAll(() => child.kill("SIGKILL"));
  void child.exited.then(() => {
    endedAt = performance.now();
  });
  const text = () => Bun.stripANSI(drawn).replaceAll("\r", "");

  async function poll(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    const startedAt = performance.now();
    while (!(await isSo())) {
      const now = performance.now();
      if (now - startedAt > deadlineMs || now - (endedAt ?? now) > LAST_BYTES_MS) {
        child.kill("SIGKILL");
        throw new Error(`Waited in vain for ${what}; the terminal shows:\n${text()}`);
      }
      await Bun.sleep(2);
    }
  }

  async function waitFor(what: string | RegExp): Promise<void> {
    await poll(String(what), () => {
      const rest = text().slice(seen);
      const index = typeof what === "string" ? rest.indexOf(what) : rest.search(what);
      seen += index + 1;
      return index >= 0;
    });
  }

  return {
    raw: () => drawn,
    text,
    waitFor,
    waitForRaw: (what) =>
      poll(JSON.stringify(what), () => {
        const index = drawn.indexOf(what, seenRaw);
        seenRaw = index >= 0 ? index + 1 : seenRaw;
        return index >= 0;
      }),
    screen: shown.text,
    waitForScreen: (what) =>
      poll(String(what), async () => {
        const text = await shown.text();
        return typeof what === "string" ? text.includes(what) : what.test(text);
      }),
    resize: (newCols, newRows = rows) => {
      shown.add(async (screen) => screen.resize(newCols, newRows));
      child.terminal?.resize(newCols, newRows);
    },
    press: (keys) => {
      child.terminal?.write(keys);
    },
    hangUp: () => {
      child.terminal?.close();
    },
    exitCode: async () => {
      await poll("its end", () => endedAt !== undefined);
      return child.exited;
    },
  };
}

type Step = (screen: Screen) => Promise<void>;

/** What happens to a screen, done only once somebody looks at it. */
function screenOf(size: { readonly cols: number; readonly rows: number }) {
  const steps: Step[] = [];
  let screen: Screen | undefined;
  return {
    add: (step: Step): void => {
      steps.push(step);
    },
    text: async (): Promise<string> => {
      screen ??= openScreen(size);
      for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
        await step(screen);
      }
      return screen.text();
    },
  };
}
