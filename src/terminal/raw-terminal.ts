import type { KeyListener } from "../runtime.ts";
import { createKeyParser } from "./parse-keys.ts";

/** What of the process a terminal is made of. */
type Process = {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly pid: number;
  readonly on: (event: NodeJS.Signals, listener: () => void) => unknown;
  readonly off: (event: NodeJS.Signals, listener: () => void) => unknown;
  readonly kill: (pid: number, signal: NodeJS.Signals) => unknown;
  readonly exit: (code: number) => unknown;
};

/** Signals that end the process, and their numbers. */
const ENDING = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** Milliseconds after which an escape is the Escape key. */
const ESCAPE_WAIT_MS = 50;

/** Milliseconds after which a process that should be stopped is not: nothing stops PID 1. */
const STOP_WAIT_MS = 100;

/** A paste is told from typing, line breaks in it from Enter. */
const BEGIN = "\u001b[?2004h";
/** Also shows the cursor, whatever hid it. */
const END = "\u001b[?2004l\u001b[?25h";

/** Takes keys from the terminal in raw mode until `close`, as `Terminal.open` says. */
export function openRawTerminal(
  host: Process,
  listener: KeyListener,
): { readonly close: () => Promise<void> } {
  const { stdin, stdout } = host;
  const decoder = new TextDecoder();
  const parser = createKeyParser();
  let timer: Timer | undefined;
  let unstopped: Timer | undefined;

  /** What comes first went through a terminal that was not raw, which has a line feed for Enter. */
  let isFirst = true;
  const enter = (): void => {
    isFirst = true;
    stdin.setRawMode(true);
    stdin.resume();
    stdout.write(BEGIN);
  };
  const leave = (): void => {
    stdout.write(END);
    stdin.setRawMode(false);
    stdin.pause();
  };
  const stop = (): void => {
    leave();
    host.kill(host.pid, "SIGSTOP");
    unstopped = setTimeout(resume, STOP_WAIT_MS);
  };
  const resume = (): void => {
    clearTimeout(unstopped);
    enter();
    listener.onRedraw();
  };
  const onData = (bytes: Buffer): void => {
    clearTimeout(timer);
    const sent = decoder.decode(bytes, { stream: true });
    for (const key of parser.push(isFirst ? sent.replace(/\r?\n/g, "\r") : sent)) {
      if (key.kind === "key" && key.name === "ctrl-z") {
        stop();
      } else {
        listener.onKey(key);
      }
    }
    isFirst = false;
    if (parser.isOpen()) {
      timer = setTimeout(() => parser.flush().forEach(listener.onKey), ESCAPE_WAIT_MS);
    }
  };
  const endings = Object.entries(ENDING).map(([signal, number]) => {
    const end = (): void => {
      try {
        leave();
        stdout.write("\n");
      } finally {
        // A terminal that is gone cannot be restored.
        host.exit(128 + number);
      }
    };
    return [signal as keyof typeof ENDING, end] as const;
  });

  enter();
  stdin.on("data", onData);
  stdin.on("end", listener.onEnd);
  stdout.on("resize", listener.onRedraw);
  host.on("SIGTSTP", stop);
  host.on("SIGCONT", resume);
  for (const [signal, end] of endings) {
    host.on(signal, end);
  }
  return {
    close: async () => {
      clearTimeout(timer);
      clearTimeout(unstopped);
      stdin.off("data", onData);
      stdin.off("end", listener.onEnd);
      stdout.off("resize", listener.onRedraw);
      host.off("SIGTSTP", stop);
      host.off("SIGCONT", resume);
      for (const [signal, end] of endings) {
        host.off(signal, end);
      }
      leave();
    },
  };
}
