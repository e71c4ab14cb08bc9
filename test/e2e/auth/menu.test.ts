import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KEYS, type PtyOptions, shellPty } from "../../support/pty.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { renderScreen } from "../../support/screen.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123456789a289";
const FOOTER = "(Use ↑ ↓ arrows to navigate, Enter to select, Ctrl+C to exit)";
const LAST_WORD = /exit\)/;

function start(at: Machine, options: PtyOptions = {}) {
  const script = 'echo above; stty -a >../before; qwen auth; echo "rc=$?"; stty -a >../after';
  const terminal = shellPty(at, script, options);
  const size = { cols: options.cols ?? 100, rows: 30 };
  return { ...terminal, screen: () => renderScreen(terminal.raw(), size) };
}

type Menu = ReturnType<typeof start>;

/** Answers each question with its keys. */
async function answer(
  menu: Menu,
  steps: readonly (readonly [shows: string | RegExp, keys: string])[],
) {
  for (const [shows, keys] of steps) {
    await menu.waitFor(shows);
    menu.press(keys);
  }
}

function settings(at: Machine) {
  return JSON.parse(readFileSync(at.settings, "utf8"));
}

async function expectRestored(at: Machine, menu: Menu) {
  expect(await menu.exitCode()).toBe(0);
  const read = (name: string) => readFileSync(join(at.home, name), "utf8");
  expect(read("after")).toBe(read("before"));
  const raw = menu.raw();
  expect(raw.lastIndexOf("\u001b[?25h")).toBeGreaterThanOrEqual(raw.lastIndexOf("\u001b[?25l"));
}

const TYPE: readonly (readonly [string, string])[] = [
  ["Select authentication method:", KEYS.down + KEYS.enter],
];

