import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPENAI } from "../../support/model-answers.ts";
import { qwenPty } from "../../support/pty.ts";
import { machine, qwen } from "../../support/qwen.ts";
import { renderScreen } from "../../support/screen.ts";
import { scriptedServer, stream } from "../../support/scripted-server.ts";

setDefaultTimeout(60_000);

const ANSWER = [
  "Here is **quicksort**, see [the page](https://example.com/sort):",
  "",
  "```python",
  "def sort(items): return items if len(items) < 2 else sort([x for x in items[1:] if x < items[0]])",
  "```",
  "",
  "> 快速排序采用分治策略，把一个序列分为较小和较大的两个子序列，然后递归地排序。",
  "",
  "1. Choose a pivot from the list that is to be sorted",
  "   - and mind the ends",
  "",
  "| Plan | Price |",
  "|---|---:|",
  "| Pro | 20 |",
  "",
].join("\n");

/** One question on a terminal of this width: the bytes that were drawn. */
async function ask(cols: number, args: readonly string[] = [], env: Record<string, string> = {}) {
  const { origin } = await scriptedServer(
    stream([...ANSWER].map((each) => OPENAI.text(each)).concat(OPENAI.finish)),
  );
  const at = machine();
  const flags = ["--openai-base-url", `${origin}/v1`, "-m", "m", "-p", "hi", "-q", ...args];
  const pty = qwenPty(at, flags, { cols, env: { QWEN_OFFLINE: "", ...env } });
  expect(await pty.exitCode()).toBe(0);
  return { raw: pty.raw(), at, flags };
}

const CODE =
  "  def sort(items): return items if len(items) < 2 else sort([x for x in items[1:] if x < items[0]])";

/** A row that the terminal itself breaks. */
function broken(row: string, cols: number): string[] {
  return row.match(new RegExp(`.{1,${cols}}`, "g")) ?? [];
}

describe("an answer on a terminal", () => {
  const quotes: Readonly<Record<number, readonly string[]>> = {
    120: ["│ 快速排序采用分治策略，把一个序列分为较小和较大的两个子序列，然后递归地排序。"],
    80: ["│ 快速排序采用分治策略，把一个序列分为较小和较大的两个子序列，然后递归地排序。"],
    60: ["│ 快速排序采用分治策略，把一个序列分为较小和较大的两个子序", "│ 列，然后递归地排序。"],
    40: ["│ 快速排序采用分治策略，把一个序列分为较", "│ 小和较大的两个子序列，然后递归地排序。"],
  };
  test.each([120, 80, 60, 40])("of %i columns is rendered", async (cols) => {
    const { raw } = await ask(cols);
    const first =
      cols === 40
        ? ["Here is quicksort, see the page", "(https://example.com/sort):"]
        : ["Here is quicksort, see the page (https://example.com/sort):"];
    const item =
      cols === 40
        ? ["1. Choose a pivot from the list that is", "   to be sorted"]
        : ["1. Choose a pivot from the list that is to be sorted"];
    expect((await renderScreen(raw, { cols, rows: 30 })).split("\n")).toEqual([
      ...first,
      "",
      "  python",
      ...broken(CODE, cols).map((row) => row.trimEnd()),
      "",
      ...(quotes[cols] ?? []),
      "",
      ...item,
      "   • and mind the ends",
      "",
      "Plan │ Price",
      "─────┼──────",
      "Pro  │    20",
    ]);
    expect(raw).toContain("\u001b[1mquicksort\u001b[22m");
    expect(raw).toContain("\u001b[2m│\u001b[22m ");
  });

  test("loses its emphasis with NO_COLOR, and nothing else", async () => {
    const { raw } = await ask(60, [], { NO_COLOR: "1" });
    expect(raw).not.toContain("\u001b");
    const emphasised = (await ask(60)).raw;
    expect(await renderScreen(raw, { cols: 60 })).toBe(
      await renderScreen(emphasised, { cols: 60 }),
    );
  });

  test("is as it came with --raw", async () => {
    const { raw } = await ask(200, ["--raw"]);
    expect(raw.replaceAll("\r\n", "\n")).toBe(ANSWER);
  });

  test("has links that open where the terminal is known to do that", async () => {
    const env = { TERM_PROGRAM: "WezTerm" };
    const link = "\u001b]8;;https://example.com/sort\u001b\\";
    expect((await ask(80, [], env)).raw).toContain(link);
    expect((await ask(80, [], { ...env, NO_COLOR: "1" })).raw).not.toContain("\u001b");
    expect((await ask(80)).raw).not.toContain("\u001b]8");
  });

  test("never sends an escape sequence of the model's", async () => {
    const { origin } = await scriptedServer(
      stream([OPENAI.text("a \u001b]8;;file:///x\u001b\\b\u001b[2J **c\u0007**"), OPENAI.finish]),
    );
    const flags = ["--openai-base-url", `${origin}/v1`, "-m", "m", "-p", "hi", "-q"];
    const pty = qwenPty(machine(), flags, { env: { QWEN_OFFLINE: "", NO_COLOR: "1" } });
    expect(await pty.exitCode()).toBe(0);
    expect(pty.raw()).toBe("a \\x1b]8;;file:///x\\x1b\\b\\x1b[2J c\\x07\r\n");
  });
});

test("what goes on stands on stderr until the first word, and what it cost behind the last", async () => {
  const answered = Promise.withResolvers<void>();
  const { origin } = await scriptedServer(async (socket) => {
    await answered.promise;
    await stream([OPENAI.text("Hello"), OPENAI.finish])(socket);
  });
  const flags = ["--openai-base-url", `${origin}/v1`, "-m", "m", "-p", "hi"];
  const pty = qwenPty(machine(), flags, { env: { QWEN_OFFLINE: "", NO_COLOR: "1" } });
  await pty.waitFor(/waiting for m · \d+ s · Ctrl\+C stops/);
  answered.resolve();
  expect(await pty.exitCode()).toBe(0);
  expect(await renderScreen(pty.raw(), { cols: 100 })).toMatch(
    /^Hello\n\nm · 5 tokens in, 2 out · \d+\.\d s$/,
  );
});

test.each([[], ["--raw"], ["--color", "always"]])(
  "a pipe gets an answer byte by byte as it came: %j",
  async (...args) => {
    const { origin } = await scriptedServer(stream([OPENAI.text(ANSWER), OPENAI.finish]));
    const flags = ["--openai-base-url", `${origin}/v1`, "-m", "m", "-p", "hi", ...args.flat()];
    const result = await qwen(machine(), flags, { env: { QWEN_OFFLINE: "" } });
    expect(result).toMatchObject({ exitCode: 0, stdout: ANSWER });
  },
);
