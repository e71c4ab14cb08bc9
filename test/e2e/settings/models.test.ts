import { describe, expect } from "bun:test";
import {
  ENTRY,
  type Files,
  LOCAL,
  MINE,
  openai,
  runCases,
  USER,
  user,
} from "./precedence-machine.ts";

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
      files: { [USER]: { env: { OPENAI_MODEL: "s" } }, "p/.env": "OPENAI_MODEL=gpt-4o-d" },
      env: () => ({ OPENAI_API_KEY: "k" }),
      expected: { exitCode: 0, model: "gpt-4o-d < p/.env OPENAI_MODEL [project]" },
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
      env: () => ({ OPENAI_MODEL: "gpt-4o-new", OPENAI_API_KEY: "k" }),
      expected: {
        exitCode: 0,
        model: "gpt-4o-new < shell OPENAI_MODEL",
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
