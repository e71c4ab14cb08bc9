import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { EventEmitter } from "node:events";
import { openRawTerminal } from "../../src/terminal/raw-terminal.ts";

const BEGIN = "\u001b[?2004h";
const END = "\u001b[?2004l\u001b[?25h";
/** What it does to a terminal as it takes it, and as it gives it back. */
const TAKEN = ["raw", "resumed", `wrote ${JSON.stringify(BEGIN)}`];
const GIVEN = [`wrote ${JSON.stringify(END)}`, "cooked", "paused"];

/** A process that tells what is done to it, and a listener that does so, too. */
function opened({ isGone = false } = {}) {
  const log: string[] = [];
  const add = (what: string) => (): void => {
    log.push(what);
  };
  const stdin = Object.assign(new EventEmitter(), {
    setRawMode: (isRaw: boolean) => {
      if (isGone && !isRaw) {
        throw new Error("setRawMode failed with errno: 5");
      }
      log.push(isRaw ? "raw" : "cooked");
    },
    resume: add("resumed"),
    pause: add("paused"),
  });
  const stdout = Object.assign(new EventEmitter(), {
    write: (text: string) => log.push(`wrote ${JSON.stringify(text)}`),
  });
  const signals = new EventEmitter();
  const host = {
    // Of the streams nothing else is used.
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    pid: 77,
    on: (signal: NodeJS.Signals, listener: () => void) => signals.on(signal, listener),
    off: (signal: NodeJS.Signals, listener: () => void) => signals.off(signal, listener),
    kill: (pid: number, signal: NodeJS.Signals) => log.push(`${signal} to ${pid}`),
    exit: (code: number) => log.push(`exit ${code}`),
  };
  const terminal = openRawTerminal(host, {
    onKey: (key) => log.push(key.kind === "key" ? `<${key.name}>` : `${key.kind} ${key.text}`),
    onRedraw: add("redraw"),
    onEnd: add("end"),
  });
  const listeners = () =>
    [stdin, stdout, signals].flatMap((emitter) => emitter.eventNames().map(String));
  return {
    ...{ terminal, stdin, stdout, signals, listeners },
    /** What has happened since this was asked last. */
    news: () => log.splice(0),
    type: (text: string | Uint8Array) => stdin.emit("data", Buffer.from(text)),
  };
}

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe("openRawTerminal()", () => {
  test("takes the terminal, and gives it back with nothing left behind", async () => {
    const { terminal, news, listeners } = opened();
    expect(news()).toEqual(TAKEN);
    expect(listeners().sort()).toEqual(
      ["SIGCONT", "SIGHUP", "SIGINT", "SIGTERM", "SIGTSTP", "data", "end", "resize"].sort(),
    );
    await terminal.close();
    expect([news(), listeners()]).toEqual([GIVEN, []]);
  });

  test("gives keys, also of a character that is cut", () => {
    const { news, type } = opened();
    news();
    type("x\u001b[A");
    const [first, ...rest] = new TextEncoder().encode("é");
    type(Uint8Array.of(first ?? 0));
    type(Uint8Array.from(rest));
    expect(news()).toEqual(["text x", "<up>", "text é"]);
  });

  test("takes a line feed for Enter in what was typed before it began, and only there", () => {
    const { news, type } = opened();
    news();
    type("one\ntwo\r\n");
    type("\n");
    expect(news()).toEqual(["text one", "<enter>", "text two", "<enter>", "<ctrl-j>"]);
  });

  test("takes an escape that nothing follows for the Escape key, after 50 ms", () => {
    const { news, type } = opened();
    news();
    type("\u001b");
    jest.advanceTimersByTime(49);
    expect(news()).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(news()).toEqual(["<escape>"]);
  });

  test("waits anew for what follows", () => {
    const { news, type } = opened();
    news();
    type("\u001b");
    jest.advanceTimersByTime(49);
    type("[");
    jest.advanceTimersByTime(49);
    expect(news()).toEqual([]);
    type("A");
    jest.advanceTimersByTime(1000);
    expect(news()).toEqual(["<up>"]);
  });

  test("says nothing after it was closed", async () => {
    const { terminal, news, type, stdin } = opened();
    type("\u001b");
    await terminal.close();
    news();
    jest.advanceTimersByTime(1000);
    stdin.emit("end");
    type("x");
    expect(news()).toEqual([]);
  });

  test("tells that the keyboard is gone, and of another size", () => {
    const { news, stdin, stdout } = opened();
    news();
    stdin.emit("end");
    stdout.emit("resize");
    expect(news()).toEqual(["end", "redraw"]);
  });

  test.each([
    ["Ctrl+Z", ({ type }: ReturnType<typeof opened>) => type("\u001a")],
    ["a signal", ({ signals }: ReturnType<typeof opened>) => signals.emit("SIGTSTP")],
  ])("stops by %s, takes the terminal again when it goes on", (_name, stop) => {
    const at = opened();
    at.news();
    stop(at);
    expect(at.news()).toEqual([...GIVEN, "SIGSTOP to 77"]);
    at.signals.emit("SIGCONT");
    expect(at.news()).toEqual([...TAKEN, "redraw"]);
    jest.advanceTimersByTime(1000);
    // What was typed to the shell meanwhile came with line feeds.
    at.type("\n");
    expect(at.news()).toEqual(["<enter>"]);
  });

  test("goes on after 100 ms where nothing stops it", () => {
    const { news, type } = opened();
    news();
    type("a\u001ab");
    expect(news()).toEqual(["text a", ...GIVEN, "SIGSTOP to 77", "text b"]);
    jest.advanceTimersByTime(99);
    expect(news()).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(news()).toEqual([...TAKEN, "redraw"]);
  });

  test("does not come back when it was closed meanwhile", async () => {
    const { terminal, news, type } = opened();
    type("\u001a");
    await terminal.close();
    news();
    jest.advanceTimersByTime(1000);
    expect(news()).toEqual([]);
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])("gives the terminal back at %s and ends with %i", (signal, code) => {
    const { news, signals } = opened();
    news();
    signals.emit(signal);
    expect(news()).toEqual([...GIVEN, 'wrote "\\n"', `exit ${code}`]);
  });

  test("ends though the terminal is gone", () => {
    const { news, signals } = opened({ isGone: true });
    news();
    expect(() => signals.emit("SIGHUP")).toThrow("errno: 5");
    expect(news().at(-1)).toBe("exit 129");
  });
});
