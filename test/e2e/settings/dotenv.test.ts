import { describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { machine } from "../../support/qwen.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { ENTRY, look, MINE, openai, PROJECT, runCases, USER } from "./precedence-machine.ts";

describe("exactly one `.env` is read", () => {
  const settings = { [USER]: ENTRY };
  const ALL = ["p/a/.qwen/.env", "p/a/.env", "p/.qwen/.env", "p/.env", ".qwen/.env", ".env"];
  runCases(
    ALL.map((path, index) => ({
      name: `${path} before ${ALL.slice(index + 1).join(", ") || "nothing"}`,
      files: {
        ...settings,
        ...Object.fromEntries(ALL.slice(index).map((file) => [file, `MY_KEY=k-${file}`])),
      },
      setUp: ({ project }) => mkdirSync(join(project, "a"), { recursive: true }),
      cwd: "p/a",
      expected: {
        exitCode: 0,
        key: path.startsWith("p/") ? `${path} MY_KEY [project]` : `${path} MY_KEY`,
        dotenv: path,
        hidden: ALL.slice(index + 1),
      },
    })),
  );

  runCases([
    {
      name: "the first one hides the others also where it lacks the key, and both are named",
      files: { ...settings, "p/.env": "OTHER=x", ".qwen/.env": "MY_KEY=k", ".env": "MY_KEY=k" },
      expected: {
        exitCode: 4,
        state: "incomplete",
        key: "none",
        dotenv: "p/.env",
        hidden: [".qwen/.env", ".env"],
      },
      says: ["MY_KEY", "/p/.env", "/.qwen/.env", "another .env"],
    },
    {
      name: "an empty file hides the others",
      files: { ...settings, "p/.qwen/.env": "", "p/.env": "MY_KEY=k" },
      expected: { exitCode: 4, key: "none", dotenv: "p/.qwen/.env", hidden: ["p/.env"] },
      says: ["/p/.qwen/.env", "/p/.env"],
    },
    {
      name: "a directory of that name is passed over",
      files: { ...settings, ".env": "MY_KEY=k" },
      setUp: ({ project }) => mkdirSync(join(project, ".env")),
      expected: { exitCode: 0, key: ".env MY_KEY", dotenv: ".env", hidden: [], warnings: [] },
    },
    {
      name: "outside home `~/.qwen/.env` comes before `~/.env`",
      files: { ...settings, ".qwen/.env": "MY_KEY=k", ".env": "MY_KEY=k" },
      cwd: temporaryDirectory(),
      expected: { exitCode: 0, key: ".qwen/.env MY_KEY", hidden: [".env"] },
    },
    {
      name: "outside home `~/.env` is the last",
      files: { ...settings, ".env": "MY_KEY=k" },
      cwd: temporaryDirectory(),
      expected: { exitCode: 0, key: ".env MY_KEY", hidden: [] },
    },
  ]);

  test.skipIf(process.getuid?.() === 0)(
    "one that is yours and cannot be read is an error",
    async () => {
      const place = machine();
      place.write("p/.env", "MY_KEY=k", 0o000);
      expect(await look(place)).toMatchObject({ exitCode: 3, error: "dotenv-unreadable" });
    },
  );
});

describe("an empty value counts as not set", () => {
  const settings = { [USER]: { ...ENTRY, env: { MY_KEY: "k" } } };
  runCases([
    {
      name: "in the shell",
      files: { ...settings, "p/.env": "MY_KEY=k" },
      env: () => ({ MY_KEY: "" }),
      expected: { key: "p/.env MY_KEY [project]", shadowed: ["user env.MY_KEY"] },
    },
    {
      name: "in the file that NAME_FILE names",
      files: { ...settings, empty: "\n" },
      env: ({ home }) => ({ MY_KEY_FILE: join(home, "empty") }),
      expected: { key: "user env.MY_KEY", shadowed: [] },
    },
    {
      name: "in the `.env`",
      files: { ...settings, "p/.env": 'MY_KEY=""' },
      expected: { key: "user env.MY_KEY", shadowed: [], dotenv: "p/.env" },
    },
    {
      name: "in `settings.env`",
      files: { [USER]: { ...ENTRY, env: { MY_KEY: "" } } },
      expected: { exitCode: 4, state: "incomplete", key: "none", shadowed: [] },
    },
    {
      name: "for a base URL and a model",
      files: { [USER]: { env: { OPENAI_BASE_URL: "", OPENAI_MODEL: "" } } },
      env: () => ({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: "", QWEN_MODEL: "gpt-5" }),
      expected: {
        baseUrl: "https://api.openai.com/v1 < default",
        model: "gpt-5 < shell QWEN_MODEL",
      },
    },
  ]);
});

describe("some names are not taken from a project's `.env`", () => {
  const debug = { [USER]: openai({ id: "m", envKey: "DEBUG", baseUrl: MINE }) };
  const debugMode = { [USER]: openai({ id: "m", envKey: "DEBUG_MODE", baseUrl: MINE }) };
  const excluding = (...excludedEnvVars: readonly string[]): object => ({
    advanced: { excludedEnvVars },
  });
  runCases([
    {
      name: "DEBUG of `p/.env` is not",
      files: { ...debug, "p/.env": "DEBUG=k" },
      expected: { exitCode: 4, key: "none", dotenv: "p/.env" },
    },
    {
      name: "DEBUG_MODE of `p/.env` is not",
      files: { ...debugMode, "p/.env": "DEBUG_MODE=k" },
      expected: { exitCode: 4, key: "none" },
    },
    {
      name: "DEBUG of `p/.qwen/.env` is",
      files: { ...debug, "p/.qwen/.env": "DEBUG=k" },
      expected: { exitCode: 0, key: "p/.qwen/.env DEBUG [project]" },
    },
    {
      name: "DEBUG of `~/.env`, a user file, is",
      files: { ...debug, ".env": "DEBUG=k" },
      expected: { exitCode: 0, key: ".env DEBUG" },
    },
    {
      name: "DEBUG of `~/.qwen/.env` is",
      files: { ...debug, ".qwen/.env": "DEBUG=k" },
      expected: { exitCode: 0, key: ".qwen/.env DEBUG" },
    },
    {
      name: "a name of `advanced.excludedEnvVars` is not",
      files: { [USER]: { ...ENTRY, ...excluding("MY_KEY") }, "p/.env": "MY_KEY=k" },
      expected: { exitCode: 4, key: "none" },
    },
    {
      name: "a name of `advanced.excludedEnvVars` is, from `p/.qwen/.env`",
      files: { [USER]: { ...ENTRY, ...excluding("MY_KEY") }, "p/.qwen/.env": "MY_KEY=k" },
      expected: { exitCode: 0, key: "p/.qwen/.env MY_KEY [project]" },
    },
    {
      name: "a name of `advanced.excludedEnvVars` is, from `~/.env`",
      files: { [USER]: { ...ENTRY, ...excluding("MY_KEY") }, ".env": "MY_KEY=k" },
      expected: { exitCode: 0, key: ".env MY_KEY" },
    },
    {
      name: "the lists of all scopes are joined: the lower one's name",
      files: {
        [USER]: { ...ENTRY, ...excluding("MY_KEY") },
        [PROJECT]: excluding("OTHER"),
        "p/.env": "MY_KEY=k",
      },
      expected: { exitCode: 4, key: "none" },
    },
    {
      name: "the lists of all scopes are joined: the higher one's name",
      files: {
        [USER]: { ...ENTRY, ...excluding("OTHER") },
        "system/settings.json": excluding("MY_KEY"),
        "p/.env": "MY_KEY=k",
      },
      expected: { exitCode: 4, key: "none" },
    },
    {
      name: "DEBUG is not, also where a list is given",
      files: {
        [USER]: { ...debug[USER], ...excluding("OTHER") },
        "p/.env": "DEBUG=k",
      },
      expected: { exitCode: 4, key: "none" },
    },
    {
      name: "an excluded name of `settings.env` is taken",
      files: { [USER]: { ...ENTRY, ...excluding("MY_KEY"), env: { MY_KEY: "k" } } },
      expected: { exitCode: 0, key: "user env.MY_KEY" },
    },
  ]);
});

describe("reserved names are no `envKey`", () => {
  const denied = [
    "NODE_SECRET",
    "BUN_KEY",
    "LD_PRELOAD",
    "DYLD_KEY",
    "GIT_SSL_KEY",
    "QWEN_SECRET",
    "QWEN_CLIENT_KEY",
    "PATH",
    "HOME",
    "SHELL",
    "BASH_ENV",
    "ENV",
    "PROMPT_COMMAND",
  ];
  runCases(
    denied.map((envKey) => ({
      name: envKey,
      files: { [USER]: openai({ id: "m", envKey, baseUrl: MINE }) },
      env: ({ home }) => ({ [envKey]: envKey === "HOME" ? home : "k" }),
      expected: { exitCode: 3, error: "settings-invalid" },
      says: [envKey, USER, "modelProviders.openai[0].envKey"],
    })),
  );
  runCases([
    ...[
      "QWEN_CUSTOM_API_KEY_X",
      "QWEN_MODEL",
      "QWEN_API_KEY",
      "GIT_TOKEN",
      "NODE_LLM_KEY",
      "QWEN_GATEWAY_TOKEN",
    ].map((envKey) => ({
      name: `${envKey} is not reserved`,
      files: {
        [USER]: { ...openai({ id: "m", envKey, baseUrl: MINE }), model: { name: "m" } },
        ".env": `${envKey}=k`,
      },
      expected: { exitCode: 0, key: `.env ${envKey}` },
    })),
    {
      name: "a reserved name of an entry that is not selected stops nothing",
      files: {
        [USER]: {
          ...openai(
            { id: "m", envKey: "MY_KEY", baseUrl: MINE },
            { id: "n", envKey: "NODE_OPTIONS", baseUrl: MINE },
          ),
          env: { MY_KEY: "k" },
        },
      },
      expected: { exitCode: 0, key: "user env.MY_KEY" },
    },
  ]);
});

describe("reserved names are never taken from a file", () => {
  runCases([
    {
      name: "from `settings.env`, with a warning",
      files: { [USER]: { ...named("GIT_X"), env: { GIT_X: "m" } } },
      env: () => ({ OPENAI_API_KEY: "k" }),
      expected: {
        model: "$GIT_X < user model.name",
        warnings: [expect.stringContaining("env.GIT_X")],
      },
    },
    {
      name: "from a project's `.env`",
      files: { [USER]: named("NODE_X"), "p/.env": "NODE_X=m" },
      env: () => ({ OPENAI_API_KEY: "k" }),
      expected: { model: "$NODE_X < user model.name" },
    },
    {
      name: "from a project's `.qwen/.env`, which is exempt from exclusions only",
      files: { [USER]: named("LD_X"), "p/.qwen/.env": "LD_X=m" },
      env: () => ({ OPENAI_API_KEY: "k" }),
      expected: { model: "$LD_X < user model.name" },
    },
    {
      name: "from the user's own `.env`",
      files: { [USER]: named("QWEN_X"), ".qwen/.env": "QWEN_X=m" },
      env: () => ({ OPENAI_API_KEY: "k" }),
      expected: { model: "$QWEN_X < user model.name" },
    },
    {
      name: "QWEN_MODEL is not reserved",
      files: { ".qwen/.env": "QWEN_MODEL=m" },
      env: () => ({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: MINE }),
      expected: { exitCode: 0, model: "m < .qwen/.env QWEN_MODEL" },
    },
  ]);

  function named(name: string): object {
    return { model: { name: `$${name}` } };
  }
});
