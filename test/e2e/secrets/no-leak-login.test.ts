import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CANARIES, found } from "../../support/canary.ts";
import { qwen, type RunOptions } from "../../support/qwen.ts";
import { runAll } from "../../support/run-all.ts";
import { expectSilent, filesWith, runs, SETTINGS, watched } from "./leak-machine.ts";

setDefaultTimeout(60_000);

describe.each(CANARIES)("the key %s is never shown", (key) => {
  const login = ["auth", "coding-plan", "-r", "global"];
  type Input = { name: string; args: string[]; options?: RunOptions };
  const inputs: readonly Input[] = [
    { name: "--key-stdin", args: ["--key-stdin"], options: { stdin: `${key}\n` } },
    { name: "--key-file", args: ["--key-file", "../secret"] },
    { name: "--key-env", args: ["--key-env", "K"], options: { env: { K: key } } },
    { name: "--key", args: ["--key", key] },
    { name: "--key=", args: [`--key=${key}`] },
    { name: "-k", args: ["-k", key] },
    { name: "-kKEY", args: [`-k${key}`] },
    { name: "--api-key", args: ["--api-key", key] },
  ];

  test.each(inputs)("when it is saved from $name", async ({ args, options }) => {
    const at = watched();
    at.write("secret", key);
    for (const each of runs([[...login, ...args]])) {
      const ran = await qwen(at, each, options);
      expect(ran.exitCode).toBe(0);
      expectSilent(each, ran, key);
    }
    for (const each of runs([["auth", "status"]])) {
      const ran = await qwen(at, each);
      expect(ran.exitCode).toBe(0);
      expectSilent(each, ran, key);
    }
    expect(filesWith(at, key)).toEqual([".qwen/settings.json", "secret"]);
  });

  test.each(inputs)("when `auth api-key` saves it from $name, and logs out", async (input) => {
    const at = watched();
    at.write("secret", key);
    const apiKey = ["auth", "api-key", "--provider", "deepseek", "--store"];
    for (const store of ["settings", "env-file"]) {
      for (const each of runs([[...apiKey, store, ...input.args]])) {
        const ran = await qwen(at, each, input.options);
        expect(ran.exitCode).toBe(0);
        expectSilent(each, ran, key);
      }
      const holds = store === "settings" ? "settings.json" : ".env";
      const unquoted = filesWith(at, key).filter((path) => path !== "secret");
      expect(unquoted).toEqual([`.qwen/${holds}`]);
    }
    for (const each of runs([["auth", "list"], ["models"], ["auth", "logout"]])) {
      const ran = await qwen(at, each);
      expect(ran.exitCode).toBe(0);
      expectSilent(each, ran, key);
    }
    expect(filesWith(at, key)).toEqual(["secret"]);
  });

  test.each(inputs)("when the command fails that got it from $name", async ({ args, options }) => {
    const at = watched();
    at.write("secret", key);
    at.write(".qwen/settings.json", '{ "env": ');
    const wrong = [
      [...login, ...args],
      [...login, ...args, "--nonsense"],
      [...login, ...args, "extra"],
      [...login, ...args, "--model", "nonsense"],
      [...login, ...args, "--scope", "project"],
      [...login, ...args, "--key-stdin", "--key-env", "K"],
      ["auth", "coding-plan", ...args, "--region", "mars"],
      ["auth", "coding-plan", ...args],
      ["auth", "status", ...args],
      ["auth", ...args],
      [...args],
    ];
    for (const [each, ran] of await runAll(at, runs(wrong), options)) {
      expect(ran.exitCode).not.toBe(0);
      expectSilent(each, ran, key);
    }
    expect(filesWith(at, key)).toEqual(["secret"]);
  });

  test("when it is no key: with a space, a line or a control character inside", async () => {
    const at = watched();
    for (const bad of [`${key} ${key}`, `${key}\n${key}`, `${key}\u001b[0m`, `${key}\u0000`]) {
      for (const each of runs([[...login, "--key-stdin"]])) {
        expectSilent(each, await qwen(at, each, { stdin: bad }), key);
      }
    }
    for (const each of runs([[...login, "--key", `${key} ${key}`]])) {
      expectSilent(each, await qwen(at, each), key);
    }
    expect(filesWith(at, key)).toEqual([]);
  });

  test("when a key helper prints it wherever it can, and fails", async () => {
    const at = watched();
    at.write("key", key);
    const body = 'cat "$HOME/key"; { printf "tried "; cat "$HOME/key"; } >&2; exit 1';
    const command = at.write("helper", `#!/bin/sh\n${body}\n`, 0o700);
    at.write(".qwen/settings.json", { ...SETTINGS, apiKeyHelper: { MY_API_KEY: command } });
    const asking = [
      ["auth", "token"],
      ["auth", "env"],
      ["auth", "status", "--verify"],
      ["auth", "status", "--show-token"],
      ["auth", "list", "--verify"],
      ["models", "--remote"],
      ["-p", "Hi"],
      ["-p", "Hi", "-o", "stream-json"],
    ];
    for (const each of asking.flatMap((args) => [args, [...args, "--debug"]])) {
      expectSilent(each, await qwen(at, each), key);
    }
    expect(filesWith(at, key)).toEqual(["key"]);
  });

  test("when it stands as a flag for one run", async () => {
    const at = watched();
    const flags = [
      ["--openai-api-key", key],
      [`--openai-api-key=${key}`],
      ["--openai-api-key", key, "--openai-base-url", `https://u:${encodeURIComponent(key)}@x.test`],
      ["--openai-api-key", key, "--model", "m"],
      ["--openai-api-key", key, "--auth-type", "gemini"],
      ["--openai-api-key", key, "--nonsense"],
    ];
    for (const each of runs(flags.map((flag) => ["auth", "status", ...flag]))) {
      expectSilent(each, await qwen(at, each), key);
    }
    expect(filesWith(at, key)).toEqual([]);
  });

  test("to a program that is started: git gets neither argument nor variable with it", async () => {
    const at = watched();
    const dump = join(at.home, "dump");
    at.write("bin/git", `#!/bin/sh\n{ echo "$@"; env; cat; } >>${dump}\nexit 0\n`, 0o755);
    const ran = await qwen(at, [...login, "--key-env", "K", "--scope", "project"], {
      env: {
        K: key,
        OPENAI_API_KEY: key,
        HTTPS_PROXY: `http://u:${encodeURIComponent(key)}@proxy.test`,
        PATH: `${join(at.home, "bin")}:${at.env.PATH}`,
      },
    });
    expect(ran.exitCode).toBe(0);
    const seen = readFileSync(dump, "utf8");
    expect(seen).toContain("check-ignore");
    expect(found(seen, key)).toEqual([]);
    expect(filesWith(at, key)).toEqual(["p/.qwen/settings.json"]);
  });
});
