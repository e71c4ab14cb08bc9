import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { qwenPty } from "../../support/pty.ts";
import { type Machine, machine } from "../../support/qwen.ts";
import { renderScreen } from "../../support/screen.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123456789ab";

/** A machine whose names are long, wide or both. */
function crowded(): Machine {
  const at = machine();
  at.write(".qwen/settings.json", {
    modelProviders: {
      openai: [
        { id: "glm-5", baseUrl: "https://coding-intl.dashscope.example/v1", envKey: "PLAN_KEY" },
        {
          id: "通义千问-增强版",
          name: "平台组 模型",
          baseUrl: "http://localhost:8803/v1",
          envKey: "PLAN_KEY",
        },
      ],
      anthropic: [{ id: "c", baseUrl: "https://gateway.example", envKey: "NO_KEY" }],
    },
    model: { name: "glm-5" },
    security: { auth: { selectedType: "openai" } },
    env: { PLAN_KEY: KEY },
  });
  return at;
}

const SIZES = [
  [120, 40],
  [80, 24],
  [60, 20],
  [40, 15],
] as const;

const COMMANDS: readonly (readonly [args: readonly string[], exitCode: number])[] = [
  [["auth", "status"], 0],
  [["auth", "list"], 0],
  [["models"], 0],
  [["doctor"], 0],
  [["trust", "--list"], 0],
  [["--help"], 0],
  [["auth", "--help"], 0],
  [["auth", "api-key", "--help"], 0],
  [["auth", "coding-plan", "--help"], 0],
  [["help", "chat"], 0],
  [["help", "exit-codes"], 0],
  [["auth", "status", "-m", "通义千问-增强版"], 2],
  [["-p", "hi", "-m", "no-such-model-of-a-rather-long-name@gateway.example"], 2],
  [["auth", "coding-plan", "--region", "somewhere"], 2],
  [["auth", "switch", "no-such-model"], 2],
  [["doctor", "--all"], 0],
  [["auth", "logout", "--provider", "nobody"], 2],
  [["auth", "set-key", "NO_SUCH_KEY"], 2],
  [["auth", "run", "--dry-run", "--", "claude"], 0],
  [["auth", "run", "--", "no-such-tool-of-a-long-name"], 127],
  [["auth", "qwen-oauth", "--no-input"], 2],
  [["auth", "import", "no-such-file.json"], 2],
  [["version"], 0],
  [["help", "providers"], 0],
  [["help", "network"], 0],
  [["trust", "--revoke"], 0],
  [["completion"], 2],
  [["--resume", "2099", "-p", "x"], 1],
  [["--file", "不存在的文件.md", "-p", "x"], 2],
];

/** What is drawn by a command on a screen so wide that nothing is wrapped, and on this one. */
async function drawn(at: Machine, args: readonly string[], cols: number, lang = "en") {
  const env = { QWEN_OFFLINE: "", NO_COLOR: "1", QWEN_CODE_LANG: lang };
  const pty = qwenPty(at, args, { cols, env });
  const exitCode = await pty.exitCode();
  return { exitCode, raw: pty.raw() };
}

const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== "");

/** Without the line that says what goes on, which is gone at the end. */
function lasting(text: string): string {
  return text
    .split("\u001b[?7l")
    .map((part) => part.split("\u001b[?7h").at(-1))
    .join("");
}

describe.each(SIZES)("on a screen of %i × %i cells nothing breaks inside a word:", (cols, rows) => {
  test.each(COMMANDS)("qwen %j", async (args) => {
    const at = crowded();
    const wide = await drawn(at, args, 400);
    const narrow = await drawn(at, args, cols);
    expect(narrow.exitCode).toBe(wide.exitCode);
    expect(wide.raw.trim()).not.toBe("");
    const withoutRules = (text: string) => wordsOf(lasting(text).replaceAll(/─+|\d+ columns/g, ""));
    // A source of several values is said once where there is no column for it.
    const isSource = (word: string) => /^(?:~\/\.qwen\/settings\.json|all|from)$/.test(word);
    const isWide = (word: string) => /[\u3000-\uffef]/.test(word) || isSource(word);
    expect(withoutRules(narrow.raw).filter((word) => !isWide(word))).toEqual(
      withoutRules(wide.raw).filter((word) => !isWide(word)),
    );
    const lines = lasting(narrow.raw).split(/\r?\n/);
    const tooWide = lines.filter((line) => Bun.stringWidth(line) > cols);
    expect(
      tooWide.flatMap(wordsOf).filter((word) => Bun.stringWidth(word) > cols - 4),
    ).toHaveLength(tooWide.length);
    expect(await renderScreen(narrow.raw, { cols, rows })).not.toBe("");
  });
});

/** What stands between Chinese characters and is no less a word there. */
const NAMES = /[A-Za-z0-9_.~/:@=-]{2,}/g;

describe("in Chinese on a screen of 40 × 15 cells nothing breaks inside a name:", () => {
  const cols = 40;
  test.each(COMMANDS)("qwen %j", async (args) => {
    const at = crowded();
    const wide = await drawn(at, args, 400, "zh");
    const narrow = await drawn(at, args, cols, "zh");
    const namesOf = (raw: string) => (lasting(raw).match(NAMES) ?? []).toSorted();
    const isSource = (name: string) => name === "~/.qwen/settings.json" || name === `${cols}`;
    const names = new Set(namesOf(wide.raw));
    expect(namesOf(narrow.raw).filter((name) => !names.has(name) && !isSource(name))).toEqual([]);
    const lines = lasting(narrow.raw).split(/\r?\n/);
    expect(lines.filter((line) => /^\s*[，。；：、）”]/.test(line))).toEqual([]);
  });
});
