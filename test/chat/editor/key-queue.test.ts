import { describe, expect, test } from "bun:test";
import { openKeyQueue } from "../../../src/chat/editor/key-queue.ts";
import type { Key, KeyListener } from "../../../src/runtime.ts";

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

  test("gives what waits and what comes to who listens, and keeps what is not taken", async () => {
    const { queue, press } = await opened();
    press("a");
    const taken: unknown[] = [];
    const release = queue.listen((event) => {
      const isTaken = event.kind === "key" && event.key.kind === "key" && event.key.name !== "b";
      if (isTaken) {
        taken.push(event);
      }
      return isTaken;
    });
    press("b", "ctrl-c");
    release();
    press("d");
    expect<unknown>(taken).toEqual([pressed("a"), pressed("ctrl-c")]);
    expect<unknown>([await queue.next(), await queue.next()]).toEqual([pressed("b"), pressed("d")]);
    expect(queue.isEmpty()).toBe(true);
  });

  test("forgets keys, but not that the keyboard is gone", async () => {
    const { queue, press, end } = await opened();
    press("a", "b");
    end();
    queue.forget();
    expect(await queue.next()).toEqual({ kind: "end" });
    expect(queue.isEmpty()).toBe(true);
  });

  test("lends the terminal, and gives who waits the keys that come afterwards", async () => {
    const { queue, isOpen, press } = await opened();
    const next = queue.next();
    expect(await queue.lend(async () => isOpen())).toBe(false);
    press("c");
    expect<unknown>(await next).toEqual(pressed("c"));
  });

  test("forgets what was typed ahead when it lends the terminal", async () => {
    const { queue, press } = await opened();
    press("a");
    await queue.lend(async () => undefined);
    expect(queue.isEmpty()).toBe(true);
  });

  test("has the terminal again also when what it was lent for failed", async () => {
    const { queue, isOpen } = await opened();
    const lent = queue.lend(() => Promise.reject(new Error("failed")));
    await expect(lent).rejects.toThrow("failed");
    expect(isOpen()).toBe(true);
  });

  test("gives the terminal back", async () => {
    const { queue, isOpen } = await opened();
    await queue.close();
    expect(isOpen()).toBe(false);
  });
});
