import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { captureProgram } from "../../src/lib/capture-program.ts";
import type { Runtime } from "../../src/runtime.ts";
import { type HelperResult, runKeyHelper } from "../../src/secrets/run-key-helper.ts";
import { helperScript } from "../support/helper-script.ts";
import { machine } from "../support/qwen.ts";

const KEY = "sk-helper-0123456789abcdef";

type Run = { readonly helped: HelperResult; readonly secrets: readonly string[] };

/** Runs a command on a machine; one second stands for the ten. */
async function run(at: ReturnType<typeof machine>, command: string, path?: string): Promise<Run> {
  const secrets: string[] = [];
  const env = { ...at.env, PATH: path ?? at.env.PATH };
  const capture: Runtime["capture"] = (argv, options) =>
    captureProgram({ env, kill: process.kill }, argv, {
      ...options,
      timeoutMs: options.timeoutMs / 10,
    });
  const addSecret = (secret: string): void => void secrets.push(secret);
  const helped = await runKeyHelper({ env, home: at.home, capture, addSecret }, command);
  return { helped, secrets };
}

describe("runKeyHelper()", () => {
  test.each([
    [`echo ${KEY}`],
    [`printf '  ${KEY}  \\r\\n\\n'`],
    [`echo ${KEY}; echo noise >&2`],
    [`printf '\\357\\273\\277${KEY}\\n'`],
  ])("takes the key that %j prints", async (body) => {
    const at = machine();
    const { helped } = await run(at, helperScript(at, body).command);
    expect(helped).toEqual({ kind: "key", key: KEY });
  });

  const failures: readonly (readonly [body: string, reason: string])[] = [
    ["exit 0", "what it printed is no key: it is empty"],
    [`echo ${KEY}; echo ${KEY}`, "what it printed is no key: it has more than one line"],
    [`echo "${KEY} ${KEY}"`, "what it printed is no key: it contains white space"],
    [`printf 'a\\033[0mb'`, "what it printed is no key: it contains control characters"],
    ["yes", "it printed more than 64 KiB"],
    ["kill -9 $$", "it ended with a signal"],
    ["sleep 600", "it did not end in 10 s"],
    ["exit 3", "it ended with exit code 3"],
    ["echo first >&2; echo 'is locked' >&2; exit 3", "it ended with exit code 3: is locked"],
    ["head -c 100000 /dev/zero | tr '\\0' ' ' >&2; exit 3", "it ended with exit code 3"],
    [
      `echo "bad ${KEY}, token=${KEY}" >&2; exit 1`,
      "it ended with exit code 1: bad ***, token=***",
    ],
  ];

  test.each(failures)("fails with %j", async (body, reason) => {
    const at = machine();
    const { helped } = await run(at, helperScript(at, body).command);
    expect(helped).toEqual({ kind: "failed", program: "key-helper", reason });
  });

  test("makes known as secret what a helper printed that failed", async () => {
    const at = machine();
    const odd = "no prefix, 42 words";
    const said = `echo '${odd}'; echo ${KEY}; echo 'or 12letters-34 and 11letters-3 or letters-alone'; exit 1`;
    const { secrets } = await run(at, helperScript(at, said).command);
    expect(secrets.filter((secret) => secret !== "")).toEqual([
      odd,
      KEY,
      "or 12letters-34 and 11letters-3 or letters-alone",
      KEY,
      "12letters-34",
    ]);
  });

  test("lets it run in home, for 10 s, and print 64 KiB", async () => {
    const { home, env } = machine();
    const limits: object[] = [];
    const capture: Runtime["capture"] = async (_argv, options) => {
      limits.push(options);
      return { kind: "timeout" };
    };
    await runKeyHelper({ env, home, capture, addSecret: () => undefined }, "/bin/pass");
    expect(limits).toEqual([{ cwd: home, timeoutMs: 10_000, maxBytes: 65_536 }]);
  });

  test("hands on words with spaces, and none of them to a shell", async () => {
    const at = machine();
    const { command } = helperScript(at, 'printf "%s" "$#-$1-$2-$3" | tr " " _');
    const { helped } = await run(at, `${command} 'a b' "$HOME" ;`);
    expect(helped).toMatchObject({ kind: "key", key: "3-a_b-$HOME-;" });
  });

  test("runs in the home directory, without input", async () => {
    const at = machine();
    const { command } = helperScript(at, "cat; pwd");
    expect((await run(at, command)).helped).toEqual({ kind: "key", key: at.home });
  });

  test("finds a program on PATH, but not through directories that are not absolute", async () => {
    const at = machine();
    const { command } = helperScript(at, `echo ${KEY}`);
    const bin = join(at.home, "on path");
    mkdirSync(bin);
    symlinkSync(command, join(bin, "my-pass"));
    const found = { kind: "key", key: KEY } as const;
    expect((await run(at, "my-pass show", `/usr/bin:/bin:${bin}`)).helped).toEqual(found);
    for (const path of ["", ".:on path", "/usr/bin:"]) {
      expect((await run(at, "my-pass show", path)).helped).toMatchObject({
        kind: "failed",
        program: "my-pass",
        reason: expect.stringContaining("there is no such program on `PATH`"),
      });
    }
    expect((await run(at, "bin/key-helper")).helped).toMatchObject({ kind: "failed" });
    expect((await run(at, "~/bin/key-helper")).helped).toEqual(found);
  });

  test("says that a program cannot be started", async () => {
    const at = machine();
    const { command } = helperScript(at, "");
    chmodSync(command, 0o600);
    expect((await run(at, command)).helped).toEqual({
      kind: "failed",
      program: "key-helper",
      reason: "permission denied (EACCES)",
    });
    expect((await run(at, "/none/there")).helped).toMatchObject({
      program: "there",
      reason: "no such file or directory (ENOENT)",
    });
  });

  test.each(["pass 'show", "''", ""])("runs nothing for %j", async (command) => {
    expect((await run(machine(), command)).helped).toEqual({
      kind: "failed",
      program: undefined,
      reason: "its command names no program, or a quote in it is not closed",
    });
  });
});
