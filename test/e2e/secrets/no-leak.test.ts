import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { COMMANDS as EVERY_COMMAND } from "../../../src/cli/commands.ts";
import { CANARIES } from "../../support/canary.ts";
import { type Machine, qwen, type RunOptions } from "../../support/qwen.ts";
import { runAll } from "../../support/run-all.ts";
import { DEAD, expectSilent, filesWith, runs, SETTINGS, watched } from "./leak-machine.ts";

// Some tests run the program more than a hundred times.
setDefaultTimeout(300_000);

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
});
