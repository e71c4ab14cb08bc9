import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KEYS, type Pty, type PtyOptions, qwenPty, shellPty } from "../../support/pty.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";

setDefaultTimeout(60_000);

const KEY = "sk-sp-0123456789abcdef0123456789a289";
const PLAN = ["auth", "coding-plan"];
const REGION_PROMPT = "Select the region:";
const KEY_PROMPT = "Enter your Coding Plan API key";
const CHINA_URL = "https://coding.dashscope.aliyuncs.com/v1";
const GLOBAL_URL = "https://coding-intl.dashscope.aliyuncs.com/v1";

/** Every terminal of a test, to prove that none of them ever showed the key. */
const terminals: Pty[] = [];

function on(at: Machine, args: readonly string[], options?: PtyOptions): Pty {
  const terminal = qwenPty(at, args, options);
  terminals.push(terminal);
  return terminal;
}

function scriptOn(at: Machine, script: string, options?: PtyOptions): Pty {
  const terminal = shellPty(at, script, options);
  terminals.push(terminal);
  return terminal;
}

/** Any eight characters of the key count, but for the prefix that masked keys keep. */
function expectNoKeyOn(terminal: Pty): void {
  const screen = terminal.text().replace(/\s/g, "");
  for (let start = 0; start + 8 <= KEY.length; start += 1) {
    expect(screen).not.toContain(KEY.slice(start, start + 8));
  }
  expect(terminal.raw()).not.toContain(KEY.slice(-8));
}

function saved(at: Machine): { key?: string; region?: string } {
  const { env, codingPlan } = JSON.parse(readFileSync(at.settings, "utf8"));
  return { key: env.BAILIAN_CODING_PLAN_API_KEY, region: codingPlan.region };
}

const isUntouched = (at: Machine) => !existsSync(join(at.home, ".qwen"));

afterEach(() => {
  for (const terminal of terminals.splice(0)) {
    expectNoKeyOn(terminal);
  }
});

