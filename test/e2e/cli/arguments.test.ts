import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { machine, QWEN, qwen } from "../../support/qwen.ts";
import { answer, scriptedServer, silence } from "../../support/scripted-server.ts";

setDefaultTimeout(60_000);

/** It begins like no known kind of key. */
const KEY = "u9Kq-USERSECRET0123456789abcdefghi";

describe.skipIf(process.platform !== "linux")("who looks at the process sees no key:", () => {
  const lines: readonly { name: string; flags: readonly string[] }[] = [
    { name: "--openai-api-key KEY", flags: ["--openai-api-key", KEY] },
    { name: "--openai-api-key=KEY", flags: [`--openai-api-key=${KEY}`] },
    { name: "a proxy", flags: ["--openai-api-key", "other-key", "--model", KEY] },
  ];

  /** A question that waits for its answer. */
  async function asking(flags: readonly string[]) {
    const { origin, requests } = await scriptedServer(silence);
    const at = machine();
    const argv = ["-p", "Hi", "--openai-base-url", `${origin}/v1`, "--model", "m", ...flags];
    const child = Bun.spawn([QWEN, ...argv], {
      cwd: at.project,
      env: at.env,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    while (requests.length === 0 && child.exitCode === null) {
      await Bun.sleep(5);
    }
    return { child, requests };
  }

  test.each(lines)("in its arguments, with $name", async ({ flags }) => {
    const { child, requests } = await asking(flags);
    const argv = readFileSync(`/proc/${child.pid}/cmdline`, "utf8").split("\0");
    child.kill();
    await child.exited;
    expect(argv.slice(1, 4)).toEqual(["-p", "Hi", "--openai-base-url"]);
    expect(argv.join(" ")).not.toContain(KEY);
    const sent = flags.includes("other-key") ? "other-key" : KEY;
    expect(requests[0]?.headers.authorization).toBe(`Bearer ${sent}`);
  });

  test.each(["SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE"] as const)(
    "in what the runtime prints at %s",
    async (signal) => {
      const { child } = await asking(["--openai-api-key", KEY]);
      child.kill(signal);
      const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
      await child.exited;
      expect(child.signalCode).toBe(signal);
      expect(stderr).toContain("Args: ");
      expect(stdout + stderr).not.toContain(KEY);
    },
  );

  test("in the environment of what it starts, or anything of the way it got there", async () => {
    const at = machine();
    const command = at.write(
      "helper",
      '#!/bin/sh\nenv >"$HOME/seen"; echo "the-key-0123"\n',
      0o700,
    );
    at.write(".qwen/settings.json", {
      modelProviders: { openai: [{ id: "m", envKey: "A_KEY", baseUrl: "http://127.0.0.1:9/v1" }] },
      model: { name: "m", generationConfig: { maxRetries: 0 } },
      apiKeyHelper: { A_KEY: command },
    });
    const ran = await qwen(at, ["-p", "Hi", "--proxy", `http://u:${KEY}@127.0.0.1:9`]);
    expect(ran.exitCode).toBe(5);
    const seen = readFileSync(`${at.home}/seen`, "utf8");
    expect(seen).not.toContain(KEY);
    expect(seen).not.toContain("QWEN_ARGUMENTS_FD");
  });

  test("and a descriptor that nobody handed on changes nothing", async () => {
    for (const QWEN_ARGUMENTS_FD of ["0", "1", "7", "-1", "x", ""]) {
      const ran = await qwen(machine(), ["auth", "status", "--openai-api-key", KEY], {
        env: { QWEN_ARGUMENTS_FD },
        stdin: '[[0,"--version"]]',
      });
      expect(ran).toMatchObject({ exitCode: 4, stderr: "" });
      expect(ran.stdout).toContain("--openai-api-key");
    }
  });
});

describe("a key that was typed in the wrong place is repeated nowhere:", () => {
  const mistakes: readonly string[][] = [
    [KEY],
    [`--${KEY}`],
    [`-x${KEY}`],
    ["help", KEY],
    ["auth", KEY],
    ["auth", "status", KEY],
    ["auth", "status", `--${KEY}`],
    ["auth", "status", `--${KEY}=x`],
    ["auth", "status", "--auth-type", KEY],
    ["auth", "status", "--color", KEY],
    ["auth", "status", "--model", KEY],
    ["auth", "status", "--openai-base-url", KEY],
    ["auth", "env", "--shell", KEY],
    ["auth", "api-key", "--provider", KEY],
    ["auth", "api-key", `--provider=${KEY}`],
    ["auth", "api-key", "--protocol", KEY],
    ["auth", "api-key", "--env-key", KEY],
    ["auth", "api-key", "--store", KEY],
    ["auth", "coding-plan", "--region", KEY],
    ["auth", "coding-plan", "-r", "china", "--key-file", KEY],
    ["auth", "coding-plan", "-r", "china", "--key-env", KEY],
    ["auth", "coding-plan", "-r", "china", "--scope", KEY],
    ["auth", "logout", "--provider", KEY],
    ["auth", "logout", "--provider", `openai/${KEY}`],
    ["auth", "switch", KEY],
    ["auth", "switch", `${KEY}@host.test`],
    ["completion", KEY],
    ["trust", KEY],
    ["-p", "Hi", "-o", KEY],
    ["-p", "Hi", "--proxy", KEY],
    ["-p", "Hi", "--ca-cert", KEY],
  ];
  test.each(mistakes.map((args) => ({ args })))("qwen $args", async ({ args }) => {
    for (const more of [[], ["--json"], ["--debug"]]) {
      const ran = await qwen(machine(), [...args, ...more]);
      expect(ran.exitCode).not.toBe(0);
      expect(ran.stdout + ran.stderr).not.toContain(KEY);
    }
  });

  test("in what --debug tells of a model and of the path of a base URL", async () => {
    const { origin, requests } = await scriptedServer(answer(500, "no"));
    const at = machine();
    at.write(".qwen/settings.json", { model: { generationConfig: { maxRetries: 0 } } });
    const url = `${origin}/${KEY}/v1`;
    const flags = ["--openai-api-key", "other-key-0", "--openai-base-url", url, "--model", KEY];
    const ran = await qwen(at, ["-p", "Hi", "--debug", ...flags]);
    expect(ran.exitCode).toBe(5);
    expect(requests[0]?.path).toStartWith(`/${KEY}/v1`);
    expect(ran.stdout + ran.stderr).not.toContain(KEY);
  });
});

test("a word of a question that looks like a key stays in the answer to it", async () => {
  const { OPENAI } = await import("../../support/model-answers.ts");
  const { stream } = await import("../../support/scripted-server.ts");
  const { origin } = await scriptedServer(stream([OPENAI.text(`It is ${KEY}`), OPENAI.finish]));
  const flags = ["--openai-base-url", `${origin}/v1`, "--openai-api-key", "k-01234567"];
  const ran = await qwen(machine(), ["-p", KEY, "--model", "m", ...flags]);
  expect(ran).toMatchObject({ exitCode: 0, stdout: `It is ${KEY}\n` });
});
