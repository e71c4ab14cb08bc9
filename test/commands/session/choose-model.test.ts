import { describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CATALOGUE } from "../../../src/auth/providers/catalogue.ts";
import { chooseModel } from "../../../src/commands/session/choose-model.ts";
import { loadConnection } from "../../../src/connect/load-connection.ts";
import { toGlobals } from "../../../src/flags/global-flags.ts";
import { resolveEntry } from "../../../src/models/resolve-connection.ts";
import type { Answer } from "../../../src/runtime.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const GLOBALS = toGlobals({});
const [A, B] = ["https://a.example/v1", "https://b.example/v1"];

/** Two models of one protocol with the same id, one of another, in the order of the file. */
const SETTINGS = {
  security: { auth: { selectedType: "openai" } },
  model: { name: "glm" },
  modelProviders: {
    anthropic: [{ id: "claude", name: "Claude \u001b", envKey: "C_KEY" }],
    openai: [
      { id: "glm", envKey: "A_KEY", baseUrl: A, generationConfig: { contextWindowSize: 200_000 } },
      { id: "glm", name: "GLM elsewhere", envKey: "B_KEY", baseUrl: B },
      { id: "qwen", envKey: "A_KEY", baseUrl: A },
    ],
  },
};

type Given = {
  readonly word?: string;
  readonly answer?: Answer<string>;
  readonly settings?: object;
  readonly project?: object;
};

/** Chooses a model on a machine with these settings; what came of it, and of the settings. */
async function choose({ word, answer, settings = SETTINGS, project }: Given) {
  const home = temporaryDirectory();
  const path = join(home, ".qwen", "settings.json");
  const cwd = join(home, "repo");
  write(path, settings);
  mkdirSync(cwd);
  if (project !== undefined) {
    write(join(cwd, ".qwen", "settings.json"), project);
  }
  const env = { A_KEY: "key-of-a-0123456789" };
  const answers = answer === undefined ? [] : [answer];
  const runtime = fakeRuntime({ home, cwd, env, answers });
  const connection = await loadConnection(runtime, GLOBALS);
  const chosen = await chooseModel(runtime, GLOBALS, { word, connection });
  const { configuration } = connection;
  const { model, endpoint, protocol } =
    chosen === undefined ? {} : resolveEntry(configuration, chosen, CATALOGUE);
  return {
    chosen: chosen && [protocol?.value, model?.value, endpoint?.value],
    kept: JSON.parse(readFileSync(path, "utf8")),
    offered: runtime.picks[0],
    stderr: runtime.written.stderr,
  };
}

function write(path: string, value: object): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, JSON.stringify(value), { mode: 0o600 });
}

describe("chooseModel() with a word", () => {
  type Case = readonly [
    word: string,
    chosen: readonly [protocol: string, model: string, baseUrl: string],
    selectedType: string,
    model: object,
  ];
  const cases: readonly Case[] = [
    ["qwen", ["openai", "qwen", A], "openai", { name: "qwen" }],
    ["glm@b.example", ["openai", "glm", B], "openai", { name: "glm", baseUrl: B }],
    [
      "claude",
      ["anthropic", "claude", "https://api.anthropic.com"],
      "anthropic",
      { name: "claude" },
    ],
  ];
  test.each(cases)("%s", async (word, expected, selectedType, model) => {
    const { chosen, kept, stderr } = await choose({ word });
    expect<unknown>(chosen).toEqual(expected);
    expect([kept.security.auth.selectedType, kept.model]).toEqual([selectedType, model]);
    expect(kept.modelProviders).toEqual(SETTINGS.modelProviders);
    expect(stderr).not.toContain("default model");
  });

  const refused: readonly (readonly [word: string, message: string])[] = [
    ["gml", 'Cannot switch to "gml": no such model or provider is configured'],
    ["glm", 'Cannot switch to "glm": several are called so'],
    ["sk-0123456789abcdef", "Cannot switch to this: no such model or provider is configured"],
  ];
  test.each(refused)("refuses %s", async (word, message) => {
    await expect(choose({ word })).rejects.toMatchObject({ name: "UsageError", message });
  });
});

describe("chooseModel() from a list", () => {
  test("has groups by protocol, what is known of each model, and the active one", async () => {
    const { offered, chosen, kept } = await choose({ answer: { kind: "back" } });
    expect(offered?.groups).toEqual([
      {
        heading: "openai",
        choices: [
          { value: expect.any(String), label: "glm", description: `200k tokens · ${A} · active` },
          { value: expect.any(String), label: "glm", description: `GLM elsewhere · ${B} · no key` },
          { value: expect.any(String), label: "qwen", description: A },
        ],
      },
      {
        heading: "anthropic",
        choices: [
          {
            value: expect.any(String),
            label: "claude",
            description: "Claude \\x1b · https://api.anthropic.com · no key",
          },
        ],
      },
    ]);
    expect(offered?.initial).toBe(offered?.groups[0]?.choices[0]?.value);
    expect([chosen, kept]).toEqual([undefined, SETTINGS]);
  });

  test("takes the one that was chosen, also of equal ids", async () => {
    const { offered } = await choose({ answer: { kind: "back" } });
    const value = offered?.groups[0]?.choices[1]?.value ?? "";
    const { chosen, kept } = await choose({ answer: { kind: "value", value } });
    expect<unknown>(chosen).toEqual(["openai", "glm", B]);
    expect(kept.model).toEqual({ name: "glm", baseUrl: B });
  });

  test("cannot be without models", async () => {
    await expect(choose({ settings: {} })).rejects.toMatchObject({
      name: "UsageError",
      message: "Cannot choose a model: none is configured",
      hint: "type /auth to set one up",
    });
  });
});

test("chooseModel() keeps a model of the project's files for the session alone", async () => {
  const project = {
    modelProviders: { openai: [{ id: "own", envKey: "A_KEY", baseUrl: "https://p.example/v1" }] },
  };
  const { chosen, kept, stderr } = await choose({ word: "own", project });
  expect<unknown>(chosen).toEqual(["openai", "own", "https://p.example/v1"]);
  expect(kept).toEqual(SETTINGS);
  expect(stderr).toContain('not kept for later sessions: Cannot switch to "own"');
});