describe("qwen auth coding-plan on a terminal", () => {
  test("asks for region and key, shows stars, and saves", async () => {
    const at = machine();
    const terminal = on(at, PLAN);
    await terminal.waitFor(REGION_PROMPT);
    terminal.press(KEYS.down);
    await terminal.waitFor(GLOBAL_URL);
    terminal.press(KEYS.enter);
    await terminal.waitFor(KEY_PROMPT);
    terminal.press(KEY);
    await terminal.waitFor("*".repeat(KEY.length));
    terminal.press(KEYS.enter);
    await terminal.waitFor("Coding Plan (global) is set up, default model qwen3.5-plus");
    expect(await terminal.exitCode()).toBe(0);
    expect(saved(at)).toEqual({ key: KEY, region: "global" });
    expect((await qwen(at, ["auth", "status"])).exitCode).toBe(0);
  });

  test.each([100, 60, 20])(
    "both endpoints can be read before the choice (%d columns)",
    async (cols) => {
      const terminal = on(machine(), PLAN, { cols });
      await terminal.waitFor(/Global|global/);
      const shown = terminal.text().replace(/[\s│|●○◆]/g, "");
      terminal.press(KEYS.ctrlC);
      expect(await terminal.exitCode()).toBe(130);
      expect(shown).toContain(CHINA_URL);
      expect(shown).toContain(GLOBAL_URL);
    },
  );

  test("the first row, china, is selected when Enter comes at once", async () => {
    const at = machine();
    const terminal = on(at, PLAN);
    await terminal.waitFor(REGION_PROMPT);
    terminal.press(KEYS.enter);
    await terminal.waitFor(KEY_PROMPT);
    terminal.press(KEY + KEYS.enter);
    expect(await terminal.exitCode()).toBe(0);
    expect(saved(at)).toEqual({ key: KEY, region: "china" });
  });

  test("the arrows wrap", async () => {
    const at = machine();
    const terminal = on(at, [...PLAN, "--key-env", "K"], { env: { K: KEY } });
    await terminal.waitFor(REGION_PROMPT);
    terminal.press(KEYS.up);
    terminal.press(KEYS.enter);
    expect(await terminal.exitCode()).toBe(0);
    expect(saved(at).region).toBe("global");
  });

  test("a region on the command line is not asked for", async () => {
    const at = machine();
    const terminal = on(at, [...PLAN, "--region", "global"]);
    await terminal.waitFor(KEY_PROMPT);
    terminal.press(KEY + KEYS.enter);
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text()).not.toContain(REGION_PROMPT);
    expect(saved(at)).toEqual({ key: KEY, region: "global" });
  });

  test("a key from elsewhere is not asked for", async () => {
    const at = machine();
    const terminal = on(at, [...PLAN, "--key-env", "K"], { env: { K: KEY } });
    await terminal.waitFor(REGION_PROMPT);
    terminal.press(KEYS.enter);
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text()).not.toContain(KEY_PROMPT);
    expect(saved(at)).toEqual({ key: KEY, region: "china" });
  });

  test("nothing is asked when nothing is missing", async () => {
    const at = machine();
    const terminal = on(at, [...PLAN, "-r", "cn", "--key-env", "K"], { env: { K: KEY } });
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text()).not.toContain("Enter your");
    expect(terminal.text()).not.toContain("Select");
    expect(saved(at)).toEqual({ key: KEY, region: "china" });
  });

  test.each([
    { flags: ["--key-stdin"] },
    { flags: ["--with-token"] },
    { flags: ["--key-file", "-"] },
  ])("$flags is the hidden prompt when stdin is the terminal", async ({ flags }) => {
    const at = machine();
    const terminal = on(at, [...PLAN, "-r", "china", ...flags]);
    await terminal.waitFor(KEY_PROMPT);
    terminal.press(KEY + KEYS.enter);
    expect(await terminal.exitCode()).toBe(0);
    expect(saved(at).key).toBe(KEY);
  });

  test.each(["", "0", "false"])("CI=%p is no CI", async (CI) => {
    const terminal = on(machine(), PLAN, { env: { CI } });
    await terminal.waitFor(REGION_PROMPT);
    terminal.press(KEYS.ctrlC);
    expect(await terminal.exitCode()).toBe(130);
  });
});

