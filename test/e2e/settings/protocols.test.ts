import { describe, expect } from "bun:test";
import {
  ENTRY,
  type Files,
  LOCAL,
  MINE,
  openai,
  providers,
  runCases,
  USER,
} from "./precedence-machine.ts";

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
