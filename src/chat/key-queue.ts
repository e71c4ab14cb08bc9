import type { Key, Terminal } from "../runtime.ts";

type KeyEvent =
  | { readonly kind: "key"; readonly key: Key }
  | { readonly kind: "redraw" }
  | { readonly kind: "end" };

/** Keys in their order, also those that were pressed while nobody asked. */
export type KeyQueue = {
  readonly next: () => Promise<KeyEvent>;
  /** Whether nothing waits. */
  readonly isEmpty: () => boolean;
  /** Calls `action` at Ctrl+C until the returned function is called; that key is not queued. */
  readonly onInterrupt: (action: () => void) => () => void;
  readonly close: () => Promise<void>;
};

/** Opens the terminal and keeps what is typed until it is asked for. */
export async function openKeyQueue(terminal: Terminal): Promise<KeyQueue> {
  const waiting: KeyEvent[] = [];
  let wake = (): void => undefined;
  let interrupt: (() => void) | undefined;
  const add = (event: KeyEvent): void => {
    waiting.push(event);
    wake();
  };
  const opened = await terminal.open({
    onKey: (key) => {
      if (interrupt !== undefined && key.kind === "key" && key.name === "ctrl-c") {
        interrupt();
      } else {
        add({ kind: "key", key });
      }
    },
    onRedraw: () => add({ kind: "redraw" }),
    onEnd: () => {
      interrupt?.();
      add({ kind: "end" });
    },
  });
  return {
    next: async () => {
      for (;;) {
        const event = waiting.shift();
        if (event !== undefined) {
          return event;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    isEmpty: () => waiting.length === 0,
    onInterrupt: (action) => {
      interrupt = action;
      return () => {
        interrupt = undefined;
      };
    },
    close: opened.close,
  };
}