describe("the key prompt", () => {
  async function keyPrompt(at: Machine, options?: PtyOptions): Promise<Pty> {
    const terminal = on(at, [...PLAN, "--region", "china"], options);
    await terminal.waitFor(KEY_PROMPT);
    return terminal;
  }

  test.each([
    ["CR", `${KEY}\r`],
    ["LF", `${KEY}\n`],
    ["CRLF", `${KEY}\r\n`],
    ["two line ends", `${KEY}\n\n`],
    ["bracketed paste", `\u001b[200~${KEY}\u001b[201~\r`],
    ["bracketed paste with its line end inside", `\u001b[200~${KEY}\n\u001b[201~\r`],
  ])("takes a key pasted with %s", async (_name, pasted) => {
    const at = machine();
    const terminal = await keyPrompt(at);
    terminal.press(pasted);
    expect(await terminal.exitCode()).toBe(0);
    expect(saved(at).key).toBe(KEY);
  });

  const half = KEY.length / 2;
  test.each([
    ["up and down", KEYS.up + KEYS.down],
    ["F1 and F5", "\u001bOP\u001b[15~"],
    ["focus events", "\u001b[I\u001b[O"],
    ["a mouse click", "\u001b[<0;10;5M\u001b[<0;10;5m"],
    ["a cursor position report", "\u001b[12;40R"],
    ["Shift+Tab", "\u001b[Z"],
    ["Ctrl+Up", "\u001b[1;5A"],
    ["Insert and Page Down", "\u001b[2~\u001b[6~"],
  ])("does not let %s into the key", async (_name, keys) => {
    const at = machine();
    const terminal = await keyPrompt(at);
    terminal.press(KEY.slice(0, half));
    await terminal.waitFor("*".repeat(half));
    terminal.press(keys);
    terminal.press(KEY.slice(half));
    await terminal.waitFor("*".repeat(KEY.length));
    terminal.press(KEYS.enter);
    expect(await terminal.exitCode()).toBe(0);
    expect(saved(at).key).toBe(KEY);
  });

  test("takes the cursor keys for moving, not for text", async () => {
    const at = machine();
    const terminal = await keyPrompt(at);
    terminal.press(KEY.slice(0, -2) + KEY.slice(-1));
    await terminal.waitFor("*".repeat(KEY.length - 1));
    terminal.press(KEYS.left);
    terminal.press(KEY.slice(-2, -1));
    await terminal.waitFor("*".repeat(KEY.length));
    terminal.press(KEYS.enter);
    expect(await terminal.exitCode()).toBe(0);
    expect(saved(at).key).toBe(KEY);
  });

  test("takes back what Backspace deletes", async () => {
    const at = machine();
    const terminal = await keyPrompt(at);
    terminal.press(`${KEY}xy`);
    await terminal.waitFor("*".repeat(KEY.length + 2));
    terminal.press(KEYS.backspace + KEYS.backspace);
    terminal.press(KEYS.enter);
    expect(await terminal.exitCode()).toBe(0);
    expect(saved(at).key).toBe(KEY);
  });

  test("typed ahead, before its prompt stands, is not shown either", async () => {
    const at = machine();
    const terminal = on(at, PLAN);
    await terminal.waitFor(REGION_PROMPT);
    terminal.press(KEYS.enter + KEY);
    await terminal.waitFor(KEY_PROMPT);
    terminal.press(KEYS.ctrlC);
    expect(await terminal.exitCode()).toBe(130);
  });

  test("asks again after an empty key and after a key with a space", async () => {
    const at = machine();
    const terminal = await keyPrompt(at);
    terminal.press(KEYS.enter);
    await terminal.waitFor(/empty/);
    terminal.press("not a key");
    await terminal.waitFor("*********");
    terminal.press(KEYS.enter);
    await terminal.waitFor(/white space/);
    expect(isUntouched(at)).toBe(true);
    terminal.press(KEYS.backspace.repeat(9));
    terminal.press(KEY);
    await terminal.waitFor("*".repeat(KEY.length));
    terminal.press(KEYS.enter);
    expect(await terminal.exitCode()).toBe(0);
    expect(saved(at).key).toBe(KEY);
  });

  test.each([60, 20])("works in %d columns", async (cols) => {
    const at = machine();
    const terminal = on(at, PLAN, { cols });
    await terminal.waitFor("Select the");
    terminal.press(KEYS.down + KEYS.enter);
    await terminal.waitFor("Enter your");
    terminal.press(KEY);
    await terminal.waitFor("*");
    terminal.press(KEYS.enter);
    expect(await terminal.exitCode()).toBe(0);
    expect(saved(at)).toEqual({ key: KEY, region: "global" });
  });
});

