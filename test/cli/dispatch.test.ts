import { describe, expect, test } from "bun:test";
import { dispatch } from "../../src/cli/dispatch.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";

async function run(argv: readonly string[]) {
  const runtime = fakeRuntime({ argv });
  const exitCode = await dispatch(runtime);
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
    ["", "Usage\n  qwen <command> [flags]"],
    ["--help", "Usage\n  qwen <command> [flags]"],
    ["-h", "Usage\n  qwen <command> [flags]"],
    ["help", "Usage\n  qwen <command> [flags]"],
    ["--no-input", "Usage\n  qwen <command> [flags]"],
    ["auth --help", "Usage\n  qwen auth <command> [flags]"],
    ["help auth", "Usage\n  qwen auth <command> [flags]"],
    ["auth status --help", "Usage\n  qwen auth status [flags]"],
    ["auth status --json -h", "Usage\n  qwen auth status [flags]"],
    ["help auth coding-plan", "Usage\n  qwen auth coding-plan [flags]"],
    ["auth whoami --help", "Usage\n  qwen auth status [flags]"],
    ["help exit-codes", "Exit codes\n  0 "],
  ])("prints help on stdout for `%s`", async (line, expected) => {
    const { exitCode, stdout, stderr } = await run(line.split(" ").filter((word) => word !== ""));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(expected);
  });

  test("keeps every help page within a screen of 80 columns and 40 lines", async () => {
    for (const line of ["--help", "auth --help", "auth status --help", "auth coding-plan --help"]) {
      const { stdout } = await run(line.split(" "));
      const lines = stdout.split("\n");
      expect(lines.length).toBeLessThanOrEqual(40);
      expect(lines.filter((text) => text.length > 80)).toEqual([]);
    }
  });

  test.each([
    ["auth", "Cannot run `qwen auth`: a command is missing", undefined],
    ["auth statsu", "Cannot run `qwen auth statsu`: there is no such command", "status"],
    ["auht status", "Cannot run `qwen auht`: there is no such command", "auth"],
    ["help nothing", "Cannot run `qwen nothing`: there is no such command", undefined],
    ["auth status extra", "Cannot use an extra word: this command takes flags only", undefined],
    ["--jsno auth status", "Cannot read `--jsno`: this flag is unknown", "--json"],
  ])("refuses `%s` with exit code 2", async (line, message, meant) => {
    const { exitCode, stdout, stderr } = await run(line.split(" "));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toStartWith(`error: ${message}\n`);
    if (meant !== undefined) {
      expect(stderr).toContain(`did you mean "${meant}"?`);
    }
  });

  test("takes the hot path and the full path to the same status", async () => {
    const home = fakeRuntime().home;
    const outputs = [];
    for (const argv of [
      ["auth", "status", "--json"],
      ["auth", "whoami", "--json"],
      ["--no-input", "auth", "status", "--json", "--color", "never"],
    ]) {
      const runtime = fakeRuntime({ argv, home });
      outputs.push({ exitCode: await dispatch(runtime), ...runtime.written });
    }
    expect(outputs[1]).toEqual(outputs[0]);
    expect(outputs[2]).toEqual(outputs[0]);
  });
});
