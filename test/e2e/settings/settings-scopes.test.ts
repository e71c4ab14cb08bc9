import { describe, expect } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  ENTRY,
  LOCAL,
  MINE,
  openai,
  PROJECT,
  providers,
  runCases,
  USER,
} from "./precedence-machine.ts";

/** Lowest first. */
const SCOPES = [
  ["system-defaults", "system/system-defaults.json"],
  ["user", USER],
  ["project", PROJECT],
  ["system", "system/settings.json"],
] as const;

function scoped(scope: string, name: string): string {
  return `${scope} ${name}${scope === "project" ? " [project]" : ""}`;
}

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
