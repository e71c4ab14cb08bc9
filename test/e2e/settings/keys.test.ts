import { describe } from "bun:test";
import { join } from "node:path";
import {
  ENTRY,
  type Files,
  LOCAL,
  MINE,
  openai,
  providers,
  runCases,
  USER,
  user,
} from "./precedence-machine.ts";

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
