import { describe, expect, test } from "bun:test";
import { COMMANDS, TABLES } from "../../src/cli/commands.ts";
import { dispatch } from "../../src/cli/dispatch.ts";
import { parseArguments } from "../../src/cli/parse-arguments.ts";
import { createRedactor } from "../../src/secrets/redact.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";
import { readLine } from "../support/read-line.ts";

async function run(argv: readonly string[]) {
  const runtime = fakeRuntime();
  const exitCode = await dispatch(runtime, await parseArguments(argv, TABLES));
  return { exitCode, ...runtime.written };
}

describe("dispatch()", () => {
  test.each([["--version"], ["-V"], ["-v"], ["--no-input --version"]])(
    "prints the version alone for %s",
    async (line) => {
      expect(await run(line.split(" "))).toEqual({ exitCode: 0, stdout: "1.2.3\n", stderr: "" });
    },
  );

  test.each([
    ["--help", "Usage\n  qwen <command> [flags]"],
    ["-h", "Usage\n  qwen <command> [flags]"],
    ["help", "Usage\n  qwen <command> [flags]"],
    ["help chat", "Usage\n  qwen [question] [flags]"],
    ["-p hello --help", "Usage\n  qwen [question] [flags]"],
    ["-m glm-5 auth status --help", "Usage\n  qwen auth status [flags]"],
    ["auth --help", "Usage\n  qwen auth [command] [flags]"],
    ["help auth", "Usage\n  qwen auth [command] [flags]"],
    ["auth status --help", "Usage\n  qwen auth status [flags]"],
    ["auth status --json -h", "Usage\n  qwen auth status [flags]"],
    ["help auth coding-plan", "Usage\n  qwen auth coding-plan [flags]"],
    ["auth whoami --help", "Usage\n  qwen auth status [flags]"],
    ["help exit-codes", "Exit codes\n  0 "],
    ["help network", "\n  --client-key FILE "],
    ["help providers", "Flags of gateways\n      --header NAME=VALUE"],
  ])("prints help on stdout for `%s`", async (line, expected) => {
    const { exitCode, stdout, stderr } = await run(line.split(" ").filter((word) => word !== ""));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(expected);
  });

  test("shows every help page as it is written: none looks like a credential", async () => {
    const { redact } = createRedactor();
    for (const { words } of COMMANDS) {
      const { stdout } = await run(["help", ...words]);
      expect(redact(stdout)).toBe(stdout);
    }
  });

  test("keeps every help page within a screen of 80 columns and 40 lines", async () => {
    const commands = COMMANDS.map(({ words }) => words.join(" "));
    const pages = ["--help", "help chat", "help network", "help providers", "help exit-codes"];
    for (const line of [...pages, ...commands.map((words) => `${words} --help`)]) {
      const { stdout } = await run(line.split(" "));
      const lines = stdout.split("\n");
      expect([line, lines.length > 40]).toEqual([line, false]);
      expect([line, lines.filter((text) => text.length > 80)]).toEqual([line, []]);
    }
  });

  test("has no help page with a heading and nothing below, or what the redactor hides", async () => {
    const { redact } = createRedactor();
    for (const { words } of COMMANDS) {
      const { stdout } = await run([...words, "--help"]);
      expect(stdout).not.toMatch(/\n[A-Z][a-z]+\n\n/);
      expect(redact(stdout)).toBe(stdout);
    }
  });

  test.each([
    ["auth", "Cannot ask for an authentication method: there is no terminal to ask", undefined],
    ["auth login", "Cannot ask for an authentication method: there is no terminal", undefined],
    ["auth statsu", "Cannot run `qwen auth statsu`: there is no such command", "status"],
    ["auth add", "Cannot run `qwen auth add`: there is no such command", undefined],
    ["auth qwen-oauth", "Cannot log in with Qwen OAuth without `--force`: its free", undefined],
    ["auth oauth", "Cannot log in with Qwen OAuth without `--force`: its free tier", undefined],
    [
      "auth logout everything",
      "Cannot use an extra word: this command takes flags only",
      undefined,
    ],
    [
      "auth switch a b",
      "Cannot use an extra word: this command takes flags and one word",
      undefined,
    ],
    ["help nothing", "Cannot explain `nothing`: there is no such command", undefined],
    ["help exit-code", "Cannot explain `exit-code`: there is no such command", "exit-codes"],
    ["help auth statsu", "Cannot run `qwen auth statsu`: there is no such command", "status"],
    ["auth status extra", "Cannot use an extra word: this command takes flags only", undefined],
    ["--jsno auth status", "Cannot read `--jsno`: this flag is unknown", "--json"],
    ["--verison", "Cannot read `--verison`: this flag is unknown", "--version"],
    ["--output json hello", "Cannot read `--output`: this flag is unknown", "--output-format"],
  ])("refuses `%s` with exit code 2", async (line, message, meant) => {
    const { exitCode, stdout, stderr } = await run(line.split(" "));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toStartWith(`error: ${message}`);
    if (meant !== undefined) {
      expect(stderr).toContain(`did you mean "${meant}"?`);
    }
  });

  test.each([
    ["modles", "qwen models"],
    ["statsu", "qwen auth status"],
    ["STATSU", "qwen auth status"],
    ["auht", "qwen auth"],
    ["auht status", "qwen auth status"],
    ["logn", "qwen auth"],
    ["logotu", "qwen auth logout"],
    ["docter", "qwen doctor"],
    ["doktor", "qwen doctor"],
    ["swtich", "qwen auth switch"],
    ["tokne", "qwen auth token"],
    ["compeltion", "qwen completion"],
    ["trsut", "qwen trust"],
    ["halp", "qwen help"],
    ["conifg", "qwen auth status"],
    ["provders", "qwen auth list"],
    ["coding-pla", "qwen auth coding-plan"],
  ])("takes `%s` for a slip of `%s` and asks no model", async (line, meant) => {
    const { exitCode, stdout, stderr } = await run(line.split(" "));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(`did you mean \`${meant}\`? To ask the model: \`qwen -p `);
  });

  test.each(
    (
      "hello Hello hallo hey hi halo test tests testing why what who how thanks thank yes no ok " +
      "please sure joke story last lost lift listen modern modal truth thrust state static layout " +
      "logic losing taken confirm chart cheat cat season vision complex compete provide key rust " +
      "ran end add bye hello! statsu? 你好 bonjour hola привет list-of-things help-me-out"
    ).split(" "),
  )("asks the model `%s`", async (word) => {
    const { exitCode, stderr } = await run([word]);
    // Nothing is configured, which only a question notices.
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining("nothing is configured")]);
  });

  test.each([
    ["--yolo hi", "leave it out: this program runs no tools"],
    ["-y hi", "leave it out: this program runs no tools"],
    ["--approval-mode yolo -p hi", "leave it out: this program runs no tools"],
    ["-p hi --insecure", "`--ca-cert FILE`"],
    ["doctor --network --insecure", "`--ca-cert FILE`"],
    ["auth logout coding-plan", "write `--provider coding-plan`"],
    ["auth logout qwen-oauth", "write `--provider qwen-oauth`"],
    ["auth logout deepseek --json", "write `--provider deepseek`"],
  ])("says what to write for `%s`", async (line, hint) => {
    const { exitCode, stdout, stderr } = await run(line.split(" "));
    expect(exitCode).toBe(2);
    expect(stdout + stderr).toContain(hint);
    expect(stderr).not.toContain("did you mean");
  });

  test.each([
    ["auth add", "qwen auth api-key"],
    ["auth DeepSeek", "qwen auth api-key --provider deepseek"],
    ["/about", "qwen doctor"],
    ["/model", "qwen models"],
    ["/auth", "qwen auth"],
    ["auth use glm-5", "qwen auth switch"],
    ["auth remove", "qwen auth logout"],
    ["auth help", "qwen auth --help"],
    ["auth nonsense", "qwen auth --help"],
    ["login", "qwen auth"],
    ["logout", "qwen auth logout"],
    ["whoami", "qwen auth status"],
    ["config", "qwen auth status"],
    ["chat", "qwen"],
    ["switch glm-5", "qwen auth switch"],
    ["logout deepseek", "qwen auth logout"],
  ])("names the command that `%s` means here", async (line, command) => {
    const { exitCode, stderr } = await run(line.split(" "));
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`hint: run \`${command}\``);
  });

  test("runs `auth openrouter` as Qwen Code did, and what else is another word for a command", async () => {
    const runtime = fakeRuntime();
    const line = await readLine("auth openrouter --api-key sk-or-0123456789 --json");
    expect(await dispatch(runtime, line)).toBe(0);
    expect(JSON.parse(runtime.written.stdout)).toMatchObject({ provider: "openrouter" });
    expect(runtime.written.stderr).toContain("visible in the process list");
    const listed = fakeRuntime({ home: runtime.home });
    expect(await dispatch(listed, await readLine("auth ls --json"))).toBe(0);
    expect(JSON.parse(listed.written.stdout).providers).toHaveLength(1);
  });
});
