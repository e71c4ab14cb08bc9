import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { summaryLine } from "../../../src/chat/screen/summary-line.ts";
import { createTextEnd } from "../../../src/chat/screen/text-end.ts";
import { createWaitingLine } from "../../../src/chat/screen/waiting-line.ts";
import { createWholeCharacters } from "../../../src/chat/screen/whole-characters.ts";
import { type Work, workingLine } from "../../../src/chat/screen/working-line.ts";
import type { Usage } from "../../../src/protocols/chat-event.ts";
import { PLAIN } from "../../../src/terminal/style.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";

describe("summaryLine()", () => {
  const used = (inputTokens: number, outputTokens: number, cachedInputTokens?: number): Usage => ({
    inputTokens,
    outputTokens,
    ...(cachedInputTokens === undefined ? {} : { cachedInputTokens }),
  });
  test.each<readonly [Usage | undefined, number | undefined, number, string]>([
    [undefined, 1_000_000, 4100, "m · 4.1 s"],
    [undefined, undefined, 0, "m · 0.0 s"],
    [used(5, 2), undefined, 949, "m · 5 tokens in, 2 out · 0.9 s"],
    [used(5, 2, 0), 0, 951, "m · 5 tokens in, 2 out · 1.0 s"],
    [
      used(12_345, 567, 1024),
      undefined,
      1000,
      "m · 12,345 tokens in (1,024 cached), 567 out · 1.0 s",
    ],
    [used(5, 2, 1), 700, 1000, "m · 5 tokens in (1 cached), 2 out · 1.0 s · 1% of 700 tokens"],
    [used(5, 1), 700, 1000, "m · 5 tokens in, 1 out · 1.0 s · less than 1% of 700 tokens"],
    [used(300, 300), 1000, 1000, "m · 300 tokens in, 300 out · 1.0 s · 60% of 1k tokens"],
    [used(1, 0), 1, 1000, "m · 1 tokens in, 0 out · 1.0 s · 100% of 1 tokens"],
  ])("of %j in a window of %p", (usage, contextWindow, milliseconds, line) => {
    const request = { model: "m" };
    const service = contextWindow === undefined ? { request } : { request, contextWindow };
    expect(summaryLine(service, { usage }, milliseconds)).toBe(line);
  });
});

describe("workingLine()", () => {
  const retrying = { kind: "retrying", attempt: 2, of: 3, why: "busy", at: 5000 } as const;
  test.each<readonly [Work, number, string]>([
    [{ kind: "waiting", model: "m" }, 1000, "⠋ waiting for m · 0 s · Esc stops"],
    [{ kind: "thinking" }, 1100, "⠙ thinking · 0 s · Esc stops"],
    [{ kind: "thinking" }, 1199, "⠙ thinking · 0 s · Esc stops"],
    [{ kind: "writing" }, 1999, "⠏ writing · 0 s · Esc stops"],
    [{ kind: "writing" }, 2000, "⠋ writing · 1 s · Esc stops"],
    [retrying, 3999, "⠏ trying again in 2 s (2 of 3): busy · 2 s · Esc stops"],
    [retrying, 4000, "⠋ trying again in 1 s (2 of 3): busy · 3 s · Esc stops"],
    [retrying, 4999, "⠏ trying again in 1 s (2 of 3): busy · 3 s · Esc stops"],
    [retrying, 5000, "⠋ trying again (2 of 3): busy · 4 s · Esc stops"],
    [retrying, 9000, "⠋ trying again (2 of 3): busy · 8 s · Esc stops"],
  ])("of %j at %i", (work, now, line) => {
    expect(workingLine(work, { now, startedAt: 1000, stop: "Esc stops" })).toBe(line);
  });
});

