import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { qwenPty, shellPty } from "../../support/pty.ts";
import { type Machine, qwen } from "../../support/qwen.ts";
import { startQwen } from "../../support/start-qwen.ts";
import { brokerMachine, runScript, upstream } from "./broker-machine.ts";

const set = brokerMachine(upstream().origin);

function run(...words: readonly string[]) {
  return qwen(set, ["auth", "run", ...words]);
}

describe("the end of a tool is ours", () => {
  test.each([0, 1, 42, 255])("exit status %d", async (code) => {
    expect(await runScript(set, `exit ${code}`)).toEqual({
      exitCode: code,
      stdout: "",
      stderr: "",
    });
  });

  test.each([
    ["TERM", 143],
    ["KILL", 137],
    ["HUP", 129],
    // These do not end us, and are told all the same.
    ["PIPE", 141],
    ["XFSZ", 153],
  ])("a signal: %s", async (signal, code) => {
    const ran = await runScript(set, `kill -${signal} $$`);
    expect(ran.exitCode).toBe(code);
  });

  test("what is not there, or is no program, ends before anything starts", async () => {
    set.write("p/plain", "#!/bin/sh\n", 0o644);
    set.write("p/broken", "#!/nowhere/interpreter\n", 0o755);
    for (const [words, code, why] of [
      [["--", "no-such-tool"], 127, "there is no such program"],
      [["--", "./no-such-tool"], 127, "there is no such program"],
      [["--", "./plain"], 126, "it may not be executed"],
      [["--", "/"], 126, "it is a directory"],
      [["--", "./broken"], 126, "does not start it"],
      [["--"], 2, "none is named"],
      [[], 2, "none is named"],
      [["--", ""], 2, "none is named"],
    ] as const) {
      const ran = await run(...words);
      expect([words, ran.exitCode, ran.stdout]).toEqual([words, code, ""]);
      expect(ran.stderr).toContain(why);
    }
  });

  test("a script that does not say what reads it is read by sh, as shells do", async () => {
    set.write("p/wrapper", 'echo "$1 of $(basename "$0")"\nexit 4\n', 0o755);
    expect(await run("--", "./wrapper", "word")).toEqual({
      exitCode: 4,
      stdout: "word of wrapper\n",
      stderr: "",
    });
    set.write("p/foreign", "\u007fELF\0\0\0", 0o755);
    const ran = await run("--", "./foreign");
    expect([ran.exitCode, ran.stdout]).toEqual([126, ""]);
    expect(ran.stderr).toContain("ENOEXEC");
  });

  test("all words behind the tool are the tool's", async () => {
    set.write("p/show", '#!/bin/sh\nfor word; do printf "[%s]" "$word"; done\n', 0o755);
    const words = ["--help", "--debug", "-d", "--json", "--", "--model", "x y", "", "-q"];
    for (const before of [[], ["--"]]) {
      const ran = await run(...before, "./show", ...words);
      expect(ran).toEqual({
        exitCode: 0,
        stdout: words.map((word) => `[${word}]`).join(""),
        stderr: "",
      });
    }
    const ran = await qwen(set, ["auth", "exec", "--model", "kimi-k2", "./show", "--version"]);
    expect(ran.stdout).toBe("[--version]");
  });

  test("standard input and output are the tool's", async () => {
    const ran = await qwen(set, ["auth", "run", "--", "cat"], { stdin: "piped\n" });
    expect(ran).toEqual({ exitCode: 0, stdout: "piped\n", stderr: "" });
  });

  test("SIGTERM is handed on, and a second one ends it", async () => {
    const polite = startQwen(set, [
      "auth",
      "run",
      "--",
      "sh",
      "-c",
      "trap 'exit 7' TERM; echo up >&2; while :; do sleep 0.05; done",
    ]);
    await polite.saw(/(up)/);
    polite.kill("SIGTERM");
    expect((await polite.ended).exitCode).toBe(7);
    const deaf = startQwen(set, [
      "auth",
      "run",
      "--",
      "sh",
      "-c",
      "trap 'echo no >&2' TERM; echo up >&2; while :; do sleep 0.05; done",
    ]);
    await deaf.saw(/(up)/);
    deaf.kill("SIGTERM");
    await deaf.saw(/(no)/);
    deaf.kill("SIGTERM");
    expect((await deaf.ended).exitCode).toBe(137);
  });
});

describe("on a terminal", () => {
  test("Ctrl+C is the tool's, with its own handler and exit status", async () => {
    const terminal = qwenPty(set, [
      "auth",
      "run",
      "--",
      "sh",
      "-c",
      "trap 'exit 9' INT; echo up; while :; do sleep 0.05; done",
    ]);
    await terminal.waitFor("up");
    terminal.press("\u0003");
    expect(await terminal.exitCode()).toBe(9);
  });

  test("Ctrl+C ends a tool without a handler, and us by the same signal", async () => {
    const terminal = shellPty(
      set,
      'trap : INT; qwen auth run -- sh -c "echo up; exec sleep 60"; echo "status $?"',
    );
    await terminal.waitFor("up");
    terminal.press("\u0003");
    await terminal.waitFor("status 130");
    expect(await terminal.exitCode()).toBe(0);
  });

  test("Ctrl+Z stops both, and fg goes on", async () => {
    const terminal = shellPty(
      set,
      'set -m; qwen auth run -- sh -c "echo up; read line; echo got \\$line"; echo "stopped $?"; fg; echo "status $?"',
    );
    await terminal.waitFor("up");
    terminal.press("\u001a");
    await terminal.waitFor("stopped 14");
    terminal.press("word\r");
    await terminal.waitFor("got word");
    await terminal.waitFor("status 0");
    expect(await terminal.exitCode()).toBe(0);
  });

  test("the tool stands on the terminal itself, which is left as it was", async () => {
    const terminal = shellPty(
      set,
      'stty -a > before; qwen auth run -- sh -c "tty; stty size"; stty -a > after',
    );
    await terminal.waitFor("/dev/pts/");
    await terminal.waitFor("30 100");
    expect(await terminal.exitCode()).toBe(0);
    const [before, after] = ["before", "after"].map((name) =>
      readFileSync(join(set.project, name), "utf8"),
    );
    expect(after).toBe(before ?? "");
  });

  test("the summary is told there, and is told elsewhere only if it is asked for", async () => {
    const terminal = qwenPty(set, ["auth", "run", "--", "true"]);
    await terminal.waitFor(
      "true sent nothing through the broker; it may be using a login of its own",
    );
    expect(await terminal.exitCode()).toBe(0);
    const silent = qwenPty(set, ["auth", "run", "--no-summary", "--", "true"]);
    expect([await silent.exitCode(), silent.text()]).toEqual([0, ""]);
    const asked = await qwen(set, ["auth", "run", "--summary", "--", "true"]);
    expect(asked.stderr).toContain("true sent nothing through the broker");
  });
});

test("a child that goes on reads its answer to the end", async () => {
  const asked = Promise.withResolvers<void>();
  const slow = upstream(async () => {
    asked.resolve();
    await Bun.sleep(300);
    return new Response("late");
  });
  const own: Machine = brokerMachine(slow.origin);
  const script = `curl -s -H "x-api-key: $AUTH_RUN_API_KEY" -d '{}' -o out "$OPENAI_BASE_URL/chat/completions" & while ! [ -s asked ] && ! curl -sf ${slow.origin}/never -o /dev/null -m 0.01; do break; done; sleep 0.15`;
  const ran = await runScript(own, script);
  await asked.promise;
  expect([ran.exitCode, readFileSync(join(own.project, "out"), "utf8")]).toEqual([0, "late"]);
});
