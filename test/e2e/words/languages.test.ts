import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { qwenPty, shellPty } from "../../support/pty.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

const ZH = { LANG: "zh_CN.UTF-8", CI: "" };
const HAN = /\p{Script=Han}/u;

async function shown(m: Machine, args: readonly string[], env: Record<string, string>) {
  const terminal = qwenPty(m, args, { env: { CI: "", ...env }, cols: 80 });
  await terminal.exitCode();
  return terminal.text();
}

describe("the language", () => {
  test.each([
    [["auth", "status"], ZH],
    [["auth", "list"], ZH],
    [["auth", "status", "--lang", "zh"], { LANG: "en_US.UTF-8" }],
    [["auth", "status"], { LANG: "C", QWEN_CODE_LANG: "zh" }],
    [["models"], { LC_ALL: "zh_CN.UTF-8", LANG: "C" }],
    [["--help"], ZH],
    [["auth", "nonsense"], ZH],
  ])("%j is Chinese on a terminal with %j", async (args, env) => {
    expect(await shown(machine(), args, env)).toMatch(HAN);
  });

  test.each([
    [["auth", "status"], { ...ZH, LC_ALL: "C" }],
    [["auth", "status"], { ...ZH, CI: "1" }],
    [["auth", "status", "--lang", "zh"], { ...ZH, CI: "true" }],
    [["auth", "status", "--lang", "en"], ZH],
    [["auth", "status", "--debug"], ZH],
    [["auth", "status", "--json"], ZH],
    [["auth", "nonsense", "--json"], ZH],
    [["-p", "hi", "--output-format", "json"], ZH],
    [["auth", "status"], { LANG: "zh_CN.GB18030" }],
    [["completion", "bash"], ZH],
  ])("%j is English on a terminal with %j", async (args, env) => {
    expect(await shown(machine(), args, env)).not.toMatch(HAN);
  });

  test("the user's own settings say it, a project's do not", async () => {
    const m = machine();
    m.write("p/.qwen/settings.json", { general: { language: "zh" } });
    expect(await shown(m, ["auth", "status", "--trust"], {})).not.toMatch(HAN);
    m.write(".qwen/settings.json", { general: { language: "zh" } });
    expect(await shown(m, ["auth", "status"], {})).toMatch(HAN);
    m.write(".qwen/settings.json", { general: { language: "auto" } });
    expect(await shown(m, ["auth", "status"], {})).not.toMatch(HAN);
    m.write(".qwen/settings.json", '{ "general": { "language": ');
    expect(await shown(m, ["auth", "status"], {})).toContain("settings.json");
  });

  const COMMANDS: readonly (readonly string[])[] = [
    ["auth", "status"],
    ["auth", "status", "--json"],
    ["auth", "list"],
    ["models"],
    ["doctor"],
    ["--help"],
    ["auth", "coding-plan", "--help"],
    ["auth", "nonsense"],
    ["auth", "api-key", "--provider", "nobody"],
    ["auth", "api-key", "--json"],
    ["-p", ""],
  ];

  test.each(COMMANDS.map((args) => ({ args })))(
    "a pipe gets $args in English, byte for byte",
    async ({ args }) => {
      const m = machine();
      const [english, chinese] = [
        await qwen(m, args, { env: { LANG: "C" } }),
        await qwen(m, args, { env: { ...ZH, QWEN_CODE_LANG: "zh" } }),
      ];
      expect(chinese.stdout).toBe(english.stdout);
      expect(chinese.stderr).toBe(english.stderr);
      expect(chinese.exitCode).toBe(english.exitCode);
    },
  );

  test("each stream by itself", async () => {
    const m = machine();
    const terminal = shellPty(
      m,
      "qwen auth list 2>err; qwen auth nonsense 2>err; qwen auth list >out",
      {
        env: ZH,
      },
    );
    await terminal.exitCode();
    expect(terminal.text()).toContain("尚未配置服务商");
    const read = (name: string): string => readFileSync(join(m.project, name), "utf8");
    expect(read("err")).toContain("there is no such command");
    expect(read("out") + read("err")).not.toMatch(HAN);
  });

  test.each([{ flag: ["--lang", "klingon"] }, { flag: ["--lang=xx"] }])(
    "$flag is refused",
    async ({ flag }) => {
      const { exitCode, stderr } = await qwen(machine(), ["auth", "status", ...flag]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain("choose en or zh");
    },
  );
});
