import type { Key, Terminal } from "../../runtime.ts";

export type KeyEvent =
  | { readonly kind: "key"; readonly key: Key }
  | { readonly kind: "redraw" }
  | { readonly kind: "end" };

/** Keys in their order, also those that were pressed while nobody asked. */
export type KeyQueue = {
  readonly next: () => Promise<KeyEvent>;
  /** Whether nothing waits. */
  readonly isEmpty: () => boolean;
  /**
   * Gives what waits and what comes to `take` until the returned function is called; what it does
   * not take is kept.
   */
  readonly listen: (take: (event: KeyEvent) => boolean) => () => void;
  /** Forgets the keys that wait. */
  readonly forget: () => void;
  /** Gives the terminal away while something else asks on it; what was typed ahead is forgotten. */
  readonly lend: <Value>(action: () => Promise<Value>) => Promise<Value>;
  readonly close: () => Promise<void>;
};

/** Opens the terminal and keeps what is typed until it is asked for. */
export async function openKeyQueue(terminal: Terminal): Promise<KeyQueue> {
  const waiting: KeyEvent[] = [];
  let wake = (): void => undefined;
  let listener: ((event: KeyEvent) => boolean) | undefined;
  const add = (event: KeyEvent): void => {
    if (listener?.(event) !== true) {
      waiting.push(event);
      wake();
    }
  };
  const open = () =>
    terminal.open({
      onKey: (key) => add({ kind: "key", key }),
      onRedraw: () => add({ kind: "redraw" }),
      onEnd: () => add({ kind: "end" }),
    });
  let opened = await open();
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
    listen: (take) => {
      listener = take;
      for (const event of waiting.splice(0)) {
        add(event);
      }
      return () => {
        listener = undefined;
      };
    },
    forget: () => {
      const kept = waiting.filter(({ kind }) => kind !== "key");
      waiting.splice(0, waiting.length, ...kept);
    },
    lend: async (action) => {
      await opened.close();
      waiting.splice(0);
      try {
        return await action();
      } finally {
        opened = await open();
      }
    },
    close: () => opened.close(),
  };
}
