import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { KEYS, type Pty, qwenPty } from "../../support/pty.ts";
import { machine, qwen } from "../../support/qwen.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";
import { startSession } from "../chat/session-machine.ts";

/** Lists of models, of which one or several are chosen, on screens of all sizes. */
setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123456789";
const LONG = "Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8";
const IDS = ["模型-0", LONG, ...Array.from({ length: 20 }, (_, at) => `m-${at}`)];

/** A login at the question which of the endpoint's models to take. */
async function atModels(cols: number, rows: number, env: Record<string, string> = {}) {
  const list = answer(200, { data: IDS.map((id) => ({ id, object: "model" })) });
  const { origin } = await scriptedServer(list, list);
  const at = machine();
  const options = { cols, rows, env: { QWEN_OFFLINE: "", ...env } };
  const pty = qwenPty(at, ["auth", "api-key", "--base-url", `${origin}/v1`], options);
  await pty.waitFor("API");
  pty.press(KEY + KEYS.enter);
  await pty.waitForScreen("m-0");
  const models = (): string[] =>
    JSON.parse(readFileSync(at.settings, "utf8")).modelProviders.openai.map(
      ({ id }: { id: string }) => id,
    );
  return { pty, models };
}

/** The rows from the question on. */
async function rowsFrom(pty: Pty, question: string): Promise<string[]> {
  const rows = (await pty.screen()).split("\n");
  return rows.slice(rows.findIndex((row) => row.includes(question)));
}

describe("of the models that an endpoint lists", () => {
  test("a narrow screen shows the question, whole rows and the keys", async () => {
    const { pty } = await atModels(40, 15);
    pty.press(KEYS.down);
    await pty.waitForScreen("›◻ Qwen");
    expect(await rowsFrom(pty, "◆")).toEqual([
      "◆  Select models with Tab; the first",
      "│  becomes the default:",
      "│  Search:",
      "│  ◻ 模型-0",
      "│ ›◻ Qwen/Qwen3-Coder-480B-A35B-Instruct",
      "│    -FP8",
      "│  ◻ m-0",
      "│  ◻ m-1",
      "│  ◻ m-2",
      "│  ◻ m-3",
      "│  ◻ m-4",
      "│  ...",
      "│  (↑ ↓ Tab Enter Esc)",
      "└",
    ]);
    pty.press(KEYS.ctrlC);
    expect(await pty.exitCode()).toBe(130);
  });

  test("every row of a screen of 20 cells has its bar", async () => {
    const { pty } = await atModels(20, 15);
    pty.press(KEYS.down);
    await pty.waitForScreen("›◻ Qwen");
    const rows = await rowsFrom(pty, "◆");
    expect(rows.slice(1, -1).filter((row) => !row.startsWith("│"))).toEqual([]);
    expect(rows).toContain("│  Search:");
    pty.press(KEYS.ctrlC);
    expect(await pty.exitCode()).toBe(130);
  });

  test("Enter takes the marked one where none is ticked, and says which", async () => {
    const { pty, models } = await atModels(80, 24);
    pty.press(KEYS.down + KEYS.enter);
    expect(await pty.exitCode()).toBe(0);
    expect(await pty.screen()).toContain(`the first becomes the default:\n│  ${LONG}\n`);
    expect(models()).toEqual([LONG]);
  });

  test("Tab ticks several, the first ticked is the default, also through a search", async () => {
    const { pty, models } = await atModels(80, 24);
    pty.press("m-19");
    await pty.waitForScreen(/›◻ m-19\n/);
    pty.press("\t\u007f\u007f\u007f\u007f");
    await pty.waitForScreen("Others");
    pty.press("模型");
    await pty.waitForScreen("›◻ 模型-0");
    pty.press(`\t${KEYS.enter}`);
    expect(await pty.exitCode()).toBe(0);
    expect(await pty.screen()).toContain("│  m-19, 模型-0\n");
    expect(models()).toEqual(["m-19", "模型-0"]);
  });

  test("none is taken where nothing matches", async () => {
    const { pty } = await atModels(80, 24);
    pty.press("nothing-like-it");
    await pty.waitForScreen("Nothing matches.");
    pty.press(KEYS.enter);
    await pty.waitForScreen(/▲.*\n.*nothing-like-it/);
    pty.press(KEYS.ctrlC);
    expect(await pty.exitCode()).toBe(130);
  });

  test("the list speaks Chinese", async () => {
    const { pty } = await atModels(80, 24, { QWEN_CODE_LANG: "zh" });
    const screen = await pty.screen();
    expect(screen).toContain("搜索");
    expect(screen).toContain("Tab 勾选");
    expect(screen.slice(screen.indexOf("◆"))).not.toMatch(/Search|ticks|Select/);
    pty.press(KEYS.ctrlC);
    expect(await pty.exitCode()).toBe(130);
  });
});

describe("/model", () => {
  async function atPicker(cols: number, rows: number) {
    const at = machine();
    for (const [port, ids] of [
      [8801, `${LONG},模型-1`],
      [8802, "a,b,c,d,e,f"],
    ] as const) {
      const url = `http://localhost:${port}/v1`;
      await qwen(at, ["auth", "api-key", "-u", url, "-m", ids, "--no-key", "--name", "平台组"]);
    }
    const session = startSession(at, [], { cols, rows });
    await session.waitFor("› ");
    session.press(`/model${KEYS.enter}`);
    await session.waitForScreen("Search:");
    return session;
  }

  test("shows as many models as there are rows on a small screen, and tells of the marked one", async () => {
    const session = await atPicker(20, 15);
    session.press(KEYS.down);
    await session.waitForScreen("● b");
    expect(await rowsFrom(session, "◆")).toEqual([
      "◆  Select a model:",
      "│  Search:",
      "│  openai",
      "│  ○ a",
      "│  ● b",
      "│  ○ c",
      "│  ○ d",
      "│  ○ e",
      "│  ...",
      "│  平台组 ·",
      "│  http://localhost:",
      "│  8802/v1",
      "│  (↑ ↓ Enter Esc)",
      "└",
    ]);
    session.press(KEYS.escape);
    await session.waitForScreen(/› $|›$/);
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
  });
});

test("questions, examples and complaints stay within their frame on a narrow screen", async () => {
  const pty = qwenPty(machine(), ["auth", "api-key"], { cols: 40, rows: 40 });
  await pty.waitFor("Select API key type:");
  pty.press(KEYS.up + KEYS.enter);
  await pty.waitFor("Select the protocol:");
  pty.press(KEYS.enter);
  await pty.waitFor("Enter the base URL:");
  pty.press(`http://127.0.0.1:9/v1${KEYS.enter}`);
  await pty.waitForScreen("server wants none):");
  pty.press(KEYS.enter);
  await pty.waitForScreen("separated by commas:");
  pty.press(KEYS.enter);
  await pty.waitForScreen("names");
  expect((await pty.screen()).split("\n").slice(-12)).toEqual([
    "◇  Enter the base URL:",
    "│  http://127.0.0.1:9/v1",
    "│",
    "◇  Enter your API key (empty if the",
    "│  server wants none):",
    "│",
    "│",
    "▲  Enter model ids, separated by commas:",
    "│  for example model-a, model-b; the",
    "│  first becomes the default",
    "└  This is no list of models: it names",
    "   no model.",
  ]);
  pty.press(KEYS.ctrlC);
  expect(await pty.exitCode()).toBe(130);
});