describe("leaving a prompt", () => {
  const prompts = [
    { name: "region", args: PLAN, shows: REGION_PROMPT },
    { name: "key", args: [...PLAN, "--region", "china"], shows: KEY_PROMPT },
  ];
  const ways = [
    { way: "Ctrl+C", keys: KEYS.ctrlC },
    { way: "Ctrl+D", keys: KEYS.ctrlD },
    { way: "Esc at the first step", keys: KEYS.escape },
  ];
  const cases = prompts.flatMap((prompt) => ways.map((way) => ({ ...prompt, ...way })));

  test.each(cases)(
    "$way at the $name prompt: 130, nothing written",
    async ({ args, shows, keys }) => {
      const at = machine();
      const script = `stty -a >../before; qwen ${args.join(" ")} >../out; echo "rc=$?"; stty -a >../after`;
      const terminal = scriptOn(at, script);
      await terminal.waitFor(shows);
      terminal.press(keys);
      await terminal.waitFor("rc=130");
      expect(await terminal.exitCode()).toBe(0);
      expect(isUntouched(at)).toBe(true);
      expect(readFileSync(join(at.home, "out"), "utf8")).toBe("");
      expect(readFileSync(join(at.home, "after"), "utf8")).toBe(
        readFileSync(join(at.home, "before"), "utf8"),
      );
      expect(terminal.raw().lastIndexOf("\u001b[?25h")).toBeGreaterThanOrEqual(
        terminal.raw().lastIndexOf("\u001b[?25l"),
      );
    },
  );

  test("Ctrl+C with a half typed key writes nothing", async () => {
    const at = machine();
    const terminal = on(at, [...PLAN, "-r", "china"]);
    await terminal.waitFor(KEY_PROMPT);
    terminal.press(KEY.slice(0, 20));
    await terminal.waitFor("*".repeat(20));
    terminal.press(KEYS.ctrlC);
    expect(await terminal.exitCode()).toBe(130);
    expect(isUntouched(at)).toBe(true);
  });

  test.each([
    ["Ctrl+C", KEYS.ctrlC],
    ["Ctrl+D", KEYS.ctrlD],
  ])("%s at the second step leaves too", async (_name, keys) => {
    const at = machine();
    const terminal = on(at, PLAN);
    await terminal.waitFor(REGION_PROMPT);
    terminal.press(KEYS.enter);
    await terminal.waitFor(KEY_PROMPT);
    terminal.press(keys);
    expect(await terminal.exitCode()).toBe(130);
    expect(isUntouched(at)).toBe(true);
  });

  test("Esc at the second step goes back to the first", async () => {
    const at = machine();
    const terminal = on(at, PLAN);
    await terminal.waitFor(REGION_PROMPT);
    terminal.press(KEYS.enter);
    await terminal.waitFor(KEY_PROMPT);
    terminal.press(KEYS.escape);
    await terminal.waitFor(REGION_PROMPT);
    terminal.press(KEYS.down + KEYS.enter);
    await terminal.waitFor(KEY_PROMPT);
    terminal.press(KEY + KEYS.enter);
    expect(await terminal.exitCode()).toBe(0);
    expect(saved(at)).toEqual({ key: KEY, region: "global" });
  });

  test("--json reports the interruption as the error object", async () => {
    const at = machine();
    const terminal = scriptOn(at, `qwen ${PLAN.join(" ")} --json >../out; echo "rc=$?"`);
    await terminal.waitFor(REGION_PROMPT);
    terminal.press(KEYS.ctrlC);
    await terminal.waitFor("rc=130");
    await terminal.exitCode();
    expect(JSON.parse(readFileSync(join(at.home, "out"), "utf8"))).toEqual({
      error: { code: "cancelled", message: expect.any(String), exitCode: 130 },
    });
  });

  const signals = [
    { signal: "SIGTERM", code: 143 },
    { signal: "SIGINT", code: 130 },
    { signal: "SIGHUP", code: 129 },
  ] as const;
  test.each(signals.flatMap((each) => prompts.map((prompt) => ({ ...each, ...prompt }))))(
    "$signal at the $name prompt: $code, terminal restored",
    async ({ signal, code, args, shows }) => {
      const at = machine();
      const terminal = scriptOn(
        at,
        `stty -a >../before; sh -c 'echo $$ >../pid; exec qwen ${args.join(" ")}'; ` +
          `echo "rc=$?"; stty -a >../after`,
      );
      await terminal.waitFor(shows);
      process.kill(Number(readFileSync(join(at.home, "pid"), "utf8")), signal);
      await terminal.waitFor(`rc=${code}`);
      await terminal.exitCode();
      expect(isUntouched(at)).toBe(true);
      expect(readFileSync(join(at.home, "after"), "utf8")).toBe(
        readFileSync(join(at.home, "before"), "utf8"),
      );
      expect(terminal.raw().lastIndexOf("\u001b[?25h")).toBeGreaterThanOrEqual(
        terminal.raw().lastIndexOf("\u001b[?25l"),
      );
    },
  );

  test.each(prompts)(
    "a terminal that is gone ends the $name prompt: 129",
    async ({ args, shows }) => {
      const at = machine();
      const terminal = on(at, args);
      await terminal.waitFor(shows);
      terminal.hangUp();
      expect(await terminal.exitCode()).toBe(129);
      expect(isUntouched(at)).toBe(true);
    },
  );
});

