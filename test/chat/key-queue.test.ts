import { describe, expect, test } from "bun:test";
import { openKeyQueue } from "../../src/chat/key-queue.ts";
import type { Key, KeyListener } from "../../src/runtime.ts";

/** A queue at a terminal that can be pressed. */
async function opened() {
  let listener: KeyListener | undefined;
  const queue = await openKeyQueue({
    size: () => ({ columns: 80, rows: 24 }),
    open: async (given) => {
      listener = given;
      return {
        close: async () => {
          listener = undefined;
        },
      };
    },
  });
  return {
    queue,
    isOpen: () => listener !== undefined,
    press: (...names: readonly string[]) => {
      for (const name of names) {
        listener?.onKey(named(name));
      }
    },
    redraw: () => listener?.onRedraw(),
    end: () => listener?.onEnd(),
  };
}

function named(name: string): Key {
  return { kind: "key", name };
}

function pressed(name: string) {
  return { kind: "key", key: named(name) };
}

describe("openKeyQueue()", () => {
  test("keeps what comes while nobody asks, in order", async () => {
    const { queue, press, redraw, end } = await opened();
    expect(queue.isEmpty()).toBe(true);
    press("up", "down");
    redraw();
    end();
    expect(queue.isEmpty()).toBe(false);
    const events = [];
    while (!queue.isEmpty()) {
      events.push(await queue.next());
    }
    expect<unknown>(events).toEqual([
      pressed("up"),
      pressed("down"),
      { kind: "redraw" },
      { kind: "end" },
    ]);
  });

  test("waits for what comes later", async () => {
    const { queue, press } = await opened();
    const next = queue.next();
    press("up");
    expect<unknown>(await next).toEqual(pressed("up"));
    expect(queue.isEmpty()).toBe(true);
  });

  test("interrupts with Ctrl+C until it is released, without keeping that key", async () => {
    const { queue, press } = await opened();
    let interruptions = 0;
    const release = queue.onInterrupt(() => {
      interruptions += 1;
    });
    press("a", "ctrl-c", "ctrl-c");
    release();
    press("ctrl-c");
    expect(interruptions).toBe(2);
    expect<unknown>([await queue.next(), await queue.next()]).toEqual([
      pressed("a"),
      pressed("ctrl-c"),
    ]);
    expect(queue.isEmpty()).toBe(true);
  });

  test("interrupts when the keyboard is gone, and says so", async () => {
    const { queue, end } = await opened();
    let isInterrupted = false;
    queue.onInterrupt(() => {
      isInterrupted = true;
    });
    end();
    expect([isInterrupted, await queue.next()]).toEqual([true, { kind: "end" }]);
  });

  test("gives the terminal back", async () => {
    const { queue, isOpen } = await opened();
    await queue.close();
    expect(isOpen()).toBe(false);
  });
});
