import { describe, expect, test } from "bun:test";
import { CATALOGUE } from "../../../src/auth/providers/catalogue.ts";
import { accountWords, chooseAccount } from "../../../src/commands/session/choose-account.ts";
import { resolveConnection } from "../../../src/models/resolve-connection.ts";
import type { Account } from "../../../src/settings/accounts.ts";
import { configuration } from "../../models/configuration.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";

const [WORK, HOME, OTHER] = [
  "sk-work-0123456789abcdef",
  "sk-home-0123456789abcdef",
  "sk-o-0123456789abcdef",
];
const A = "https://a.example/v1";

const accounts = new Map<string, Map<string, Account>>([
  ["UNUSED_KEY", new Map<string, Account>([["lost", { key: OTHER }]])],
  [
    "DEEPSEEK_API_KEY",
    new Map<string, Account>([
      ["work", { key: OTHER, baseUrl: "https://api.deepseek.com/v1" }],
      ["far", { key: OTHER, baseUrl: "https://b.example/v1" }],
    ]),
  ],
  [
    "A_KEY",
    new Map<string, Account>([
      ["work", { key: WORK, baseUrl: A }],
      ["home", { key: HOME }],
      ["ring", {}],
    ]),
  ],
  ["EMPTY_KEY", new Map()],
]);

const openai = [
  { id: "a", baseUrl: A, envKey: "A_KEY" },
  { id: "far", baseUrl: "https://b.example/v1", envKey: "DEEPSEEK_API_KEY" },
  { id: "deep", baseUrl: "https://api.deepseek.com/v1", envKey: "DEEPSEEK_API_KEY" },
  { id: "free", baseUrl: "http://127.0.0.1:1/v1" },
];

function connectionOf(model: string, known = accounts) {
  const loaded = configuration({
    settings: { user: { modelProviders: { openai } } },
    variables: { A_KEY: WORK },
    accounts: known,
  });
  return { configuration: loaded, resolution: resolveConnection(loaded, { model }, CATALOGUE) };
}

async function choose(word: string) {
  const runtime = fakeRuntime();
  const chosen = await chooseAccount(runtime, {
    word,
    connection: connectionOf("a"),
    flags: { model: "a" },
  });
  const { key, entry, endpoint } = chosen?.connection.resolution ?? {};
  return {
    account: chosen?.account,
    id: entry?.id,
    endpoint: endpoint?.value,
    key: key?.kind === "present" ? key.value : key?.kind,
  };
}

describe("chooseAccount()", () => {
  const from = "/account" as const;
  test.each([
    ["home", { account: { name: "home", envKey: "A_KEY", from }, id: "a", endpoint: A, key: HOME }],
    [
      "A_KEY@work",
      { account: { name: "work", envKey: "A_KEY", from }, id: "a", endpoint: A, key: WORK },
    ],
    [
      "ring",
      { account: { name: "ring", envKey: "A_KEY", from }, id: "a", endpoint: A, key: "deferred" },
    ],
    [
      "deepseek@work",
      {
        account: { name: "work", envKey: "DEEPSEEK_API_KEY", from },
        id: "deep",
        endpoint: "https://api.deepseek.com/v1",
        key: OTHER,
      },
    ],
    [
      "deepseek@far",
      {
        account: { name: "far", envKey: "DEEPSEEK_API_KEY", from },
        id: "far",
        endpoint: "https://b.example/v1",
        key: OTHER,
      },
    ],
  ])("%s is used with its model", async (word, chosen) => {
    expect(await choose(word)).toEqual(chosen);
  });

  test.each([
    ["lost", 'Cannot use the account "lost": `A_KEY` has none of that name'],
    ["deepseek@home", 'Cannot use the account "home": `DEEPSEEK_API_KEY` has none of that name'],
    ["", "Cannot use the value of `/account`: it is no name of an account"],
  ])("%s is none", async (word, message) => {
    await expect(choose(word)).rejects.toThrow(message);
  });

  test("an account whose variable no model uses is refused with what to do", async () => {
    await expect(choose("UNUSED_KEY@lost")).rejects.toMatchObject({
      message: 'Cannot use the account "lost": no model uses `UNUSED_KEY`',
      code: "missing-input",
      hint: "type /auth to set one up",
    });
  });
});

describe("chooseAccount() without a word", () => {
  test("offers the variable in force first, and none that no model uses", async () => {
    const runtime = fakeRuntime({ answers: [{ kind: "value", value: "A_KEY@home" }] });
    const connection = connectionOf("a");
    const chosen = await chooseAccount(runtime, { word: undefined, connection, flags: {} });
    expect(chosen?.account).toEqual({ name: "home", envKey: "A_KEY", from: "/account" });
    expect(runtime.questions).toEqual([
      {
        message: "Select an account:",
        initial: "A_KEY@work",
        groups: [
          {
            heading: "A_KEY",
            choices: [
              { value: "A_KEY@work", label: "work", description: `sk-…cdef · ${A} · active` },
              { value: "A_KEY@home", label: "home", description: "sk-…cdef" },
              { value: "A_KEY@ring", label: "ring", description: "in the keyring" },
            ],
          },
          {
            heading: "DeepSeek",
            choices: [
              {
                value: "DEEPSEEK_API_KEY@work",
                label: "work",
                description: "sk-…cdef · https://api.deepseek.com/v1",
              },
              {
                value: "DEEPSEEK_API_KEY@far",
                label: "far",
                description: "sk-…cdef · https://b.example/v1",
              },
            ],
          },
        ],
      },
    ]);
  });

  test("marks none where the key in force is nobody's", async () => {
    const runtime = fakeRuntime({ answers: [{ kind: "value", value: "A_KEY@home" }] });
    const connection = connectionOf("free");
    await chooseAccount(runtime, { word: undefined, connection, flags: {} });
    expect(runtime.picks.map(({ initial, groups }) => [initial, groups.length])).toEqual([
      [undefined, 2],
    ]);
  });

  test("asks nothing where no key has a name", async () => {
    const runtime = fakeRuntime();
    const connection = connectionOf("a", new Map([["UNUSED_KEY", new Map([["x", {}]])]]));
    await expect(
      chooseAccount(runtime, { word: undefined, connection, flags: {} }),
    ).rejects.toMatchObject({
      message: "Cannot choose an account: no key has a name",
      code: "missing-input",
      hint: "name one: `qwen auth api-key --account NAME`",
    });
    expect(runtime.questions).toEqual([]);
  });
});

test("accountWords() has plain names of the variable in force, and others with their owner", () => {
  expect(accountWords(connectionOf("a"))).toEqual([
    "UNUSED_KEY@lost",
    "deepseek@work",
    "deepseek@far",
    "work",
    "home",
    "ring",
  ]);
});
