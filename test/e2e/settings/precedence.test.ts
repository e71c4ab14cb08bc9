import { describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** Content by path below home; the project is `p`. */
type Files = Readonly<Record<string, string | object>>;

/** The rules of `spec/settings-and-env.md`, row by row, read from `auth status --json`. */
type Case = {
  readonly name: string;
  readonly files?: Files;
  readonly setUp?: (place: Machine) => void;
  readonly env?: (place: Machine) => Record<string, string>;
  readonly args?: readonly string[];
  /** Below home; the project by default. */
  readonly cwd?: string;
  /** Compared with what `look` returns; what it leaves out does not matter. */
  readonly expected: object;
  /** What must also stand in the text for people, or in the error. */
  readonly says?: readonly string[];
};

const MINE = "https://mine.example/v1";
const LOCAL = "http://localhost:1/v1";
const USER = ".qwen/settings.json";
const PROJECT = "p/.qwen/settings.json";

/** Lowest first. */
const SCOPES = [
  ["system-defaults", "system/system-defaults.json"],
  ["user", USER],
  ["project", PROJECT],
  ["system", "system/settings.json"],
] as const;

/** An entry with a variable and an endpoint of its own, so that nothing else decides. */
const ENTRY = openai({ id: "m", envKey: "MY_KEY", baseUrl: MINE });

describe("of the four settings scopes the highest wins", () => {
  type Row = {
    readonly name: string;
    readonly say: (scope: string, index: number) => object;
    readonly env?: Record<string, string>;
    readonly expect: (scope: string, index: number) => object;
  };
  const rows: readonly Row[] = [
    {
      name: "model.name",
      say: (scope) => ({ model: { name: `of-${scope}` } }),
      env: { OPENAI_API_KEY: "k" },
      expect: (scope) => ({ model: `of-${scope} < ${scoped(scope, "model.name")}` }),
    },
    {
      name: "modelProviders, each protocol's array as a whole",
      say: (scope) => openai({ id: `of-${scope}`, baseUrl: LOCAL }),
      expect: (scope) => ({
        model: `of-${scope} < ${scoped(scope, "modelProviders.openai[0].id")}`,
        baseUrl: `${LOCAL} < ${scoped(scope, "modelProviders.openai[0].baseUrl")}`,
      }),
    },
    {
      name: "env, variable by variable",
      say: (scope, index) => ({
        env: { MY_KEY: `k-${scope}`, [`ONLY_${index}`]: "x" },
        ...(index === 0 ? ENTRY : {}),
      }),
      expect: (scope, index) => ({
        key: scoped(scope, "env.MY_KEY"),
        shadowed: SCOPES.slice(0, index)
          .map(([lower]) => scoped(lower, "env.MY_KEY"))
          .reverse(),
      }),
    },
    {
      name: "security.auth.selectedType",
      say: (_scope, index) => ({
        security: {
          auth: { selectedType: ["qwen-oauth", "anthropic", "gemini", "openai"][index] },
        },
      }),
      expect: (_scope, index) => ({
        protocol: [undefined, "anthropic", "gemini", "openai"][index],
      }),
    },
  ];
  for (const { name, say, env = {}, expect: expectation } of rows) {
    runCases(
      SCOPES.map(([scope], index) => ({
        name: `${name}: ${scope}`,
        files: Object.fromEntries(
          SCOPES.slice(0, index + 1).map(([lower, path], at) => [path, say(lower, at)]),
        ),
        env: () => env,
        expected: expectation(scope, index),
      })),
    );
  }

  runCases([
    {
      name: "a protocol that the higher scope does not name keeps its array",
      files: {
        [USER]: providers({
          openai: [{ id: "mine", baseUrl: LOCAL }],
          anthropic: [{ id: "claude", baseUrl: LOCAL }],
        }),
        [PROJECT]: openai({ id: "theirs", baseUrl: LOCAL }),
      },
      args: ["--model", "claude"],
      expected: {
        exitCode: 0,
        protocol: "anthropic",
        baseUrl: `${LOCAL} < user modelProviders.anthropic[0].baseUrl`,
      },
    },
    {
      name: "an entry of the lower scope's array is configured no more",
      files: {
        [USER]: openai({ id: "mine", baseUrl: MINE, envKey: "MY_KEY" }),
        [PROJECT]: openai({ id: "theirs", baseUrl: LOCAL }),
      },
      args: ["--model", "mine"],
      expected: {
        model: "mine < --model",
        baseUrl: `${LOCAL} < project modelProviders.openai[0].baseUrl [project]`,
        warnings: [expect.stringContaining("mine")],
      },
    },
    {
      name: "variables of `env` that the higher scope does not name stay",
      files: {
        [USER]: { ...ENTRY, env: { MY_KEY: "k" } },
        [PROJECT]: { env: { OTHER: "x" } },
        "system/settings.json": { env: {} },
      },
      expected: { exitCode: 0, key: "user env.MY_KEY", shadowed: [] },
    },
    {
      name: "objects merge key by key",
      files: {
        [USER]: { security: { auth: { baseUrl: MINE, apiKey: "k-user" } }, model: { name: "m" } },
        "system/settings.json": {
          security: { auth: { apiKey: "k-system", selectedType: "openai" } },
        },
      },
      expected: {
        exitCode: 0,
        baseUrl: `${MINE} < user security.auth.baseUrl`,
        key: "system security.auth.apiKey",
      },
    },
    {
      name: "`__proto__`, `constructor` and `prototype` are skipped",
      files: {
        [USER]: ENTRY,
        [PROJECT]:
          '{"__proto__": {"env": {"MY_KEY": "x"}}, "constructor": {"prototype": {"env": {"MY_KEY": "x"}}},' +
          ' "env": {"__proto__": {"MY_KEY": "x"}}}',
      },
      expected: { exitCode: 4, state: "incomplete", key: "none" },
    },
    {
      name: "a BOM, comments and a trailing comma are understood",
      files: {
        [USER]: `\u{feff}// mine\n${JSON.stringify({ ...ENTRY, env: { MY_KEY: "k" } }).slice(0, -1)}, /* end */ }`,
      },
      expected: { exitCode: 0, key: "user env.MY_KEY" },
    },
    {
      name: "QWEN_CODE_SYSTEM_DEFAULTS_PATH names the lowest file",
      files: {
        "elsewhere.json": ENTRY,
        "system/system-defaults.json": openai({ id: "not-read", baseUrl: LOCAL }),
      },
      env: ({ home }) => ({ QWEN_CODE_SYSTEM_DEFAULTS_PATH: join(home, "elsewhere.json") }),
      expected: { model: "m < system-defaults modelProviders.openai[0].id" },
    },
  ]);
});

describe("a settings file that cannot be used is an error", () => {
  runCases([
    ...SCOPES.map(([scope, path]) => ({
      name: `malformed, of ${scope}`,
      files: { [USER]: ENTRY, [path]: '{\n  "env": {,}\n}' },
      expected: { exitCode: 3, error: "settings-invalid" },
      says: [path, "line 2, column 11"],
    })),
    ...[
      ["a text", '"text"', "expected an object"],
      ["of a wrong type inside", { model: { name: 7 } }, "model.name: expected a string"],
    ].map(([name, content = "", part]) => ({
      name: `${name}`,
      files: { [USER]: content },
      expected: { exitCode: 3, error: "settings-invalid" },
      says: [USER, `${part}`],
    })),
    {
      name: "a directory",
      setUp: ({ settings }) => mkdirSync(settings, { recursive: true }),
      expected: { exitCode: 3, error: "settings-unreadable" },
      says: [USER, "directory"],
    },
  ]);
});

describe("a settings file without any value counts as one without settings", () => {
  runCases(
    ["", " \n\t\r\n", "// nothing yet\n", "\ufeff/* nothing */\n"].map((content) => ({
      name: JSON.stringify(content),
      files: { [USER]: content },
      expected: { exitCode: 4, state: "none", warnings: [] },
    })),
  );
});

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

describe("the key of an entry with `envKey` comes from", () => {
  const levels = [
    "--openai-api-key",
    "shell MY_KEY",
    "file secret (MY_KEY_FILE)",
    "p/.env MY_KEY [project]",
    "user env.MY_KEY",
  ];
  runCases(
    levels.map((source, index) => ({
      name: source,
      files: {
        [USER]: { ...ENTRY, ...(index <= 4 ? { env: { MY_KEY: "k-settings" } } : {}) },
        secret: "k-file\n",
        ...(index <= 3 ? { "p/.env": "MY_KEY=k-dotenv" } : {}),
      },
      env: ({ home }) => ({
        OPENAI_API_KEY: "k-of-another",
        ...(index <= 1 ? { MY_KEY: "k-shell" } : {}),
        ...(index <= 2 ? { MY_KEY_FILE: join(home, "secret") } : {}),
      }),
      args: index === 0 ? ["--openai-api-key", "k-flag"] : [],
      expected: { exitCode: 0, key: source, shadowed: levels.slice(index + 1) },
    })),
  );
});

describe("the key without an entry comes from", () => {
  const levels = [
    "--openai-api-key",
    "shell OPENAI_API_KEY",
    "file secret (OPENAI_API_KEY_FILE)",
    ".env OPENAI_API_KEY",
    "user env.OPENAI_API_KEY",
    "user security.auth.apiKey",
  ];
  runCases(
    levels.map((source, index) => ({
      name: source,
      files: {
        [USER]: {
          security: { auth: { selectedType: "openai", apiKey: "k-legacy" } },
          model: { name: "gpt-5" },
          ...(index <= 4 ? { env: { OPENAI_API_KEY: "k-settings" } } : {}),
        },
        secret: "k-file\n",
        ...(index <= 3 ? { ".env": "OPENAI_API_KEY=k-dotenv" } : {}),
      },
      env: ({ home }) => ({
        ...(index <= 1 ? { OPENAI_API_KEY: "k-shell" } : {}),
        ...(index <= 2 ? { OPENAI_API_KEY_FILE: join(home, "secret") } : {}),
      }),
      args: index === 0 ? ["--openai-api-key", "k-flag"] : [],
      expected: { exitCode: 0, key: source, shadowed: levels.slice(index + 1) },
    })),
  );

  const standard = (selectedType: string): object => ({
    security: { auth: { selectedType } },
    model: { name: "m" },
  });
  runCases([
    {
      name: "ANTHROPIC_API_KEY before ANTHROPIC_AUTH_TOKEN",
      files: { [USER]: { ...standard("anthropic"), env: { ANTHROPIC_API_KEY: "k" } } },
      env: () => ({ ANTHROPIC_AUTH_TOKEN: "t" }),
      expected: {
        exitCode: 0,
        key: "user env.ANTHROPIC_API_KEY",
        shadowed: ["shell ANTHROPIC_AUTH_TOKEN"],
      },
    },
    {
      name: "ANTHROPIC_AUTH_TOKEN",
      files: { [USER]: standard("anthropic") },
      env: () => ({ ANTHROPIC_AUTH_TOKEN: "t", OPENAI_API_KEY: "k" }),
      expected: { exitCode: 0, key: "shell ANTHROPIC_AUTH_TOKEN", shadowed: [] },
    },
    {
      name: "GEMINI_API_KEY before GOOGLE_API_KEY",
      files: { [USER]: standard("gemini"), ".env": "GEMINI_API_KEY=k" },
      env: () => ({ GOOGLE_API_KEY: "g" }),
      expected: {
        exitCode: 0,
        key: ".env GEMINI_API_KEY",
        shadowed: ["shell GOOGLE_API_KEY"],
      },
    },
    {
      name: "GOOGLE_API_KEY",
      files: { [USER]: standard("gemini") },
      env: () => ({ GOOGLE_API_KEY: "g" }),
      expected: { exitCode: 0, key: "shell GOOGLE_API_KEY" },
    },
  ]);
});

describe("NAME_FILE", () => {
  const settings = { [USER]: ENTRY };
  const longKey = "sk-0123456789abcdefghij";
  runCases([
    {
      name: "has its content trimmed",
      files: { ...settings, secret: `\n  ${longKey} \r\n` },
      env: ({ home }) => ({ MY_KEY_FILE: join(home, "secret") }),
      expected: { exitCode: 0, key: "file secret (MY_KEY_FILE)", masked: "sk-…ghij" },
    },
    ...["p/.env", "p/.qwen/.env", ".env", ".qwen/.env"].map((path) => ({
      name: `is not honoured in ${path}`,
      files: { ...settings, "p/secret": longKey, [path]: "MY_KEY_FILE=secret" },
      expected: { exitCode: 4, key: "none" },
    })),
    {
      name: "is not honoured in `settings.env`",
      files: { [USER]: { ...ENTRY, env: { MY_KEY_FILE: "secret" } }, "p/secret": longKey },
      expected: { exitCode: 4, key: "none" },
    },
    {
      name: "that is missing is an error",
      files: settings,
      env: ({ home }) => ({ MY_KEY_FILE: join(home, "nowhere") }),
      expected: { exitCode: 3, error: "key-file-unreadable" },
      says: ["/nowhere", "MY_KEY_FILE"],
    },
    {
      name: "that is a directory is an error",
      files: settings,
      env: ({ home }) => ({ MY_KEY_FILE: home }),
      expected: { exitCode: 3, error: "key-file-unreadable" },
    },
    {
      name: "that is over 64 KiB is an error, not the lower source",
      files: {
        [USER]: { ...ENTRY, env: { MY_KEY: "k" } },
        secret: "k".repeat(64 * 1024 + 1),
      },
      env: ({ home }) => ({ MY_KEY_FILE: join(home, "secret") }),
      expected: { exitCode: 3, error: "key-file-unreadable" },
    },
    {
      name: "that is missing does not matter to another variable",
      files: { [USER]: { ...ENTRY, env: { MY_KEY: "k" } } },
      env: ({ home }) => ({ OPENAI_API_KEY_FILE: join(home, "nowhere") }),
      expected: { exitCode: 0, key: "user env.MY_KEY" },
    },
  ]);
});

describe("a key of one vendor is never taken for another", () => {
  const every = {
    OPENAI_API_KEY: "k",
    ANTHROPIC_API_KEY: "k",
    ANTHROPIC_AUTH_TOKEN: "k",
    GEMINI_API_KEY: "k",
    GOOGLE_API_KEY: "k",
    DASHSCOPE_API_KEY: "k",
    BAILIAN_CODING_PLAN_API_KEY: "k",
  };
  runCases(
    ["openai", "anthropic", "gemini"].map((protocol) => ({
      name: `an explicit \`envKey\` of ${protocol} has no substitute`,
      files: {
        [USER]: {
          ...providers({ [protocol]: [{ id: "m", envKey: "MY_KEY" }] }),
          security: { auth: { selectedType: protocol, apiKey: "k" } },
        },
      },
      env: () => every,
      expected: { exitCode: 4, state: "incomplete", key: "none", envKey: "MY_KEY" },
      says: ["MY_KEY is not set"],
    })),
  );

  const standard = [
    ["openai", "OPENAI_API_KEY", "OPENAI_BASE_URL", "https://api.openai.com/v1"],
    ["anthropic", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "https://api.anthropic.com"],
    ["gemini", "GEMINI_API_KEY", "GEMINI_BASE_URL", "https://generativelanguage.googleapis.com"],
  ] as const;
  for (const [protocol, variable, baseUrlVariable, publicDefault] of standard) {
    const entry = (baseUrl?: string): Files => ({
      [USER]: {
        ...providers({ [protocol]: [{ id: "m", ...(baseUrl ? { baseUrl } : {}) }] }),
        security: { auth: { selectedType: protocol } },
      },
    });
    runCases([
      {
        name: `an entry without \`envKey\` and \`baseUrl\` takes ${variable}`,
        files: entry(),
        env: () => every,
        expected: { exitCode: 0, key: `shell ${variable}`, baseUrl: `${publicDefault} < default` },
      },
      {
        name: `an entry without \`envKey\` at the public endpoint takes ${variable}`,
        files: entry(publicDefault),
        env: () => every,
        expected: { exitCode: 0, key: `shell ${variable}` },
      },
      {
        name: `an entry without \`envKey\` at the endpoint of ${baseUrlVariable} takes ${variable}`,
        files: entry(MINE),
        env: () => ({ ...every, [baseUrlVariable]: MINE }),
        expected: { exitCode: 0, key: `shell ${variable}` },
      },
      {
        name: `an entry of ${protocol} without \`envKey\` elsewhere takes nothing`,
        files: entry(MINE),
        env: () => every,
        expected: { exitCode: 4, state: "incomplete", key: "none" },
      },
      {
        name: `an entry of ${protocol} without \`envKey\` at a private endpoint needs nothing`,
        files: entry(LOCAL),
        env: () => every,
        expected: { exitCode: 0, state: "configured", key: "none" },
      },
    ]);
  }

  runCases([
    {
      name: "OPENAI_BASE_URL elsewhere does not lend OPENAI_API_KEY to an entry",
      files: { [USER]: openai({ id: "m", baseUrl: MINE }) },
      env: () => ({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: "https://other.example/v1" }),
      expected: { exitCode: 4, key: "none", baseUrl: `${MINE} < ${user("baseUrl")}` },
    },
    {
      name: "`security.auth.apiKey` goes to `security.auth.baseUrl`",
      files: {
        [USER]: {
          security: { auth: { selectedType: "openai", apiKey: "k", baseUrl: MINE } },
          model: { name: "m" },
        },
      },
      expected: {
        exitCode: 0,
        key: "user security.auth.apiKey",
        baseUrl: `${MINE} < user security.auth.baseUrl`,
      },
    },
    {
      name: "`security.auth.apiKey` serves an entry that has neither variable nor endpoint",
      files: { [USER]: { ...openai({ id: "m" }), security: { auth: { apiKey: "k" } } } },
      expected: { exitCode: 0, key: "user security.auth.apiKey" },
    },
  ]);
});

describe("the endpoint comes from", () => {
  const levels = [
    "https://flag.example/v1 < --openai-base-url",
    `https://entry.example/v1 < ${user("baseUrl")}`,
    "https://variable.example/v1 < shell OPENAI_BASE_URL",
    "https://legacy.example/v1 < user security.auth.baseUrl",
    "https://api.openai.com/v1 < default",
  ];
  runCases(
    levels.map((baseUrl, index) => ({
      name: baseUrl,
      files: {
        [USER]: {
          ...openai({
            id: "gpt-5",
            envKey: "MY_KEY",
            ...(index <= 1 ? { baseUrl: "https://entry.example/v1" } : {}),
          }),
          ...(index <= 3 ? { security: { auth: { baseUrl: "https://legacy.example/v1" } } } : {}),
        },
      },
      env: () => ({
        MY_KEY: "k",
        ...(index <= 2 ? { OPENAI_BASE_URL: "https://variable.example/v1" } : {}),
      }),
      args:
        index === 0
          ? ["--openai-base-url", "https://flag.example/v1", "--openai-api-key", "sk-0123456789"]
          : [],
      expected: { exitCode: 0, baseUrl },
    })),
  );

  const selected = (selectedType: string): object => ({
    security: { auth: { selectedType } },
    model: { name: "m" },
  });
  runCases([
    {
      name: "ANTHROPIC_BASE_URL",
      files: { [USER]: selected("anthropic") },
      env: () => ({ ANTHROPIC_BASE_URL: MINE, OPENAI_BASE_URL: LOCAL }),
      expected: { baseUrl: `${MINE} < shell ANTHROPIC_BASE_URL` },
    },
    {
      name: "GEMINI_BASE_URL before GOOGLE_GEMINI_BASE_URL",
      files: { [USER]: selected("gemini") },
      env: () => ({ GEMINI_BASE_URL: MINE, GOOGLE_GEMINI_BASE_URL: LOCAL }),
      expected: { baseUrl: `${MINE} < shell GEMINI_BASE_URL` },
    },
    {
      name: "GOOGLE_GEMINI_BASE_URL",
      files: { [USER]: selected("gemini") },
      env: () => ({ GOOGLE_GEMINI_BASE_URL: MINE }),
      expected: { baseUrl: `${MINE} < shell GOOGLE_GEMINI_BASE_URL` },
    },
    {
      name: "a base URL variable of the user's `.env` before that of `settings.env`",
      files: {
        [USER]: { ...selected("openai"), env: { OPENAI_BASE_URL: LOCAL } },
        ".env": `OPENAI_BASE_URL=${MINE}`,
      },
      expected: { baseUrl: `${MINE} < .env OPENAI_BASE_URL` },
    },
    {
      name: "a base URL variable of `settings.env`",
      files: { [USER]: { ...selected("openai"), env: { OPENAI_BASE_URL: MINE } } },
      expected: { baseUrl: `${MINE} < user env.OPENAI_BASE_URL` },
    },
  ]);
});

describe("an endpoint is refused", () => {
  const bad = [
    ["with user info", "https://someone:canary-password@mine.example/v1"],
    ["that is not http", "ftp://mine.example/v1"],
    ["that is no URL", "mine.example/v1"],
  ] as const;
  for (const [name, baseUrl] of bad) {
    runCases([
      {
        name: `${name}, of an entry`,
        files: { [USER]: openai({ id: "m", envKey: "MY_KEY", baseUrl }) },
        env: () => ({ MY_KEY: "k" }),
        expected: { exitCode: 3, error: "settings-invalid" },
        says: ["modelProviders.openai[0].baseUrl"],
      },
      {
        name: `${name}, of OPENAI_BASE_URL`,
        env: () => ({ OPENAI_API_KEY: "k", OPENAI_MODEL: "m", OPENAI_BASE_URL: baseUrl }),
        expected: { exitCode: 3 },
        says: ["OPENAI_BASE_URL"],
      },
      {
        name: `${name}, of security.auth.baseUrl`,
        files: {
          [USER]: { security: { auth: { selectedType: "openai", apiKey: "k", baseUrl } } },
        },
        expected: { exitCode: 3, error: "settings-invalid" },
        says: ["security.auth.baseUrl"],
      },
      {
        name: `${name}, of the flag`,
        args: ["--openai-base-url", baseUrl],
        expected: { exitCode: 2 },
        says: ["--openai-base-url"],
      },
    ]);
  }
});

describe("plain http", () => {
  const at = (baseUrl: string): Files => ({
    [USER]: openai({ id: "m", envKey: "MY_KEY", baseUrl }),
  });
  runCases([
    {
      name: "to a public host is a warning",
      files: at("http://plain.example/v1"),
      env: () => ({ MY_KEY: "k" }),
      expected: { exitCode: 0, warnings: [expect.stringContaining("plain.example")] },
      says: ["plain http"],
    },
    ...["https://plain.example/v1", "http://localhost:8000/v1", "http://10.0.0.7/v1"].map(
      (baseUrl) => ({
        name: `is not the matter with ${baseUrl}`,
        files: at(baseUrl),
        env: () => ({ MY_KEY: "k" }),
        expected: { exitCode: 0, warnings: [] },
      }),
    ),
  ]);
});

describe("no key is needed", () => {
  const at = (host: string, envKey?: string): Files => ({
    [USER]: openai({ id: "m", baseUrl: `https://${host}/v1`, ...(envKey ? { envKey } : {}) }),
  });
  const privateHosts = [
    "localhost:8000",
    "127.0.0.1",
    "127.8.9.10",
    "[::1]:8000",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.1.1",
    "[fd00::1]",
    "[fe80::1]",
    "vllm:8000",
    "box.local",
    "llm.internal",
    "nas.lan",
    "host.docker.internal:11434",
  ];
  runCases(
    privateHosts.map((host) => ({
      name: `by an entry at ${host}`,
      files: at(host),
      expected: { exitCode: 0, state: "configured", key: "none" },
    })),
  );
  runCases([
    {
      name: "by an entry at a private endpoint whose variable is not set",
      files: at("localhost", "MY_KEY"),
      env: () => ({ OPENAI_API_KEY: "k" }),
      expected: { exitCode: 0, state: "configured", key: "none" },
    },
    {
      name: "where the variable of the shell says `not-needed`",
      files: at("mine.example", "MY_KEY"),
      env: () => ({ MY_KEY: "not-needed" }),
      expected: { exitCode: 0, state: "configured", key: "none", masked: undefined },
    },
    {
      name: "where `settings.env` says `not-needed`",
      files: {
        [USER]: {
          ...openai({ id: "m", envKey: "QWEN_CUSTOM_API_KEY_X", baseUrl: MINE }),
          env: { QWEN_CUSTOM_API_KEY_X: "not-needed" },
        },
      },
      env: () => ({ OPENAI_API_KEY: "k" }),
      expected: { exitCode: 0, state: "configured", key: "none" },
    },
  ]);

  const publicHosts = [
    "8.8.8.8",
    "172.15.0.1",
    "172.32.0.1",
    "192.169.0.1",
    "169.253.1.1",
    "[2001:db8::1]",
    "mine.example",
    "local.example",
    "localhost.example",
    "127.0.0.1.example",
  ];
  runCases(
    publicHosts.map((host) => ({
      name: `but not by an entry at ${host}`,
      files: at(host),
      expected: { exitCode: 4, state: "incomplete", key: "none" },
    })),
  );
});

describe("the model comes from", () => {
  const levels = [
    "of-flag < --model",
    "of-settings < user model.name",
    "of-openai < shell OPENAI_MODEL",
    "of-qwen < shell QWEN_MODEL",
    "first < user modelProviders.openai[0].id",
  ];
  const ids = ["first", "of-flag", "of-settings", "of-openai", "of-qwen"];
  runCases(
    levels.map((model, index) => ({
      name: model,
      files: {
        [USER]: {
          ...openai(...ids.map((id) => ({ id, baseUrl: LOCAL }))),
          ...(index <= 1 ? { model: { name: "of-settings" } } : {}),
        },
      },
      env: () => ({
        ...(index <= 2 ? { OPENAI_MODEL: "of-openai" } : {}),
        ...(index <= 3 ? { QWEN_MODEL: "of-qwen" } : {}),
      }),
      args: index === 0 ? ["--model", "of-flag"] : [],
      expected: {
        exitCode: 0,
        model,
        warnings:
          index === 1
            ? [expect.stringContaining("OPENAI_MODEL and QWEN_MODEL of the shell are not used")]
            : [],
      },
    })),
  );

  const byProtocol = (selectedType: string): Files => ({
    [USER]: { security: { auth: { selectedType } } },
  });
  runCases([
    {
      name: "ANTHROPIC_MODEL",
      files: byProtocol("anthropic"),
      env: () => ({ ANTHROPIC_MODEL: "a", OPENAI_MODEL: "o", QWEN_MODEL: "q" }),
      expected: { model: "a < shell ANTHROPIC_MODEL" },
    },
    {
      name: "GEMINI_MODEL",
      files: byProtocol("gemini"),
      env: () => ({ GEMINI_MODEL: "g", OPENAI_MODEL: "o", QWEN_MODEL: "q" }),
      expected: { model: "g < shell GEMINI_MODEL" },
    },
    {
      name: "OPENAI_MODEL of a `.env` before that of `settings.env`",
      files: { [USER]: { env: { OPENAI_MODEL: "s" } }, "p/.env": "OPENAI_MODEL=gpt-d" },
      env: () => ({ OPENAI_API_KEY: "k" }),
      expected: { exitCode: 0, model: "gpt-d < p/.env OPENAI_MODEL [project]" },
    },
    {
      name: "`--model` that is configured nowhere, with the default entry's connection",
      files: { [USER]: { ...ENTRY, env: { MY_KEY: "k" } } },
      args: ["--model", "new"],
      expected: {
        exitCode: 0,
        model: "new < --model",
        baseUrl: `${MINE} < ${user("baseUrl")}`,
        key: "user env.MY_KEY",
        warnings: [expect.stringContaining('"new"')],
      },
      says: [MINE],
    },
    {
      name: "an environment variable that matches no entry, with the environment's connection",
      files: { [USER]: { ...ENTRY, env: { MY_KEY: "k" } } },
      env: () => ({ OPENAI_MODEL: "gpt-new", OPENAI_API_KEY: "k" }),
      expected: {
        exitCode: 0,
        model: "gpt-new < shell OPENAI_MODEL",
        baseUrl: "https://api.openai.com/v1 < default",
        key: "shell OPENAI_API_KEY",
      },
    },
    {
      name: "an environment variable that matches an entry, with the entry's connection",
      files: { [USER]: { ...ENTRY, env: { MY_KEY: "k" } } },
      env: () => ({ OPENAI_MODEL: "m", OPENAI_API_KEY: "k" }),
      expected: { exitCode: 0, baseUrl: `${MINE} < ${user("baseUrl")}`, key: "user env.MY_KEY" },
    },
    {
      name: "nowhere: incomplete, and `--model` is named",
      env: () => ({ OPENAI_API_KEY: "k" }),
      expected: { exitCode: 4, state: "incomplete", model: undefined, key: "shell OPENAI_API_KEY" },
      says: ["--model", "export OPENAI_MODEL=MODEL_ID"],
    },
    {
      name: "a `model.name` that matches no entry: refused, with a near one",
      files: {
        [USER]: {
          ...openai({ id: "qwen3-coder-plus", baseUrl: LOCAL }, { id: "glm-5", baseUrl: LOCAL }),
          model: { name: "qwen3-codr-plus" },
        },
      },
      expected: { exitCode: 3, error: "unknown-model" },
      says: ['did you mean "qwen3-coder-plus"?', "glm-5"],
    },
    {
      name: "a `model.name` whose entry is broken: refused, with the JSON path",
      files: {
        [USER]: {
          ...openai({ id: "m", baseUrl: 7 }, { id: "n", baseUrl: LOCAL }),
          model: { name: "m" },
        },
      },
      expected: { exitCode: 3, error: "settings-invalid" },
      says: ["modelProviders.openai[0].baseUrl: expected a string"],
    },
    {
      name: "a `model.name` beside a broken entry: a warning with the JSON path",
      files: {
        [USER]: {
          ...openai({ id: 7, baseUrl: LOCAL }, { id: "n", baseUrl: LOCAL }),
          model: { name: "n" },
        },
      },
      expected: {
        exitCode: 0,
        model: "n < user model.name",
        warnings: [expect.stringContaining("modelProviders.openai[0].id: expected a string")],
      },
    },
  ]);
});

describe("among entries with one id", () => {
  const [ONE, TWO, PORT] = ["https://one.example/v1", "https://two.example/v1", "http://vllm:8000"];
  const entries = [ONE, TWO, PORT].map((baseUrl) => ({ id: "m", envKey: "MY_KEY", baseUrl }));
  const settings = (model: object): Files => ({
    [USER]: { ...openai(...entries), model, env: { MY_KEY: "k" } },
  });
  const at = (index: number): string =>
    `${entries[index]?.baseUrl} < user modelProviders.openai[${index}].baseUrl`;
  runCases([
    {
      name: "`--model id@host` takes that host's",
      files: settings({}),
      args: ["--model", "m@two.example"],
      expected: { exitCode: 0, model: "m < --model", baseUrl: at(1), warnings: [] },
    },
    {
      name: "`--model id@host:port` takes that host's",
      files: settings({}),
      args: ["--model", "m@vllm:8000"],
      expected: { exitCode: 0, model: "m < --model", baseUrl: at(2), warnings: [] },
    },
    {
      name: "`model.name` as `id@host` takes that host's",
      files: settings({ name: "m@two.example" }),
      expected: { exitCode: 0, model: "m < user model.name", baseUrl: at(1), warnings: [] },
    },
    {
      name: "`id@host` goes before `model.baseUrl`",
      files: settings({ name: "m", baseUrl: ONE }),
      args: ["--model", "m@two.example"],
      expected: { exitCode: 0, baseUrl: at(1), warnings: [] },
    },
    {
      name: "`model.name` as `id@host` of no entry is refused",
      files: settings({ name: "m@three.example" }),
      expected: { exitCode: 3, error: "unknown-model" },
      says: ["m@three.example"],
    },
    {
      name: "`model.baseUrl` picks one",
      files: settings({ name: "m", baseUrl: TWO }),
      expected: { exitCode: 0, baseUrl: at(1), warnings: [] },
    },
    {
      name: "without it the first, with one warning",
      files: settings({ name: "m" }),
      expected: { exitCode: 0, baseUrl: at(0), warnings: [expect.stringContaining('"m"')] },
    },
    {
      name: "the first, with one warning, when `model.baseUrl` is that of none",
      files: settings({ name: "m", baseUrl: "https://three.example/v1" }),
      expected: { exitCode: 0, baseUrl: at(0), warnings: [expect.stringContaining('"m"')] },
    },
    {
      name: "`--model` without a host stays at the selected entry",
      files: settings({ name: "m", baseUrl: TWO }),
      args: ["--model", "m"],
      expected: { exitCode: 0, baseUrl: at(1), warnings: [] },
    },
    {
      name: "an id that is spelt with an `@` is that id",
      files: {
        [USER]: openai(
          { id: "m", baseUrl: "http://two.internal/v1" },
          { id: "m@two.internal", baseUrl: LOCAL },
        ),
      },
      args: ["--model", "m@two.internal"],
      expected: { exitCode: 0, model: "m@two.internal < --model", warnings: [] },
    },
    {
      name: "a true duplicate is a warning",
      files: { [USER]: openai({ id: "m", baseUrl: LOCAL }, { id: "m", baseUrl: LOCAL }) },
      expected: { exitCode: 0, warnings: [expect.stringContaining("m")] },
    },
  ]);
});

describe("the protocol comes from", () => {
  const all = providers({
    openai: [{ id: "o", envKey: "MY_KEY", baseUrl: MINE }],
    anthropic: [{ id: "a", envKey: "MY_KEY", baseUrl: MINE }],
    gemini: [{ id: "g", envKey: "MY_KEY", baseUrl: MINE }],
  });
  const selected = (selectedType: string): object => ({ security: { auth: { selectedType } } });
  const keys = { OPENAI_API_KEY: "k", ANTHROPIC_API_KEY: "k", GEMINI_API_KEY: "k" };
  runCases([
    {
      name: "`--auth-type` before `selectedType`",
      files: { [USER]: { ...all, ...selected("openai") } },
      args: ["--auth-type", "gemini"],
      expected: { protocol: "gemini", model: "g < user modelProviders.gemini[0].id" },
    },
    {
      name: "`--auth-type qwen-oauth`",
      files: { [USER]: { ...all, ...selected("openai") } },
      args: ["--auth-type", "qwen-oauth"],
      expected: { method: "qwen-oauth", protocol: undefined },
    },
    {
      name: "`--openai-api-key` before `selectedType`",
      files: { [USER]: { ...all, ...selected("anthropic") } },
      args: ["--openai-api-key", "k"],
      expected: { protocol: "openai" },
    },
    {
      name: "`--openai-base-url` before `selectedType`",
      files: { [USER]: { ...all, ...selected("anthropic") } },
      args: ["--openai-base-url", LOCAL],
      expected: { protocol: "openai" },
    },
    {
      name: "nothing, when `--openai-api-key` and `--auth-type` disagree",
      args: ["--openai-api-key", "k", "--auth-type", "gemini"],
      expected: { exitCode: 2 },
      says: ["--openai-api-key", "--auth-type"],
    },
    {
      name: "nothing, when `--openai-base-url` and `--auth-type` disagree",
      args: ["--openai-base-url", MINE, "--auth-type", "anthropic"],
      expected: { exitCode: 2 },
      says: ["--openai-base-url", "--auth-type"],
    },
    {
      name: "nothing, when `--auth-type` is none of the choices",
      args: ["--auth-type", "banana"],
      expected: { exitCode: 2 },
      says: ["banana", "openai", "anthropic", "gemini", "qwen-oauth"],
    },
    {
      name: "`selectedType` before the key variables",
      files: { [USER]: { ...all, ...selected("gemini") } },
      env: () => keys,
      expected: { protocol: "gemini" },
    },
    {
      name: "the model, when `--model` is configured in another protocol only",
      files: { [USER]: { ...all, ...selected("gemini") } },
      args: ["--model", "a"],
      expected: { protocol: "anthropic", model: "a < --model" },
    },
    {
      name: "the model, when `model.name` is configured in another protocol only",
      files: { [USER]: { ...all, ...selected("gemini"), model: { name: "a" } } },
      expected: { protocol: "anthropic", model: "a < user model.name" },
    },
    {
      name: "`selectedType`, when the model is configured in several",
      files: {
        [USER]: {
          ...providers({
            openai: [{ id: "m", baseUrl: LOCAL }],
            gemini: [{ id: "m", baseUrl: LOCAL }],
          }),
          ...selected("gemini"),
          model: { name: "m" },
        },
      },
      expected: { protocol: "gemini" },
    },
    {
      name: "the protocol of `model.name` before the key variables",
      files: { [USER]: { ...all, model: { name: "g" } } },
      env: () => keys,
      expected: { protocol: "gemini" },
    },
    {
      name: "the protocol of `--model` before that of `model.name`",
      files: { [USER]: { ...all, model: { name: "g" } } },
      args: ["--model", "a"],
      expected: { protocol: "anthropic" },
    },
    ...["openai", "anthropic", "gemini"].map((protocol, index) => ({
      name: `the key variable of ${protocol}, the first that is set`,
      files: { [USER]: all },
      env: () => Object.fromEntries(Object.entries(keys).slice(index)),
      expected: { protocol },
    })),
    {
      name: "a key variable of a `.env`",
      files: { [USER]: all, ".env": "GEMINI_API_KEY=k" },
      expected: { protocol: "gemini" },
    },
    {
      name: "a key variable, with a model, before the only configured protocol",
      files: { [USER]: providers({ gemini: [{ id: "g", baseUrl: LOCAL }] }) },
      env: () => ({ ANTHROPIC_API_KEY: "k", ANTHROPIC_MODEL: "claude" }),
      expected: { protocol: "anthropic" },
    },
    {
      name: "the only configured protocol before a key variable without a model",
      files: { [USER]: providers({ gemini: [{ id: "g", baseUrl: LOCAL }] }) },
      env: () => ({ ANTHROPIC_API_KEY: "k" }),
      expected: { protocol: "gemini" },
    },
    {
      name: "the only configured protocol",
      files: { [USER]: providers({ gemini: [{ id: "g", baseUrl: LOCAL }] }) },
      expected: { exitCode: 0, protocol: "gemini" },
    },
    {
      name: "a key that `providerProtocol` maps",
      files: {
        [USER]: {
          ...providers({ house: [{ id: "h", baseUrl: LOCAL }] }),
          providerProtocol: { house: "anthropic" },
        },
      },
      expected: { exitCode: 0, protocol: "anthropic", warnings: [] },
    },
    {
      name: "nowhere for a key that nothing maps, which is said",
      files: { [USER]: providers({ house: [{ id: "h", baseUrl: LOCAL }] }) },
      expected: { exitCode: 3, error: "settings-invalid" },
      says: ["modelProviders.house", "providerProtocol"],
    },
    {
      name: "the objects of `$version` 5",
      files: {
        [USER]: {
          $version: 5,
          modelProviders: {
            gemini: { protocol: "gemini", models: [{ id: "g", baseUrl: LOCAL }] },
          },
        },
      },
      expected: {
        exitCode: 0,
        protocol: "gemini",
        model: "g < user modelProviders.gemini.models[0].id",
      },
    },
    {
      name: "the flat keys of `$version` 1",
      files: { [USER]: { selectedAuthType: "gemini", model: "g" } },
      env: () => keys,
      expected: { exitCode: 0, protocol: "gemini", model: expect.stringContaining("g < user ") },
    },
    {
      name: "nowhere, when several are configured and nothing selects one",
      files: { [USER]: all },
      expected: { exitCode: 4, state: "incomplete", protocol: undefined },
    },
    ...["vertex-ai", "openai-responses"].map((type) => ({
      name: `nowhere for \`selectedType\` ${type}, which is not supported`,
      files: { [USER]: { ...all, ...selected(type) } },
      expected: { exitCode: 3, error: "unsupported" },
      says: [type, "not supported here"],
    })),
    {
      name: "nowhere for an entry with `wireApi` responses",
      files: { [USER]: openai({ id: "m", baseUrl: LOCAL, wireApi: "responses" }) },
      expected: { exitCode: 3, error: "unsupported" },
      says: ["responses", "not supported here"],
    },
    {
      name: "nowhere for an unknown `selectedType`, with a near one",
      files: { [USER]: selected("opanai") },
      expected: { exitCode: 3, error: "unknown-auth-type" },
      says: ['did you mean "openai"?'],
    },
  ]);
});

describe("`enforcedType`", () => {
  const enforcing = (enforcedType: string): Files => ({
    [USER]: { ...ENTRY, env: { MY_KEY: "k" }, security: { auth: { selectedType: "openai" } } },
    "system/settings.json": { security: { auth: { enforcedType } } },
  });
  runCases([
    {
      name: "that differs from `selectedType` is not authenticated",
      files: enforcing("anthropic"),
      expected: { exitCode: 4, state: "incomplete" },
      says: ["openai", "anthropic", "system/settings.json"],
    },
    {
      name: "that differs from `--auth-type` is not authenticated",
      files: enforcing("openai"),
      args: ["--auth-type", "qwen-oauth"],
      expected: { exitCode: 4, state: "incomplete" },
      says: ["qwen-oauth", "openai", "system/settings.json"],
    },
    {
      name: "that agrees changes nothing",
      files: enforcing("openai"),
      expected: { exitCode: 0, state: "configured" },
    },
  ]);
});

describe("variables in settings", () => {
  const at = (baseUrl: string): object => openai({ id: "m", envKey: "MY_KEY", baseUrl });
  const mine = `${MINE} < ${user("baseUrl")}`;
  const braced = `https://${inBraces("MY_HOST")}/v1`;
  const unknown = `$NOBODY-${inBraces("NOTHING:-x")}`;
  runCases([
    {
      name: "are replaced from the shell",
      files: { [USER]: at("https://$MY_HOST/v1") },
      env: () => ({ MY_HOST: "mine.example" }),
      expected: { baseUrl: mine },
    },
    {
      name: "are replaced in braces",
      files: { [USER]: at(braced) },
      env: () => ({ MY_HOST: "mine.example" }),
      expected: { baseUrl: mine },
    },
    {
      name: "are replaced from the user's `.env`",
      files: { [USER]: at(braced), ".qwen/.env": "MY_HOST=mine.example" },
      expected: { baseUrl: mine },
    },
    {
      name: "are replaced from a project's `.env`, which makes the value the project's",
      files: { [USER]: at(braced), "p/.env": "MY_HOST=mine.example" },
      expected: { baseUrl: `${mine} [project]` },
    },
    {
      name: "are replaced from `settings.env`",
      files: { [USER]: { ...at(braced), env: { MY_HOST: "mine.example" } } },
      expected: { baseUrl: mine },
    },
    {
      name: "are replaced from the shell before the `.env`",
      files: { [USER]: at(braced), "p/.env": "MY_HOST=other.example" },
      env: () => ({ MY_HOST: "mine.example" }),
      expected: { baseUrl: mine },
    },
    {
      name: "are replaced in a key, from the `.env`",
      files: {
        [USER]: { ...ENTRY, env: { MY_KEY: "$REAL_KEY" } },
        ".env": "REAL_KEY=sk-0123456789abcdefghij",
      },
      expected: { exitCode: 0, key: "user env.MY_KEY", masked: "sk-…ghij" },
    },
    {
      name: "are replaced in a key from a project's `.env`, which makes it the project's",
      files: {
        [USER]: { ...ENTRY, env: { MY_KEY: "$REAL_KEY" } },
        "p/.env": "REAL_KEY=sk-0123456789abcdefghij",
      },
      expected: { exitCode: 0, key: "user env.MY_KEY [project]", masked: "sk-…ghij" },
    },
    {
      name: "are left as they are when unknown",
      files: { [USER]: { model: { name: unknown } } },
      env: () => ({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: MINE }),
      expected: { exitCode: 0, model: `${unknown} < user model.name` },
    },
    {
      name: "are not looked for in what replaced them",
      files: { [USER]: { model: { name: "$OUTER" } } },
      env: () => ({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: MINE, OUTER: "$INNER", INNER: "x" }),
      expected: { exitCode: 0, model: "$INNER < user model.name" },
    },
  ]);
});

describe("`settings.env` of another type than a string", () => {
  runCases([
    {
      name: "is a warning with its path, and not taken",
      files: { [USER]: { ...ENTRY, env: { MY_KEY: 7 } } },
      expected: { exitCode: 4, key: "none", warnings: [expect.stringContaining("env.MY_KEY")] },
      says: [USER],
    },
  ]);
});

describe("a Coding Plan set-up without entries", () => {
  const NAME = "BAILIAN_CODING_PLAN_API_KEY";
  const CHINA = "https://coding.dashscope.aliyuncs.com/v1 < default";
  const GLOBAL = "https://coding-intl.dashscope.aliyuncs.com/v1 < default";
  const plan = {
    exitCode: 0,
    method: "coding-plan",
    state: "configured",
    protocol: "openai",
    region: "china",
    baseUrl: CHINA,
    model: "qwen3.5-plus < default",
  };
  runCases([
    {
      name: "is a key in the shell",
      env: () => ({ [NAME]: "k" }),
      expected: { ...plan, key: `shell ${NAME}` },
    },
    {
      name: "is a key in a file that the shell names",
      files: { secret: "k" },
      env: ({ home }) => ({ [`${NAME}_FILE`]: join(home, "secret") }),
      expected: { ...plan, key: `file secret (${NAME}_FILE)` },
    },
    {
      name: "is a key in a `.env`",
      files: { "p/.env": `${NAME}=k` },
      expected: { ...plan, key: `p/.env ${NAME} [project]` },
    },
    {
      name: "is a key in `settings.env`",
      files: { [USER]: { env: { [NAME]: "k" } } },
      expected: { ...plan, key: `user env.${NAME}` },
    },
    {
      name: "has the endpoint of its region",
      files: { [USER]: { codingPlan: { region: "global" } } },
      env: () => ({ [NAME]: "k" }),
      expected: { ...plan, region: "global", baseUrl: GLOBAL },
    },
    {
      name: "keeps `model.name`",
      files: { [USER]: { model: { name: "glm-5" } } },
      env: () => ({ [NAME]: "k" }),
      expected: { ...plan, model: "glm-5 < user model.name" },
    },
    {
      name: "is incomplete with a region alone, and the command names it",
      files: { [USER]: { codingPlan: { region: "global" } } },
      expected: {
        ...plan,
        exitCode: 4,
        state: "incomplete",
        region: "global",
        baseUrl: GLOBAL,
        key: "none",
        envKey: NAME,
      },
      says: ["qwen auth coding-plan --region global"],
    },
    {
      name: "is not in force where the protocol has an entry",
      files: { [USER]: { ...ENTRY, codingPlan: { region: "global" }, env: { [NAME]: "k" } } },
      expected: { exitCode: 4, method: "api-key", baseUrl: `${MINE} < ${user("baseUrl")}` },
    },
    {
      name: "is not in force where another protocol is selected",
      files: { [USER]: { security: { auth: { selectedType: "gemini" } } } },
      env: () => ({ [NAME]: "k" }),
      expected: { exitCode: 4, protocol: "gemini", key: "none" },
    },
  ]);
});

describe("QWEN_HOME", () => {
  runCases([
    {
      name: "stands for `~/.qwen`",
      files: { "elsewhere/settings.json": ENTRY, [USER]: openai({ id: "no", baseUrl: LOCAL }) },
      env: ({ home }) => ({ QWEN_HOME: join(home, "elsewhere"), MY_KEY: "k" }),
      expected: { exitCode: 0, model: "m < user modelProviders.openai[0].id" },
    },
    {
      name: "has a `.env` that is a user file, before `~/.env`",
      files: {
        "elsewhere/settings.json": ENTRY,
        "elsewhere/.env": "MY_KEY=k",
      },
      env: ({ home }) => ({ QWEN_HOME: join(home, "elsewhere") }),
      expected: { exitCode: 0, key: "elsewhere/.env MY_KEY" },
    },
    ...["p/.env", "p/.qwen/.env", ".env", ".qwen/.env"].map((path) => ({
      name: `has no effect in ${path}`,
      files: {
        [path]: "QWEN_HOME=/nowhere",
        [USER]: openai({ id: "m", baseUrl: LOCAL }),
      },
      expected: { exitCode: 0, model: "m < user modelProviders.openai[0].id" },
    })),
    {
      name: "has no effect in `settings.env`",
      files: { [USER]: { ...openai({ id: "m", baseUrl: LOCAL }), env: { QWEN_HOME: "/nowhere" } } },
      expected: { exitCode: 0, model: "m < user modelProviders.openai[0].id" },
    },
  ]);
});

describe("the home directory", () => {
  runCases([
    {
      name: "has no project settings of its own",
      files: { [USER]: { ...ENTRY, env: { MY_KEY: "k" } } },
      cwd: ".",
      expected: {
        exitCode: 0,
        baseUrl: `${MINE} < ${user("baseUrl")}`,
        key: "user env.MY_KEY",
        shadowed: [],
        scopes: ["system-defaults", "user", "system"],
      },
    },
  ]);

  test("is not shortened inside of a path that begins elsewhere", async () => {
    const place = machine();
    const cwd = join(temporaryDirectory(), place.home);
    mkdirSync(cwd, { recursive: true });
    const path = join(cwd, ".env");
    writeFileSync(path, "OPENAI_API_KEY=k", { mode: 0o600 });
    expect((await qwen(place, ["auth", "status"], { cwd })).stdout).toContain(path);
  });

  test("is that of the passwd entry when HOME is not set", async () => {
    const place = machine();
    const { HOME: _home, ...env } = place.env;
    const ran = await qwen({ ...place, env }, ["auth", "status", "--json"]);
    expect([0, 4]).toContain(ran.exitCode);
    expect(JSON.parse(ran.stdout)).toMatchObject({ schemaVersion: 1 });
    expect(ran.stderr).toBe("");
  });
});

test("a source says everything about where a value is from", async () => {
  const place = machine();
  const path = place.write("p/.env", "MY_KEY=k");
  place.write(USER, { ...ENTRY, env: { MY_KEY: "k" } });
  const secret = place.write("secret", "k");
  const { stdout } = await qwen(
    place,
    ["auth", "status", "--json", "--openai-base-url", MINE, "--model", "m"],
    { env: { MY_KEY: "k", MY_KEY_FILE: secret } },
  );
  const { baseUrl, model, key } = JSON.parse(stdout);
  expect({ baseUrl, model, key }).toEqual({
    baseUrl: {
      value: MINE,
      source: { kind: "flag", name: "--openai-base-url", origin: "user" },
    },
    model: { id: "m", source: { kind: "flag", name: "--model", origin: "user" } },
    key: {
      present: true,
      masked: "***",
      envKey: "MY_KEY",
      source: { kind: "env", name: "MY_KEY", origin: "user" },
      shadowed: [
        { kind: "file", name: "MY_KEY_FILE", path: secret, origin: "user" },
        { kind: "dotenv", name: "MY_KEY", path, origin: "project" },
        {
          kind: "settings",
          name: "env.MY_KEY",
          path: place.settings,
          scope: "user",
          origin: "user",
        },
      ],
    },
  });
});

function runCases(cases: readonly Case[]): void {
  for (const { name, files = {}, setUp, env, args = [], cwd = "p", expected, says } of cases) {
    test(name, async () => {
      const place = machine();
      for (const [path, content] of Object.entries(files)) {
        place.write(path, content);
      }
      setUp?.(place);
      const options = { env: env?.(place) ?? {}, cwd: resolve(place.home, cwd) };
      expect(await look(place, args, options)).toMatchObject(expected);
      if (says !== undefined) {
        const text = await qwen(place, ["auth", "status", ...args], options);
        for (const part of says) {
          expect(`${text.stdout}${text.stderr}`).toContain(part);
        }
        expect(`${text.stdout}${text.stderr}`).not.toContain("canary");
      }
    });
  }
}

/** The status with its sources in short: `mine < user model.name`, ` [project]` for the project's. */
async function look(
  place: Machine,
  args: readonly string[] = [],
  options: { readonly env?: Record<string, string>; readonly cwd?: string } = {},
): Promise<object> {
  const { exitCode, stdout } = await qwen(place, ["auth", "status", "--json", ...args], options);
  const { error, ...status } = JSON.parse(stdout);
  if (error !== undefined) {
    return { exitCode, error: error.code };
  }
  const { model, baseUrl, key } = status;
  const short = (source: Source): string => shorten(source, place.home);
  return {
    exitCode,
    method: status.method,
    state: status.state,
    region: status.region,
    protocol: status.protocol,
    model: model && `${model.id} < ${short(model.source)}`,
    baseUrl: baseUrl && `${baseUrl.value} < ${short(baseUrl.source)}`,
    key: key.present ? short(key.source) : "none",
    masked: key.masked,
    envKey: key.envKey,
    shadowed: key.shadowed.map(short),
    dotenv: status.dotenv.path && relative(place.home, status.dotenv.path),
    hidden: status.dotenv.shadowed.map((path: string) => relative(place.home, path)),
    scopes: status.settings.map(({ scope }: { scope: string }) => scope),
    warnings: status.warnings,
  };
}

type Source = {
  readonly kind: string;
  readonly name?: string;
  readonly path?: string;
  readonly scope?: string;
  readonly origin: "user" | "project";
};

function shorten({ kind, name, path, scope, origin }: Source, home: string): string {
  const texts: Readonly<Record<string, string>> = {
    flag: `${name}`,
    env: `shell ${name}`,
    file: `file ${relative(home, path ?? "")} (${name})`,
    dotenv: `${relative(home, path ?? "")} ${name}`,
    settings: `${scope} ${name}`,
    default: "default",
  };
  return `${texts[kind]}${origin === "project" ? " [project]" : ""}`;
}

function scoped(scope: string, name: string): string {
  return `${scope} ${name}${scope === "project" ? " [project]" : ""}`;
}

/** The source of a field of the user's first openai entry. */
function user(field: string): string {
  return `user modelProviders.openai[0].${field}`;
}

function inBraces(name: string): string {
  return ["${", name, "}"].join("");
}

function providers(modelProviders: Readonly<Record<string, readonly object[]>>): object {
  return { modelProviders };
}

function openai(...entries: readonly object[]): object {
  return providers({ openai: entries });
}