describe("createWaitingLine()", () => {
  let now = 0;
  beforeEach(() => {
    now = 0;
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** A frame later. */
  async function pass(milliseconds: number): Promise<void> {
    now += milliseconds;
    jest.advanceTimersByTime(milliseconds);
    for (let turn = 0; turn < 10; turn += 1) {
      await Promise.resolve();
    }
  }

  const row = (line: string): string => `\r\u001b[?7l\u001b[2K${line}\u001b[?7h`;

  test("says after a while what goes on, and takes it away", async () => {
    const { stderr, written } = fakeRuntime({ terminals: ["stderr"] });
    const waiting = createWaitingLine(stderr, { model: "m", style: PLAIN, now: () => now });
    await pass(100);
    await pass(100);
    expect(written.stderr).toBe("");
    await pass(100);
    expect(written.stderr).toBe(row("⠸ waiting for m · 0 s · Ctrl+C stops"));
    waiting.work({ kind: "thinking" });
    await pass(100);
    const shown =
      row("⠸ waiting for m · 0 s · Ctrl+C stops") + row("⠼ thinking · 0 s · Ctrl+C stops");
    expect(written.stderr).toBe(shown);
    await waiting.end();
    await waiting.end();
    await pass(1000);
    expect(written.stderr).toBe(`${shown}\r\u001b[2K`);
  });

  test("says nothing of what ends before", async () => {
    const { stderr, written } = fakeRuntime({ terminals: ["stderr"] });
    const waiting = createWaitingLine(stderr, { model: "m", style: PLAIN, now: () => now });
    await pass(200);
    await waiting.end();
    await pass(1000);
    expect(written.stderr).toBe("");
  });
});

test.each([
  [
    ["a", "b"],
    ["a", "b"],
  ],
  [
    ["a\ud83d", "\ude00b"],
    ["a", "😀b"],
  ],
  [
    ["\ud83d", "\ude00"],
    ["", "😀"],
  ],
  [
    ["a\r", "\nb"],
    ["a", "\r\nb"],
  ],
  [
    ["a\r", "b", ""],
    ["a", "\rb", ""],
  ],
  [
    ["\r", "\r", "\n"],
    ["", "\r", "\r\n"],
  ],
  [
    ["", "a"],
    ["", "a"],
  ],
])("createWholeCharacters() makes %j %j", (pieces, whole) => {
  expect(pieces.map(createWholeCharacters())).toEqual(whole);
});

describe("createTextEnd()", () => {
  /** What becomes of texts on a screen that may change its width in between. */
  function ended(steps: readonly (string | number)[], columns = 10) {
    const size = { columns, rows: 5 };
    const end = createTextEnd({ size: () => ({ ...size }) });
    const written = steps.map((step) => {
      if (typeof step === "string") {
        return end.onward(step);
      }
      size.columns = step;
      return "";
    });
    return { written: written.filter((_, index) => typeof steps[index] === "string"), end };
  }
  const to = (column: number): string => `\u001b[A\r${column === 0 ? "" : `\u001b[${column}C`}`;

  test.each<readonly [steps: readonly (string | number)[], back: string]>([
    [[], ""],
    [["abc"], to(3)],
    [["abc", "de"], to(5)],
    [["abc\n"], ""],
    [["abc\nd"], to(1)],
    [["0123456789"], to(9)],
    [["0123456789a"], to(1)],
    [["\u001b[1mab\u001b[22m"], to(2)],
    [["中文"], to(4)],
    // A wide character that has no room leaves a cell empty.
    [["012345678中"], to(2)],
    [["01234567中"], to(9)],
    [["01234567中a"], to(1)],
    [["👍🏽"], to(2)],
    [["abcdef", 4], to(2)],
    [["abcdefgh", 4], to(3)],
    [["abc\ndef", 2], to(1)],
  ])("comes back behind %j", (steps, back) => {
    const { end } = ended(steps);
    expect(end.comeBack()).toBe(back);
    expect(end.isBegun()).toBe(back !== "");
  });

  test("goes on where the text ends once the screen has another width", () => {
    expect(ended(["abcdef", 4, "g"]).written).toEqual(["abcdef", "\r\u001b[2Cg"]);
    expect(ended(["abcdef", 4, ""]).written).toEqual(["abcdef", "\r\u001b[2C"]);
    expect(ended(["abcdef", 10, "g"]).written).toEqual(["abcdef", "g"]);
    expect(ended(["abc\n", 4, "g"]).written).toEqual(["abc\n", "g"]);
  });

  test("goes on on the next row behind a row that is full", () => {
    const { end } = ended(["0123456789"]);
    end.comeBack();
    expect([end.onward("a"), end.comeBack(), end.onward("b")]).toEqual(["\na", to(1), "b"]);
    const broken = ended(["0123456789"]).end;
    broken.comeBack();
    expect([broken.onward("\na"), broken.comeBack()]).toEqual(["\na", to(1)]);
  });

  test("ends a row that has begun, once", () => {
    const { end } = ended(["0123456789"]);
    end.comeBack();
    expect([end.newLine(), end.newLine(), end.isBegun()]).toEqual(["\r\n", "", false]);
    expect([end.onward("ab"), end.comeBack()]).toEqual(["ab", to(2)]);
  });
});
