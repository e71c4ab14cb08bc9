import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPENAI, sse } from "../../support/model-answers.ts";
import { KEYS } from "../../support/pty.ts";
import { machine } from "../../support/qwen.ts";
import {
  answer,
  type Reply,
  scriptedServer,
  silence,
  stream,
} from "../../support/scripted-server.ts";
import { KEY, type Session, startSession } from "./session-machine.ts";

setDefaultTimeout(120_000);

const ANSWER = [
  "## 快速排序 in **Python**",
  "",
  "Here is *quicksort*, see [the page](https://example.com/sorting): it chooses a pivot.",
  "",
  "```python",
  "def sort(items):",
  "    return items",
  "```",
  "",
  "| Plan | Price | Notes |",
  "|---|---:|---|",
  "| Pro | ¥200 | Includes **glm-5**, qwen3-coder-plus |",
  "| 轻量版 | ¥40 | 每 5 小时 1,200 次请求 |",
  "",
  "1. Choose a pivot from the list that is to be sorted",
  "",
].join("\n");

const ERROR = "a rather long message of the server: 参数错误";

/** What else stands on the screen. */
const SAID = [
  "qwen help Esc stops an answer Ctrl D leaves p plus m s think think please",
  "tokens in out What the model thinks is shown dim before the answer",
  "I think about and its pivots for a while typed meanwhile interrupted fail",
  "thinking writing waiting for error Cannot ask does not understand the request",
  "calls the message up again",
].join(" ");

const thinks = (reasoning_content: string): string =>
  sse({ choices: [{ index: 0, delta: { reasoning_content } }] });

/** An answer character by character. */
const says = (text: string): Reply =>
  stream([...text].map((each) => OPENAI.text(each)).concat(OPENAI.finish));

const SIZES = [
  [120, 40],
  [80, 24],
  [60, 20],
  [40, 15],
  [20, 30],
] as const;

/** A session at a terminal of this size, with a model of a long name, a file and a wide name. */
async function open(cols: number, rows: number, ...replies: readonly Reply[]): Promise<Session> {
  const { origin } = await scriptedServer(...replies);
  const at = machine();
  const baseUrl = `${origin}/v1`;
  at.write("p/src/notes.md", "a\nb\n");
  at.write(".qwen/settings.json", {
    modelProviders: {
      openai: [
        { id: "qwen3.5-plus", baseUrl, envKey: "M_KEY" },
        { id: "通义千问-增强版", name: "平台组 模型", baseUrl, envKey: "M_KEY" },
      ],
    },
    model: { name: "qwen3.5-plus" },
    security: { auth: { selectedType: "openai" } },
    env: { M_KEY: KEY },
  });
  const session = startSession(at, [], { cols, rows, env: { NO_COLOR: "1" } });
  await session.waitForScreen(/›$/);
  return session;
}

async function leave(session: Session): Promise<void> {
  session.press(KEYS.ctrlD);
  await session.expectEnd(0);
}

/** Words of Latin letters, which are whole on a screen or not on it. */
const wordsOf = (text: string): string[] => text.match(/[A-Za-z][A-Za-z']*/g) ?? [];

/** No word of a screen is only a part of one that was said and that has room on a row. */
function expectWhole(screen: string, said: string, cols: number): void {
  const known = new Set(wordsOf(said));
  expect(wordsOf(screen).filter((word) => word.length < cols - 4 && !known.has(word))).toEqual([]);
}

describe.each(SIZES)("on a screen of %i × %i cells", (cols, rows) => {
  test("an answer, what a model thinks, what is typed meanwhile, Esc and an error", async () => {
    const session = await open(
      cols,
      rows,
      says(ANSWER),
      stream([thinks("I think about 快速排序 and its pivots for a while")], silence),
      answer(400, { error: { message: ERROR } }),
    );
    const question = "请解释快速排序 and show me how it is done in Python";
    const steps: readonly (readonly [keys: string, shows: RegExp])[] = [
      [question, /Python$/],
      [KEYS.enter, /tokens\s+in[^›]*›$/],
      [`/think${KEYS.enter}`, /is\s+shown[^›]*›$/],
      [`think please${KEYS.enter}`, /thinking · \d+ s ·\s+Esc\s+stops$/],
      ["typed 中文 meanwhile", /Esc\s+stops\n› typed 中文\s+meanwhile$/],
      [KEYS.escape, /for\s+a\s+while\n\ninterrupted\n\n› typed 中文\s+meanwhile$/],
      [`\u0015fail${KEYS.enter}`, /参数\s*错\s*误\)\n↑ calls the message\s+up again\.\n\n›$/],
    ];
    const said = [question, ANSWER, ERROR, SAID].join(" ");
    for (const [keys, shows] of steps) {
      session.press(keys);
      await session.waitForScreen(shows);
      expectWhole(await session.screen(), said, cols);
    }
    expect(await session.screen()).not.toMatch(/Esc\s+stops\n/);
    await leave(session);
  });

  test("/help, /copy, a wrong command, Tab and a list of models", async () => {
    const session = await open(cols, rows, says("Done."));
    session.press(`go${KEYS.enter}`);
    await session.waitForScreen(/Done\.\n\n[^›]*›$/);
    session.press(`/help${KEYS.enter}`);
    await session.waitForScreen(/Ctrl\+D\s+leaves\.\n\n›$/);
    session.press(`/copy${KEYS.enter}`);
    await session.waitForScreen(/\/save\s+FILE\.md\n\n›$/);
    session.press(`/stat${KEYS.enter}`);
    await session.waitForScreen(/did\s+you\s+mean\s+\/status\?\n\n›$/);
    session.press("/mo\t");
    await session.waitForScreen(/› \/model\n\/model {2}\/models$/);
    session.press("\u0015look at @src/n\t");
    await session.waitForScreen(/› look at\s+@src\/notes\.md$/);
    session.press(`${KEYS.enter}`);
    await session.waitForScreen(/\n {2}\+ src\/notes\.md(?: |\n {4})\(2\s+lines\)\n\nDone\./);
    session.press(`/model${KEYS.enter}`);
    await session.waitForScreen(/│ {2}○ 通义千问-增强版[\s\S]*\n└$/);
    const list = (await session.screen()).split("\n");
    const frame = list.slice(list.findLastIndex((row) => row.startsWith("◆")));
    expect(frame.filter((row) => !/^[◆│└]/.test(row))).toEqual([]);
    session.press(KEYS.escape);
    await session.waitForScreen(/■ {2}Select[\s\S]*\n›$/);
    await leave(session);
  });

  test("lines and pastes that are long", async () => {
    const session = await open(cols, rows, says("Done."));
    session.press("first line");
    await session.waitForScreen(/› first line$/);
    session.press("\u000athe second 第二行 that goes on and on\u000athird");
    await session.waitForScreen(/› first line\n {2}the second[\s\S]*\n {2}third$/);
    session.press(KEYS.enter);
    await session.waitForScreen(/\n {2}third\n\nDone\./);
    await session.waitForScreen(/›$/);
    const pasted = Array.from({ length: 200 }, (_, line) => `line ${line} 粘贴`).join("\n");
    session.press(`\u001b[200~${pasted}\u001b[201~ and`);
    await session.waitForScreen(/› \[200 lines pasted\]\s+and$/);
    session.press(KEYS.enter);
    await session.waitForScreen(
      /\n {2}line 0 粘贴\n {2}line 1 粘贴\n {2}line 2 粘贴\n {2}… 197 more lines\n\nDone\.\n/,
    );
    await session.waitForScreen(/›$/);
    await leave(session);
  });
});
