import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { lstatSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { COMMANDS as EVERY_COMMAND } from "../../../src/cli/commands.ts";
import { CANARIES, found } from "../../support/canary.ts";
import { type Machine, machine, qwen, type Ran, type RunOptions } from "../../support/qwen.ts";
import { runAll } from "../../support/run-all.ts";
import { pathsBelow } from "../../support/snapshot.ts";

// Some tests run the program more than a hundred times.
setDefaultTimeout(300_000);

const entry = { id: "gpt-4o", baseUrl: "https://api.example.com/v1", envKey: "MY_API_KEY" };
const SETTINGS = {
  $version: 4,
  modelProviders: { openai: [entry] },
  model: { name: "gpt-4o" },
  security: { auth: { selectedType: "openai" } },
};

/** A place that a key comes from, and the files that may hold it afterwards. */
type Place = {
  readonly name: string;
  readonly prepare: (at: Machine, key: string) => RunOptions | undefined;
  readonly mayHold: readonly string[];
};

const places: readonly Place[] = [
  {
    name: "the shell",
    prepare: (at, key) => {
      at.write(".qwen/settings.json", SETTINGS);
      return { env: { MY_API_KEY: key, OPENAI_API_KEY: key, BAILIAN_CODING_PLAN_API_KEY: key } };
    },
    mayHold: [],
  },
  {
    name: "the shell, by a file",
    prepare: (at, key) => {
      at.write(".qwen/settings.json", SETTINGS);
      return { env: { MY_API_KEY_FILE: at.write("secret", `${key}\n`) } };
    },
    mayHold: ["secret"],
  },
  {
    name: "a project .env",
    prepare: (at, key) => {
      at.write(".qwen/settings.json", SETTINGS);
      at.write("p/.env", `MY_API_KEY='${key}'\nOPENAI_API_KEY='${key}'\n`);
      return undefined;
    },
    mayHold: ["p/.env"],
  },
  {
    name: "a .env that another one hides",
    prepare: (at, key) => {
      at.write(".qwen/settings.json", SETTINGS);
      at.write("p/.env", "X=1\n");
      at.write(".qwen/.env", `MY_API_KEY='${key}'\n`);
      return undefined;
    },
    mayHold: [".qwen/.env"],
  },
  {
    name: "settings.env",
    prepare: (at, key) => {
      at.write(".qwen/settings.json", { ...SETTINGS, env: { MY_API_KEY: key } }, 0o644);
      return undefined;
    },
    mayHold: [".qwen/settings.json"],
  },
  {
    name: "security.auth.apiKey",
    prepare: (at, key) => {
      const auth = { selectedType: "openai", apiKey: key, baseUrl: "https://user:pw@api.test/v1" };
      at.write(".qwen/settings.json", { $version: 4, model: { name: "m" }, security: { auth } });
      return undefined;
    },
    mayHold: [".qwen/settings.json"],
  },
  {
    name: "the settings of an untrusted project",
    prepare: (at, key) => {
      at.write(".qwen/settings.json", { env: { MY_API_KEY: key } });
      at.write("p/.qwen/settings.json", SETTINGS);
      return undefined;
    },
    mayHold: [".qwen/settings.json"],
  },
  {
    name: "a malformed settings file",
    prepare: (at, key) => {
      at.write(".qwen/settings.json", `{"env": {"MY_API_KEY": ${JSON.stringify(key)} ${key}}`);
      return undefined;
    },
    mayHold: [".qwen/settings.json"],
  },
  {
    name: "a malformed .env",
    prepare: (at, key) => {
      at.write(".qwen/settings.json", SETTINGS);
      at.write("p/.env", `MY_API_KEY="${key}\n${key}\nexport ${key}\n`);
      return undefined;
    },
    mayHold: ["p/.env"],
  },
  {
    name: "settings with wrong types",
    prepare: (at, key) => {
      const env = { MY_API_KEY: [key], OPENAI_API_KEY: { key }, GEMINI_API_KEY: key };
      at.write(".qwen/settings.json", { ...SETTINGS, env, model: { name: [key] } });
      return undefined;
    },
    mayHold: [".qwen/settings.json"],
  },
];

/** Those with which pages are tried, too. */
const WITH_PAGES = ["the shell", "a project .env", "settings.env", "a malformed settings file"];

/** Nobody listens there. */
const DEAD = "http://127.0.0.1:9";

/** What reads no file, wherever a key comes from: tried with one place of each kind. */
const PAGES: readonly string[][] = [
  ["--version"],
  ["--help"],
  ["help", "exit-codes"],
  ["auth", "status", "--nonsense"],
  ["auth", "nonsense"],
  ["auth", "login"],
  ["auth", "add"],
  ["version"],
  ["completion", "bash"],
  ["completion", "nonsense"],
  ["auth", "token", "--nonsense"],
  ["auth", "env", "--shell", "nonsense"],
  ["auth", "api-key", "--provider", "nonsense"],
  ["auth", "coding-plan", "--region", "mars"],
];

/** What only looks, and so can run at once. */
const LOOKING: readonly string[][] = [
  ["auth"],
  ["auth", "status"],
  ["auth", "whoami"],
  ["auth", "status", "--model", "gpt-4o"],
  ["auth", "status", "--model", "nonsense"],
  ["auth", "status", "--auth-type", "gemini"],
  ["auth", "status", "--auth-type", "nonsense"],
  ["auth", "status", "--trust"],
  ["auth", "status", "--no-project"],
  ["auth", "status", "--openai-base-url", "https://evil.test/v1"],
  ["auth", "list"],
  ["auth", "list", "--verify"],
  ["models"],
  ["models", "--remote"],
  ["models", "--remote", "--openai-base-url", `${DEAD}/v1`],
  ["doctor"],
  ["doctor", "--no-project"],
  ["doctor", "--network", "--openai-base-url", `${DEAD}/v1`],
  ["auth", "run", "--dry-run", "--", "true"],
  ["upgrade"],
  ["__complete", "2", "--", "auth", "switch", ""],
  ["__complete", "2", "--", "-p", "--model", ""],
  ["-p", "Hi"],
  ["-p", "Hi", "--openai-base-url", `${DEAD}/v1`],
  ["-p", "Hi", "-o", "stream-json", "--trust"],
  ["auth", "status", "--verify"],
  ["auth", "qwen-oauth"],
  ["auth", "qwen-oauth", "--force"],
  ["trust", "--list"],
  ["trust", "nonsense"],
  ["auth", "switch"],
  ["auth", "switch", "nonsense"],
  ["auth", "logout", "--provider", "nonsense"],
  ["auth", "export"],
  ["auth", "import", "nonsense"],
  ["auth", "api-key"],
  ["auth", "api-key", "--provider", "openai", "--key-env", "NOT_SET"],
  ["auth", "api-key", "-u", "https://x.test/v1", "-m", "m", "--key-env", "NOT_SET"],
  ["auth", "openrouter", "--key-env", "NOT_SET"],
  ["auth", "coding-plan"],
  ["auth", "coding-plan", "--region", "china", "--key-env", "NOT_SET"],
];

/** What shows the key on stdout because that is what it is for. */
const REVEALING: readonly string[][] = [
  ["auth", "token"],
  ["auth", "env"],
  ["auth", "status", "--show-token"],
  ["auth", "export", "--with-keys"],
];

/** What writes, at the end. */
const WRITING: readonly string[][] = [
  ["trust"],
  ["trust", "--revoke"],
  ["auth", "switch", "gpt-4o"],
  ["auth", "set-key", "--key-stdin"],
];

/** Goes on until Ctrl+C: `broker/serve.test.ts` looks at what it shows. */
const STAYING: readonly string[] = ["auth serve"];

/** What is said without `--debug` is said with it, which a test of its own holds. */
const VARIANTS: readonly string[][] = [["--debug"], ["--json"]];

const runs = (commands: readonly string[][]) =>
  commands.flatMap((args) => VARIANTS.map((variant) => [...args, ...variant]));

/** A machine whose temporary directory is its own, so that nothing left there is missed. */
function watched(): Machine {
  const at = machine();
  const temporary = join(at.home, "tmp");
  mkdirSync(temporary);
  at.write("system/settings.json", { model: { generationConfig: { maxRetries: 0 } } });
  const more = { TMPDIR: temporary, XDG_CACHE_HOME: join(at.home, "cache") };
  // Whatever wants to leave the machine is refused at once.
  const nowhere = { HTTPS_PROXY: DEAD, NO_PROXY: "127.0.0.1", QWEN_OAUTH_BASE_URL: DEAD };
  return { ...at, env: { ...at.env, ...more, ...nowhere } };
}

/** Files below the home that hold a spelling of the key. */
function filesWith(at: Machine, key: string): string[] {
  return pathsBelow(at.home)
    .filter((path) => lstatSync(path).isFile())
    .filter((path) => found(readFileSync(path, "latin1"), key).length > 0)
    .map((path) => path.slice(at.home.length + 1));
}

function expectSilent(args: readonly string[], ran: Ran, key: string): void {
  expect({ args, leaks: found(ran.stdout, key), stream: "stdout" }).toEqual({
    args,
    leaks: [],
    stream: "stdout",
  });
  expect({ args, leaks: found(ran.stderr, key), stream: "stderr" }).toEqual({
    args,
    leaks: [],
    stream: "stderr",
  });
}

test("every command is tried for what it shows of a key", () => {
  const tried = [...PAGES, ...LOOKING, ...REVEALING, ...WRITING];
  const isTried = (words: readonly string[]) =>
    tried.some((args) => words.every((word, index) => args[index] === word));
  const missing = EVERY_COMMAND.map(({ words }) => words).filter((words) => !isTried(words));
  expect(missing.map((words) => words.join(" "))).toEqual([...STAYING]);
});

/** Without what differs from one run to the next. */
const steady = (text: string) => text.replaceAll(/"session_id":"[^"]+"|\d[\d:.TZ-]*/g, "0");

test("--debug hides nothing that is said without it", async () => {
  const at = watched();
  const [key = ""] = CANARIES;
  at.write(".qwen/settings.json", { ...SETTINGS, env: { MY_API_KEY: key } }, 0o644);
  const commands = [...PAGES, ...LOOKING, ...REVEALING];
  const plain = await runAll(at, commands);
  const told = await runAll(
    at,
    commands.map((args) => [...args, "--debug"]),
  );
  for (const [index, [args, ran]] of plain.entries()) {
    const more = told[index]?.[1] ?? { exitCode: -1, stdout: "", stderr: "" };
    const lines = new Set(steady(more.stderr).split("\n"));
    const hidden = steady(ran.stderr)
      .split("\n")
      .filter((line) => !lines.has(line));
    expect([args, steady(more.stdout), hidden]).toEqual([args, steady(ran.stdout), []]);
  }
});

describe.each(CANARIES)("the key %s is never shown", (key) => {
  test.each(places)("when it comes from $name", async ({ name, prepare, mayHold }) => {
    const at = watched();
    const options = prepare(at, key);
    const looking = WITH_PAGES.includes(name) ? [...PAGES, ...LOOKING] : LOOKING;
    for (const [args, ran] of await runAll(at, runs(looking), options)) {
      expectSilent(args, ran, key);
    }
    for (const [args, ran] of await runAll(at, runs(REVEALING), options)) {
      expectSilent(args, { ...ran, stdout: "" }, key);
    }
    for (const args of runs(WRITING)) {
      expectSilent(args, await qwen(at, args, options), key);
    }
    expect(filesWith(at, key)).toEqual([...mayHold]);
  });

  test.each(places)("when a login finds it in $name", async ({ prepare, mayHold }) => {
    const at = watched();
    const options = prepare(at, key);
    const other = "sk-sp-another0123456789abcdef012345";
    for (const args of runs([["auth", "coding-plan", "-r", "china", "--key-stdin"]])) {
      expectSilent(args, await qwen(at, args, { ...options, stdin: other }), key);
    }
    expect(filesWith(at, key)).toEqual([...mayHold]);
  });

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

describe("a key of the known shape is hidden wherever it was put by mistake", () => {
  const [key = ""] = CANARIES;

  const mistakes: readonly { args: string[] }[] = [
    { args: [key] },
    { args: ["auth", key] },
    { args: ["help", key] },
    { args: ["auth", "status", key] },
    { args: ["auth", "coding-plan", key] },
    { args: ["auth", "coding-plan", `--${key}`] },
    { args: ["auth", "coding-plan", "--region", key] },
    { args: ["auth", "coding-plan", "--base-url", `https://x.test/${key}`] },
    { args: ["auth", "coding-plan", "-r", "cn", "--model", key] },
    { args: ["auth", "coding-plan", "-r", "cn", "--scope", key] },
    { args: ["auth", "coding-plan", "-r", "cn", "--key-file", key] },
    { args: ["auth", "coding-plan", "-r", "cn", "--key-env", key] },
    { args: ["auth", "api-key", key] },
    { args: ["auth", "api-key", "--provider", key] },
    { args: ["auth", "api-key", "--env-key", key] },
    { args: ["auth", "api-key", "--base-url", `https://u:${key}@x.test/v1`] },
    { args: ["auth", "api-key", "-u", "https://x.test/v1", "--name", key] },
    { args: ["auth", "switch", key] },
    { args: ["auth", "switch", "a", key] },
    { args: ["auth", "logout", "--provider", key] },
    { args: ["auth", "env", "--shell", key] },
    { args: ["auth", "status", "--auth-type", key] },
    { args: ["auth", "status", "--color", key] },
  ];
  test.each(mistakes)("qwen $args", async ({ args }) => {
    for (const each of runs([args])) {
      const ran = await qwen(machine(), each);
      expect(ran.exitCode).not.toBe(0);
      expectSilent(each, ran, key);
    }
  });

  test.each([
    { name: "model.name", settings: { ...SETTINGS, model: { name: key } } },
    {
      name: "selectedType",
      settings: { ...SETTINGS, security: { auth: { selectedType: key } } },
    },
    {
      name: "an entry's envKey",
      settings: { ...SETTINGS, modelProviders: { openai: [{ ...entry, envKey: key }] } },
    },
    {
      name: "an entry's base URL",
      settings: {
        ...SETTINGS,
        modelProviders: { openai: [{ ...entry, baseUrl: `https://x.test/?api_key=${key}` }] },
      },
    },
    { name: "a variable's name", settings: { ...SETTINGS, env: { [key]: 5 } } },
  ])("$name of the settings", async ({ settings }) => {
    const at = watched();
    at.write(".qwen/settings.json", settings);
    for (const each of runs([["auth", "status"]])) {
      expectSilent(each, await qwen(at, each), key);
    }
  });
});