test("a prompt that was stopped with Ctrl+Z shows the cursor, and takes keys again when it goes on", async () => {
  const at = machine();
  const terminal = scriptOn(at, `set -m; qwen ${PLAN.join(" ")}; echo halted; fg; echo "rc=$?"`);
  await terminal.waitFor(REGION_PROMPT);
  terminal.press("\u001a");
  await terminal.waitFor("halted");
  const [drawn = ""] = terminal.raw().split("halted");
  expect(drawn.lastIndexOf("\u001b[?25h")).toBeGreaterThan(drawn.lastIndexOf("\u001b[?25l"));
  await terminal.waitFor(`qwen ${PLAN.join(" ")}`);
  terminal.press(KEYS.enter);
  await terminal.waitFor(KEY_PROMPT);
  terminal.press(KEYS.ctrlC);
  await terminal.waitFor("rc=130");
  await terminal.exitCode();
});

describe("prompts and streams", () => {
  test("prompts are drawn on stderr: a redirected stdout stays empty", async () => {
    const at = machine();
    const terminal = scriptOn(at, `qwen ${PLAN.join(" ")} >../out`);
    await terminal.waitFor(REGION_PROMPT);
    terminal.press(KEYS.enter);
    await terminal.waitFor(KEY_PROMPT);
    terminal.press(KEY + KEYS.enter);
    expect(await terminal.exitCode()).toBe(0);
    expect(readFileSync(join(at.home, "out"), "utf8")).toBe("");
    expect(saved(at).key).toBe(KEY);
  });

  test("--json prints its object and nothing else on stdout, prompts or not", async () => {
    const at = machine();
    const terminal = scriptOn(at, `qwen ${PLAN.join(" ")} --json >../out`);
    await terminal.waitFor(REGION_PROMPT);
    terminal.press(KEYS.enter);
    await terminal.waitFor(KEY_PROMPT);
    terminal.press(KEY + KEYS.enter);
    expect(await terminal.exitCode()).toBe(0);
    const out = readFileSync(join(at.home, "out"), "utf8");
    expect(JSON.parse(out)).toMatchObject({ region: "china", path: at.settings });
    expect(out).not.toContain(KEY);
  });

  test("without stderr on the terminal nothing is asked", async () => {
    const at = machine();
    const terminal = scriptOn(at, `qwen ${PLAN.join(" ")} 2>../err; echo "rc=$?"`);
    await terminal.waitFor("rc=2");
    await terminal.exitCode();
    expect(readFileSync(join(at.home, "err"), "utf8")).toContain("--region");
  });

  test.each([
    ["NO_COLOR", PLAN, { NO_COLOR: "1" }],
    ["--color never", [...PLAN, "--color", "never"], {}],
  ])("%s leaves the prompts without colour", async (_name, args, env) => {
    const terminal = on(machine(), args, { env });
    await terminal.waitFor(REGION_PROMPT);
    terminal.press(KEYS.enter);
    await terminal.waitFor(KEY_PROMPT);
    terminal.press(KEYS.ctrlC);
    await terminal.exitCode();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
    expect(terminal.raw().match(/\u001b\[[\d;]*(?:3[0-7]|9[0-7]|4[0-7])m/g)).toBeNull();
  });
});
