import { describe, expect, test } from "bun:test";
import { reportError } from "../../src/cli/report-error.ts";
import { AuthError, CancelledError, ConfigError, QwenError, UsageError } from "../../src/errors.ts";
import type { Trace } from "../../src/runtime.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";
import { readLine } from "../support/read-line.ts";

const NO_FLAGS = await readLine("");

describe("reportError()", () => {
  test.each([
    ["QwenError", QwenError, 1],
    ["UsageError", UsageError, 2],
    ["ConfigError", ConfigError, 3],
    ["AuthError", AuthError, 4],
  ] as const)("prints a %s on stderr with its exit code", async (_name, Kind, exitCode) => {
    const runtime = fakeRuntime();
    expect(await reportError(runtime, NO_FLAGS, new Kind("Cannot a: b"))).toBe(exitCode);
    expect(runtime.written).toEqual({ stdout: "", stderr: "error: Cannot a: b\n" });
  });

  test("prints the hint behind a blank line, a suggestion first", async () => {
    const runtime = fakeRuntime();
    await reportError(
      runtime,
      NO_FLAGS,
      new UsageError("Cannot x: y", {
        hint: "do this",
        suggest: { word: "chna", from: ["china", "global"] },
      }),
    );
    expect(runtime.written.stderr).toBe(
      'error: Cannot x: y\n\nhint: did you mean "china"? do this\n',
    );
  });

  test("says that something was cancelled without calling it an error", async () => {
    const runtime = fakeRuntime();
    expect(await reportError(runtime, NO_FLAGS, new CancelledError())).toBe(130);
    expect(runtime.written.stderr).toBe("Cancelled\n");
  });

  test("prints an object on stdout with --json, the exit code unchanged", async () => {
    const runtime = fakeRuntime();
    const error = new ConfigError("Cannot x: y", { code: "settings-invalid", hint: "mend it" });
    expect(await reportError(runtime, await readLine("auth status --json"), error)).toBe(3);
    expect(runtime.written.stderr).toBe("");
    expect(JSON.parse(runtime.written.stdout)).toEqual({
      error: { code: "settings-invalid", message: "Cannot x: y", hint: "mend it", exitCode: 3 },
    });
  });

  test.each([
    ["auth status --json=true", "object"],
    ["auth status --json=false", "text"],
    ["auth status --json --bogus", "object"],
    ["auth status -- --json", "text"],
    ["-o json x", "result"],
    ["-o=stream-json x", "result"],
    ["-ojson x", "result"],
    ["--output-format stream-json x", "result"],
    ["--output-format=json x", "result"],
    ["-o text json", "text"],
    ["-o json --json x", "result"],
    ["-o json -o text x", "text"],
    ["x -- -o json", "text"],
    ["-- -o json --json", "text"],
    ["auth status -o json", "text"],
    ["-o json auth status", "text"],
    ["models -o json --json", "object"],
    ["help nothing --json", "object"],
    ["--prompt=-o json", "text"],
    ["--system-prompt=--json x", "text"],
  ] as const)("for `%s` prints %s", async (line, kind) => {
    const runtime = fakeRuntime();
    await reportError(runtime, await readLine(line), new QwenError("Cannot a: b"));
    const { stdout, stderr } = runtime.written;
    const report = stdout === "" ? {} : JSON.parse(stdout);
    const printed = report.type === "result" ? "result" : "error" in report ? "object" : "text";
    expect([printed, stderr]).toEqual([kind, kind === "text" ? "error: Cannot a: b\n" : ""]);
  });

  test("calls anything unexpected a bug, in one line and without a stack", async () => {
    const runtime = fakeRuntime();
    expect(
      await reportError(runtime, NO_FLAGS, new TypeError("x\u001b[2J is not a function")),
    ).toBe(1);
    expect(runtime.written.stderr).toBe(
      "error: Unexpected failure in qwen 1.2.3: x\\x1b[2J is not a function (a bug: report it with the output of --debug)\n",
    );
  });

  test.each([
    ["", ""],
    ["o/n", " at https://github.com/o/n/issues"],
  ])("says where a binary that fails comes from (repository %j)", async (repository, place) => {
    const build = { commit: "c0ffee", target: "linux-x64", repository };
    const runtime = fakeRuntime();
    await reportError({ ...runtime, build }, NO_FLAGS, new TypeError("x"));
    expect(runtime.written.stderr).toBe(
      `error: Unexpected failure in qwen 1.2.3 (linux-x64, c0ffee): x (a bug: report it${place} with the output of --debug)\n`,
    );
  });

  test.each([
    ["--color always", {}, true],
    ["--color=always", { NO_COLOR: "1" }, true],
    ["--color never", { FORCE_COLOR: "1" }, false],
    ["--color never --color always", {}, true],
    ["-- --color=always", {}, false],
    ["hello -- --color never", { FORCE_COLOR: "1" }, true],
    ["--system-prompt=--color=always", {}, false],
    ["", { FORCE_COLOR: "1" }, true],
    ["", { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
    ["", { FORCE_COLOR: "0" }, false],
    ["", {}, false],
  ] as const)("with `%s` and %j shows colour: %p", async (line, env, isColored) => {
    const runtime = fakeRuntime({ env });
    await reportError(runtime, await readLine(line), new UsageError("Cannot a: b"));
    expect(runtime.written.stderr.includes("\u001b[31m")).toBe(isColored);
  });

  test("adds the stack to the trace", async () => {
    const traced: string[] = [];
    const trace: Trace = (lines) => traced.push(...lines());
    await reportError({ ...fakeRuntime(), trace }, NO_FLAGS, new TypeError("x"));
    expect(traced[0]).toBe("TypeError: x");
    expect(traced[1]).toStartWith("    at ");
  });
});
