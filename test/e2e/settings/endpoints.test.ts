import { describe, expect } from "bun:test";
import { type Files, LOCAL, MINE, openai, runCases, USER, user } from "./precedence-machine.ts";

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
