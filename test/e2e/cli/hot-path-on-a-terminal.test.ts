import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { shellPty } from "../../support/pty.ts";
import { type Machine, machine, QWEN, qwen } from "../../support/qwen.ts";

const MAIN = join(import.meta.dir, "..", "..", "..", "src", "main.ts");

/** Whoever touches one of these on the hot path pays for it with a third of the whole time. */
const POISON = `
for (const name of ["stdin", "stdout", "stderr"]) {
  Object.defineProperty(process, name, {
    get() {
      throw new Error("process." + name + " was loaded");
    },
  });
}
for (const [module, name] of [["node:tty", "isatty"], ["node:util", "parseArgs"], ["node:util", "styleText"]]) {
  require(module)[name] = () => {
    throw new Error(module + " was loaded");
  };
}
`;

function setUp(): Machine {
  const m = machine();
  m.write(".qwen/settings.json", {
    $version: 4,
    modelProviders: {
      openai: [{ id: "m", baseUrl: "https://one.example/v1", envKey: "ONE_API_KEY" }],
    },
    security: { auth: { selectedType: "openai" } },
    model: { name: "m" },
  });
  m.write("p/.env", "ONE_API_KEY=sk-0123456789abcdef0123\n");
  return m;
}

const COMMANDS: readonly (readonly [args: readonly string[], exitCode: number])[] = [
  [["--version"], 0],
  [["auth", "status"], 0],
  [["auth", "status", "--json"], 0],
  [["auth", "token"], 0],
];

/** Printed through the same doors, though not on the hot path. */
const OTHERS: typeof COMMANDS = [
  [["auth", "--help"], 0],
  [["help", "exit-codes"], 0],
  [["auth", "status", "--nope"], 2],
];

describe("on a terminal", () => {
  test.each(COMMANDS)("%j loads no process.stdout, node:tty or node:util", async (args, code) => {
    const m = setUp();
    const preload = m.write("poison.ts", POISON);
    const terminal = shellPty(
      m,
      `exec '${process.execPath}' --preload '${preload}' '${MAIN}' ${args.join(" ")}`,
    );
    const exitCode = await terminal.exitCode();
    expect(terminal.text()).not.toContain("was loaded");
    expect(exitCode).toBe(code);
  });

  test("the poison is noticed", async () => {
    const m = setUp();
    const preload = m.write("poison.ts", POISON);
    const script = m.write("script.ts", "process.stdout.write('x');");
    const terminal = shellPty(m, `exec '${process.execPath}' --preload '${preload}' '${script}'`);
    expect(await terminal.exitCode()).toBe(1);
    expect(terminal.text()).toContain("process.stdout was loaded");
  });

  // `auth status`, `auth list`, `models` and `doctor` have a form for screens: screen-forms.test.ts.
  const same = COMMANDS.filter((row) => row[0].join(" ") !== "auth status");
  test.each([...same, ...OTHERS])("%j draws what a pipe gets in colour", async (args, code) => {
    const m = setUp();
    const piped = await qwen(m, args, { env: { FORCE_COLOR: "1" } });
    expect(piped.exitCode).toBe(code);
    const terminal = shellPty(m, `exec '${QWEN}' ${args.join(" ")}`, { cols: 400 });
    expect(await terminal.exitCode()).toBe(code);
    expect(terminal.raw()).toBe((piped.stdout + piped.stderr).replaceAll("\n", "\r\n"));
  });
});
