import { describe, expect, test } from "bun:test";
import type { LogoutTarget } from "../../src/auth/login/apply-logout.ts";
import { remainingKeys } from "../../src/connect/remaining-keys.ts";
import { GLOBALS, setUp } from "./set-up.ts";

const entry = (id: string, envKey?: string) => ({
  id,
  baseUrl: "https://one.example/v1",
  ...(envKey === undefined ? {} : { envKey }),
});
const custom = (...envKeys: readonly string[]): LogoutTarget => ({
  ...{ kind: "custom", protocol: "openai", baseUrl: "https://one.example/v1", title: undefined },
  envKeys,
});
const ALL: LogoutTarget = { kind: "all" };
const SETTINGS = "~/.qwen/settings.json";

type Given = Parameters<typeof setUp>[0];

async function remaining(target: LogoutTarget, given: Given) {
  const { runtime, home } = setUp(given);
  const { sources, warnings, resolution } = await remainingKeys(runtime, GLOBALS, target);
  return {
    kinds: sources.map(({ kind }) => kind),
    warnings: warnings.map((line) => line.replaceAll(home, "~")),
    state: resolution.state,
  };
}

describe("remainingKeys() names", () => {
  const models = (...entries: readonly object[]) => ({ modelProviders: { openai: entries } });
  type Case = readonly [
    name: string,
    target: LogoutTarget,
    given: Given,
    kinds: readonly string[],
    warnings: readonly string[],
  ];
  const cases: readonly Case[] = [
    ["nothing where nothing is left", custom("A_KEY"), {}, [], []],
    [
      "a variable of the shell and what it hides",
      custom("A_KEY"),
      { env: { A_KEY: "sk-1" }, settings: { env: { A_KEY: "sk-2", B_KEY: "sk-3" } } },
      ["env", "settings"],
      [
        "shell variable A_KEY still supplies `A_KEY`",
        `${SETTINGS} (env.A_KEY) still supplies \`A_KEY\``,
      ],
    ],
    ["no key of another variable", custom("A_KEY"), { env: { B_KEY: "sk-1" } }, [], []],
    [
      "places that are asked",
      custom("A_KEY"),
      { settings: { security: { auth: { keyring: ["A_KEY"] } } } },
      ["keyring"],
      ["keyring (A_KEY) still supplies `A_KEY`"],
    ],
    [
      "the key of an older set-up",
      custom("A_KEY"),
      { settings: { security: { auth: { apiKey: "sk-1" } } } },
      ["settings"],
      [
        `${SETTINGS} (security.auth.apiKey) still holds a key; \`qwen auth logout --all\` removes it`,
      ],
    ],
    [
      "not that of a target that is no endpoint of one's own",
      { kind: "account", envKey: "A_KEY", name: "work", envKeys: [] },
      { settings: { security: { auth: { apiKey: "sk-1" } } } },
      [],
      [],
    ],
    [
      "a .env that another one hides",
      custom("A_KEY"),
      { files: { "p/.env": "X=1\n", ".qwen/.env": "A_KEY=sk-1\nB_KEY=sk-2\n" } },
      [],
      ["`~/.qwen/.env` still sets `A_KEY`, though another .env hides it"],
    ],
    [
      "entries that were written by hand, each once",
      custom("A_KEY"),
      {
        settings: models(
          entry("a", "A_KEY"),
          entry("a", "A_KEY"),
          entry("b", "A_KEY"),
          entry("c", "B_KEY"),
          entry("d"),
        ),
      },
      [],
      ["kept, as written by hand: a, b"],
    ],
    [
      "every variable of the entries where all goes, and no entries",
      ALL,
      {
        settings: models(entry("a", "A_KEY"), entry("b", "A_KEY"), entry("c")),
        env: { A_KEY: "sk-1" },
      },
      ["env"],
      ["shell variable A_KEY still supplies `A_KEY`"],
    ],
    ["nothing of Qwen OAuth", { kind: "qwen-oauth" }, { env: { A_KEY: "sk-1" } }, [], []],
  ];
  test.each(cases)("%s", async (_name, target, given, kinds, warnings) => {
    expect(await remaining(target, given)).toMatchObject({
      kinds: [...kinds],
      warnings: [...warnings],
    });
  });

  test("what is in force from now on", async () => {
    expect((await remaining(ALL, {})).state).toBe("none");
    const settings = {
      ...models(entry("a", "A_KEY")),
      security: { auth: { selectedType: "openai" } },
    };
    expect((await remaining(ALL, { settings, env: { A_KEY: "sk-1" } })).state).toBe("configured");
  });
});
