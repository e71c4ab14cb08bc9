import { describe, expect, test } from "bun:test";
import { shadowWarnings } from "../../src/connect/shadow-warnings.ts";
import { GLOBALS, setUp } from "./set-up.ts";

const URL_ONE = "https://one.example/v1";
const KEY = "sk-written-0123456789";
const ENTRY = { id: "a", baseUrl: URL_ONE, envKey: "A_KEY" };
const OTHER = { id: "b", baseUrl: "https://two.example/v1", envKey: "A_KEY" };
const SELECTED = { security: { auth: { selectedType: "openai" } } };
const WRITTEN = {
  ...SELECTED,
  env: { A_KEY: KEY },
  modelProviders: { openai: [ENTRY, OTHER] },
  model: { name: "a" },
};

type Given = Parameters<typeof setUp>[0];

/** What is said after a login wrote key, model and endpoint on this machine. */
async function warnings(given: Given, more: object = {}): Promise<[string, string[]]> {
  const { runtime, home } = setUp({ settings: WRITTEN, ...given });
  const written = {
    key: { envKey: "A_KEY", value: KEY },
    baseUrl: URL_ONE,
    model: "a",
    options: { ...GLOBALS, scope: "user" as const },
    ...more,
  };
  const said = await shadowWarnings(runtime, written);
  return [home, said.map((line) => line.replaceAll(home, "~"))];
}

describe("shadowWarnings()", () => {
  const project = "p/.qwen/settings.json";
  const trusted = { options: { ...GLOBALS, trust: true, scope: "user" as const } };
  type Case = readonly [name: string, given: Given, more: object, expected: readonly string[]];
  const cases: readonly Case[] = [
    ["nothing where what was written is in force", {}, {}, []],
    ["nothing where the shell has the same key", { env: { A_KEY: KEY } }, {}, []],
    ["nothing where the endpoint differs by a slash", {}, { baseUrl: `${URL_ONE}/` }, []],
    ["nothing of an endpoint that was not written", {}, { baseUrl: undefined }, []],
    [
      "another key of the shell",
      { env: { A_KEY: "sk-of-the-shell-0123" } },
      {},
      ["the key of shell variable A_KEY wins over the one just written"],
    ],
    [
      "no key where none was written",
      { env: { A_KEY: "sk-of-the-shell-0123" } },
      { key: undefined },
      [],
    ],
    [
      "another model",
      { files: { [project]: { model: { name: "b" } } } },
      { baseUrl: undefined },
      ["the model of ~/p/.qwen/settings.json (model.name) wins over the one just written"],
    ],
    [
      "another endpoint",
      { settings: { ...WRITTEN, model: { name: "b" } } },
      { model: "b" },
      [
        "~/.qwen/settings.json (modelProviders.openai[1].baseUrl) wins: requests go to https://two.example/v1",
      ],
    ],
    [
      "another account",
      {
        env: { QWEN_ACCOUNT: "work" },
        files: {
          ".qwen/accounts.json": {
            $version: 1,
            accounts: { A_KEY: { work: { key: "sk-work-0123456789" } } },
          },
        },
      },
      {},
      ["the account that `QWEN_ACCOUNT` names wins over the key just written"],
    ],
    [
      "a project that is not trusted and sends the key elsewhere",
      {
        files: {
          [project]: {
            modelProviders: { openai: [{ ...ENTRY, baseUrl: "https://p.example/v1" }] },
          },
        },
      },
      {},
      [
        "~/p/.qwen/settings.json (modelProviders.openai[0].baseUrl) wins: requests go to https://p.example/v1",
        "nothing can be sent from this folder: the key of ~/.qwen/settings.json (env.A_KEY) is withheld from https://p.example/v1, as ~/p/.qwen/settings.json (modelProviders.openai[0].baseUrl) says where it goes",
      ],
    ],
    [
      "nothing to fear of the same project once it is trusted",
      {
        files: {
          [project]: {
            modelProviders: { openai: [{ ...ENTRY, baseUrl: "https://p.example/v1" }] },
          },
        },
      },
      trusted,
      [
        "~/p/.qwen/settings.json (modelProviders.openai[0].baseUrl) wins: requests go to https://p.example/v1",
      ],
    ],
    [
      "that settings cannot be used",
      { settings: { ...WRITTEN, model: { name: "gone" } } },
      {},
      [expect.stringMatching(/^the settings cannot be used as they are: Cannot .*"gone"/)],
    ],
    [
      "that settings cannot be read",
      { settings: "{" },
      {},
      [expect.stringMatching(/^the settings cannot be used as they are: Cannot /)],
    ],
  ];
  test.each(cases)("tells %s", async (_name, given, more, expected) => {
    const [, said] = await warnings(given, more);
    expect(said).toEqual([...expected]);
  });

  test("tells that project settings are not read where the folder is distrusted", async () => {
    const { runtime, home, project: folder } = setUp({ settings: WRITTEN });
    const trust = { [folder]: "DO_NOT_TRUST" };
    await Bun.write(`${home}/.qwen/trustedFolders.json`, JSON.stringify(trust));
    await Bun.write(`${folder}/.qwen/settings.json`, JSON.stringify(WRITTEN));
    const written = { key: undefined, baseUrl: undefined, model: "a" };
    const told = (scope: "user" | "project") =>
      shadowWarnings(runtime, { ...written, options: { ...GLOBALS, scope } });
    expect(await told("user")).toEqual([]);
    expect(await told("project")).toEqual([
      expect.stringMatching(/^what was just written has no effect: .*settings\.json/),
    ]);
  });
});