describe("qwen auth shows", () => {
  test("the three methods below what stands on the screen", async () => {
    const at = machine();
    const menu = start(at);
    await menu.waitFor(LAST_WORD);
    expect(await menu.screen()).toBe(
      [
        "above",
        "│",
        "◆  Select authentication method:",
        "│  ● Alibaba Cloud Coding Plan - Paid · Up to 6,000 requests/5 hrs · All Alibaba Cloud Coding Plan",
        "│    Models",
        "│  ○ API Key - Bring your own API key",
        "│  ○ Qwen OAuth - Discontinued — switch to Coding Plan or API Key",
        `│  ${FOOTER}`,
        "└",
      ].join("\n"),
    );
    menu.press(KEYS.ctrlC);
    await menu.waitFor("rc=130");
    await expectRestored(at, menu);
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
  });

  const NARROW: readonly (readonly [cols: number, rows: number, list: readonly string[]])[] = [
    [
      60,
      20,
      [
        "│  ● Alibaba Cloud Coding Plan - Paid · Up to 6,000",
        "│    requests/5 hrs · All Alibaba Cloud Coding Plan Models",
        "│  ○ API Key - Bring your own API key",
        "│  ○ Qwen OAuth - Discontinued — switch to Coding Plan or",
        "│    API Key",
        "│  (Use ↑ ↓ arrows to navigate, Enter to select, Ctrl+C to",
        "│  exit)",
      ],
    ],
    [
      40,
      15,
      [
        "│  ● Alibaba Cloud Coding Plan - Paid ·",
        "│    Up to 6,000 requests/5 hrs · All",
        "│    Alibaba Cloud Coding Plan Models",
        "│  ○ API Key - Bring your own API key",
        "│  ○ Qwen OAuth - Discontinued — switch",
        "│    to Coding Plan or API Key",
        "│  (Use ↑ ↓ arrows to navigate, Enter to",
        "│  select, Ctrl+C to exit)",
      ],
    ],
    [
      40,
      11,
      [
        "│  ● Alibaba Cloud Coding Plan",
        "│  ○ API Key",
        "│  ○ Qwen OAuth",
        "│  Paid · Up to 6,000 requests/5 hrs ·",
        "│  All Alibaba Cloud Coding Plan Models",
        "│  (Use ↑ ↓ arrows to navigate, Enter to",
        "│  select, Ctrl+C to exit)",
      ],
    ],
  ];
  test.each(NARROW)("all of them on %i × %i cells", async (cols, rows, list) => {
    const menu = start(machine(), { cols, rows });
    await menu.waitForScreen("└");
    const head = ["above", "│", "◆  Select authentication method:"];
    expect(await menu.screen()).toBe([...head, ...list, "└"].join("\n"));
    menu.press(KEYS.ctrlC);
    await menu.waitFor("rc=130");
  });

  test("what became of Qwen OAuth, and the menu again", async () => {
    const at = machine();
    const menu = start(at);
    await answer(menu, [["Select authentication method:", KEYS.up + KEYS.enter]]);
    await menu.waitFor("discontinued on 2026-04-15; please select another method");
    await menu.waitFor("● Qwen OAuth");
    menu.press(KEYS.escape);
    await menu.waitFor("rc=130");
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
  });

  test("no colour where NO_COLOR is set", async () => {
    const menu = start(machine(), { env: { NO_COLOR: "1" } });
    await menu.waitFor(LAST_WORD);
    menu.press(KEYS.ctrlC);
    await menu.waitFor("rc=130");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
    expect(menu.raw().match(/\u001b\[[\d;]*(?:3[0-7]|9[0-7]|4[0-7])m/g)).toBeNull();
  });
});

describe("each path of the menu ends with a working set-up:", () => {
  test("Coding Plan", async () => {
    const at = machine();
    const menu = start(at);
    await answer(menu, [
      ["Select authentication method:", KEYS.enter],
      ["Select the region:", KEYS.down + KEYS.enter],
      ["Enter your Coding Plan API key:", `sk-sp-${KEY}${KEYS.enter}`],
      ["rc=0", ""],
    ]);
    expect(settings(at)).toMatchObject({
      codingPlan: { region: "global" },
      env: { BAILIAN_CODING_PLAN_API_KEY: `sk-sp-${KEY}` },
    });
    await expectRestored(at, menu);
  });

  test("ModelStudio Standard, with a key pasted with its line end", async () => {
    const at = machine();
    const menu = start(at);
    await answer(menu, [
      ...TYPE,
      ["Select API key type:", KEYS.enter],
      ["https://cn-hongkong.dashscope.aliyuncs.com/compatible-mode/v1", KEYS.enter],
      ["Enter your API key:", `\u001b[200~${KEY}\n\u001b[201~`],
      ["Enter model ids, separated by commas:", KEYS.enter],
      ["rc=0", ""],
    ]);
    expect(settings(at)).toMatchObject({
      env: { DASHSCOPE_API_KEY: KEY },
      model: { name: "qwen3.5-plus" },
    });
    expect(menu.raw()).not.toContain(KEY);
  });

  test("another provider, found by typing", async () => {
    const at = machine();
    const menu = start(at);
    await answer(menu, [
      ...TYPE,
      ["Select API key type:", KEYS.down + KEYS.enter],
      ["type to search", "openrout"],
      ["Search: openrout", KEYS.enter],
      ["Enter your API key:", KEYS.up + KEYS.down + KEY + KEYS.enter],
      ["Enter model ids, separated by commas:", `模型, b${KEYS.enter}`],
      ["rc=0", ""],
    ]);
    expect(settings(at)).toMatchObject({
      env: { OPENROUTER_API_KEY: KEY },
      model: { name: "模型" },
    });
  });

  test("an endpoint of one's own, after a look at what will be written", async () => {
    const at = machine();
    const menu = start(at);
    await answer(menu, [
      ...TYPE,
      ["Select API key type:", KEYS.up + KEYS.enter],
      ["Select the protocol:", KEYS.down + KEYS.enter],
      ["Enter the base URL:", `https://gw.example/anthropic${KEYS.enter}`],
      ["Enter your API key:", KEY + KEYS.enter],
      ["Enter model ids, separated by commas:", `claude-x${KEYS.enter}`],
    ]);
    await menu.waitFor("This will be in your settings:");
    await menu.waitFor('"name": "claude-x"');
    await menu.waitFor("model-providers");
    await menu.waitFor("Save this?");
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
    menu.press(KEYS.enter);
    await menu.waitFor("rc=0");
    expect(menu.raw()).not.toContain(KEY);
    expect(menu.text()).toContain("sk-…a289");
    expect(settings(at).modelProviders.anthropic).toHaveLength(1);
    const { stdout } = await qwen(at, ["auth", "token"]);
    expect(stdout).toBe(`${KEY}\n`);
  });

  test("a local server of one's own, which wants no key", async () => {
    const at = machine();
    const menu = start(at);
    await answer(menu, [
      ...TYPE,
      ["Select API key type:", KEYS.up + KEYS.enter],
      ["Select the protocol:", KEYS.enter],
      ["Enter the base URL:", `http://localhost:9/v1${KEYS.enter}`],
      ["empty if the server wants none", KEYS.enter],
      ["Enter model ids, separated by commas:", `m${KEYS.enter}`],
      ["Save this?", KEYS.enter],
      ["rc=0", ""],
    ]);
    expect(Object.values(settings(at).env)).toEqual(["not-needed"]);
  });
});

test("qwen auth api-key --no-key asks for an endpoint of one's own and for no key", async () => {
  const at = machine();
  const terminal = shellPty(at, 'qwen auth api-key --no-key; echo "rc=$?"');
  await terminal.waitFor("Select the protocol:");
  terminal.press(KEYS.enter);
  await terminal.waitFor("Enter the base URL:");
  terminal.press(`http://localhost:9/v1${KEYS.enter}`);
  await terminal.waitFor("Enter model ids, separated by commas:");
  terminal.press(`m${KEYS.enter}`);
  await terminal.waitFor("Save this?");
  terminal.press(KEYS.enter);
  await terminal.waitFor("rc=0");
  expect(Object.values(settings(at).env)).toEqual(["not-needed"]);
});

describe("grey text says what it is:", () => {
  test("an example, which Enter does not take", async () => {
    const at = machine();
    const terminal = shellPty(at, 'qwen auth api-key --no-key; echo "rc=$?"');
    await terminal.waitFor("Select the protocol:");
    terminal.press(KEYS.enter);
    await terminal.waitFor("for example https://host.example/v1");
    terminal.press(KEYS.enter);
    await terminal.waitFor("This is no base URL");
    terminal.press(`http://localhost:9/v1${KEYS.enter}`);
    await terminal.waitFor("the first becomes the default");
    terminal.press(KEYS.ctrlC);
    await terminal.waitFor("rc=130");
    expect(existsSync(at.settings)).toBe(false);
  });

  test("a default, which Enter takes", async () => {
    const at = machine();
    const terminal = start(at);
    await answer(terminal, [
      ...TYPE,
      ["Select API key type:", KEYS.down + KEYS.enter],
      ["Search:", `ollama${KEYS.enter}`],
      ["Enter takes http://localhost:11434/v1", KEYS.ctrlC],
    ]);
    await terminal.waitFor("rc=130");
    expect(existsSync(at.settings)).toBe(false);
  });
});

describe("leaving the menu", () => {
  const path: readonly (readonly [string, string])[] = [
    ...TYPE,
    ["Select API key type:", KEYS.up + KEYS.enter],
    ["Select the protocol:", KEYS.enter],
    ["Enter the base URL:", `https://gw.example/v1${KEYS.enter}`],
    ["Enter your API key:", KEY + KEYS.enter],
    ["Enter model ids, separated by commas:", `m${KEYS.enter}`],
    ["Save this?", ""],
  ];
  const steps = path.map(([shows], index) => ({ shows, index }));

  test.each(steps)("by Ctrl+C at “$shows” writes nothing", async ({ shows, index }) => {
    const at = machine();
    const menu = start(at);
    await answer(menu, path.slice(0, index));
    await menu.waitFor(shows);
    menu.press(KEYS.ctrlC);
    await menu.waitFor("rc=130");
    await expectRestored(at, menu);
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
  });

  test("Esc goes one step back, from the last question to the menu and out", async () => {
    const at = machine();
    const menu = start(at);
    await answer(menu, path);
    for (const [shows] of path.toReversed().slice(1)) {
      menu.press(KEYS.escape);
      await menu.waitFor(shows);
    }
    menu.press(KEYS.escape);
    await menu.waitFor("rc=130");
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
  });

  test("“Go back” at the review is a step back, too", async () => {
    const at = machine();
    const menu = start(at);
    await answer(menu, [
      ...path.slice(0, -1),
      ["Save this?", KEYS.right + KEYS.enter],
      ["Enter model ids, separated by commas:", `n${KEYS.enter}`],
      ["Save this?", KEYS.enter],
      ["rc=0", ""],
    ]);
    expect(settings(at).model.name).toBe("n");
  });

  test("Enter on a search without a match does nothing", async () => {
    const at = machine();
    const menu = start(at);
    await answer(menu, [
      ...TYPE,
      ["Select API key type:", KEYS.down + KEYS.enter],
      ["type to search", "zzzz"],
      ["Nothing matches.", KEYS.enter],
      ["type to search", KEYS.escape],
      ["Select API key type:", KEYS.ctrlC],
      ["rc=130", ""],
    ]);
    await expectRestored(at, menu);
  });
});

describe("without a terminal to ask on, qwen auth", () => {
  test.each([
    ["piped stdin", "qwen auth </dev/null"],
    ["TERM=dumb", "TERM=dumb qwen auth"],
    ["CI", "CI=true qwen auth"],
    ["--no-input", "qwen auth --no-input"],
  ])("ends with 2 and names the commands: %s", async (_name, script) => {
    const at = machine();
    const terminal = shellPty(at, `${script}; echo "rc=$?"`);
    await terminal.waitFor("qwen auth coding-plan --help");
    await terminal.waitFor("rc=2");
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
  });
});

test("qwen auth switch asks for a model, the one in force first", async () => {
  const at = machine();
  await qwen(at, ["auth", "api-key", "--provider", "deepseek", "--key-stdin"], { stdin: KEY });
  const menu = shellPty(at, 'qwen auth switch; echo "rc=$?"');
  await menu.waitFor("Select the default model:");
  await menu.waitFor("● deepseek-v4-pro");
  menu.press("flash");
  await menu.waitFor("Search: flash");
  menu.press(KEYS.enter);
  await menu.waitFor("rc=0");
  expect(settings(at).model).toEqual({ name: "deepseek-v4-flash" });
});
