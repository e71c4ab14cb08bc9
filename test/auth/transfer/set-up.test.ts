import { describe, expect, test } from "bun:test";
import { entriesOf, parseSetUp } from "../../../src/auth/transfer/set-up.ts";
import { laterProblemOf } from "../../support/problem-of.ts";

const ENTRY = { id: "m", baseUrl: "https://a.example/v1", envKey: "A_KEY" };
const WHOLE = {
  schemaVersion: 1,
  modelProviders: {
    openai: [
      ENTRY,
      { id: "n", baseUrl: `\${A_URL}`, generationConfig: { customHeaders: { a: 1 } } },
    ],
    gemini: [{ id: "g", name: "G", capabilities: { vision: true }, delisted: false }],
  },
  selection: { selectedType: "openai", model: "m", baseUrl: "https://a.example/v1/" },
  codingPlan: { region: "china" },
  env: { A_KEY: "sk-0123456789abcdef" },
  accounts: { A_KEY: { work: { key: "sk-work-0123456789", baseUrl: "https://a.example/v1" } } },
};

const parse = (document: unknown) =>
  parseSetUp(typeof document === "string" ? document : JSON.stringify(document), "the file");

describe("parseSetUp() takes", () => {
  const only = { schemaVersion: 1, modelProviders: { openai: [ENTRY] } };
  test.each<[string, object]>([
    ["all that there is", WHOLE],
    ["models alone", only],
    ["accounts alone", { schemaVersion: 1, accounts: { A_KEY: { work: {} } } }],
    ["the name of a variable for a key", { ...only, env: { A_KEY: "$OTHER_KEY" } }],
    ["the word for no key", { ...only, env: { A_KEY: "not-needed" } }],
    [
      "a key of an account that no model has",
      { ...only, accounts: { B_KEY: { home: {} } }, env: { B_KEY: "sk-0123456789" } },
    ],
    [
      "a selection without an endpoint",
      { ...only, selection: { selectedType: "openai", model: "m" } },
    ],
    [
      "1000 models",
      {
        schemaVersion: 1,
        modelProviders: {
          openai: Array.from({ length: 1000 }, (_, index) => ({ id: `m${index}` })),
        },
      },
    ],
  ])("%s", async (_what, document) => {
    expect<unknown>(await parse(document)).toEqual(document);
  });

  test("comments and a byte order mark", async () => {
    const text = `\ufeff// mine\n${JSON.stringify(only)}`;
    expect<unknown>(await parse(text)).toEqual(only);
  });
});

describe("parseSetUp() refuses", () => {
  const entry = (more: object) => ({
    schemaVersion: 1,
    modelProviders: { openai: [{ ...ENTRY, ...more }] },
  });
  const select = (more: object) => ({ ...WHOLE, selection: { ...WHOLE.selection, ...more } });
  const at = "`modelProviders.openai[0]";
  const cases: readonly (readonly [document: unknown, why: string])[] = [
    ["", "it is empty"],
    ["\ufffd", "it is no text in UTF-8"],
    ["{", "line 1, column 2: expected a closing brace"],
    ["[]", "it is no JSON object"],
    ["7", "it is no JSON object"],
    [{ ...WHOLE, schemaVersion: 2 }, "`schemaVersion`: expected 1"],
    [{ ...WHOLE, proxy: "http://p" }, "`proxy` is no field of a set-up"],
    [entry({ apiKey: "x" }), `${at}.apiKey\` is no field of a set-up`],
    [entry({ id: "" }), `${at}.id\`: it is empty`],
    [entry({ id: 7 }), `${at}.id\`: expected string`],
    [entry({ envKey: "PATH" }), `${at}.envKey\`: it is no variable for a key`],
    [entry({ baseUrl: "ftp://a.example" }), `${at}.baseUrl\`: `],
    [
      entry({ generationConfig: { customHeaders: [] } }),
      `${at}.generationConfig\`: \`customHeaders\`: it is no object of names and texts`,
    ],
    [
      entry({ generationConfig: { customHeaders: { a: {} } } }),
      `${at}.generationConfig\`: \`customHeaders\`: the value of "a" is no text that a header can hold`,
    ],
    [entry({ generationConfig: { customHeaders: { "a b": "c" } } }), `${at}.generationConfig\`: `],
    [{ ...WHOLE, env: { A_KEY: "two words" } }, "`env.A_KEY`: it contains white space"],
    [
      { ...WHOLE, env: { ...WHOLE.env, B_KEY: "sk-1234567890" } },
      "`env.B_KEY` is used by none of its models",
    ],
    [
      { ...WHOLE, accounts: { A_KEY: { work: { key: "two words" } } } },
      "`accounts.A_KEY.work.key`: it contains white space",
    ],
    [
      { ...WHOLE, accounts: { A_KEY: { "a b": {} } } },
      '`accounts.A_KEY["a b"]`: it is no name of an account',
    ],
    [
      { ...WHOLE, accounts: { PATH: { work: {} } } },
      "`accounts.PATH`: it is no variable for a key",
    ],
    [select({ model: "x" }), "`selection.model` is none of its models"],
    [
      select({ selectedType: "gemini", baseUrl: undefined }),
      "`selection.model` is none of its models",
    ],
    [select({ selectedType: "other" }), "`selection.selectedType`: "],
    [
      { ...entry({}), selection: { ...WHOLE.selection, baseUrl: "https://b.example/v1" } },
      "`selection.baseUrl` is the endpoint of none of its models",
    ],
    [{ schemaVersion: 1 }, "it has neither models nor accounts"],
    [{ schemaVersion: 1, modelProviders: { openai: [] } }, "it has neither models nor accounts"],
    [
      { schemaVersion: 1, modelProviders: { openai: Array.from({ length: 1001 }, () => ENTRY) } },
      "it has 1001 models, more than 1000",
    ],
  ];
  test.each(cases)("%j", async (document, why) => {
    const problem = await laterProblemOf(() => parse(document));
    expect(problem).toMatchObject({ name: "UsageError", code: "invalid-value" });
    expect(problem?.message).toStartWith(`Cannot import the file: ${why}`);
    expect(problem?.hint).toBe("make the file with `qwen auth export`");
  });

  test("two models that should be one, and takes one that stands there twice once", async () => {
    const twice = (more: object) => ({
      schemaVersion: 1,
      modelProviders: { openai: [ENTRY, { ...ENTRY, baseUrl: "https://a.example/v1/", ...more }] },
    });
    expect((await parse(twice({}))).modelProviders).toEqual({ openai: [ENTRY] });
    const problem = await laterProblemOf(() => parse(twice({ name: "other" })));
    expect(problem?.message).toBe(
      "Cannot import the file: `modelProviders.openai[1]` is there already, with other fields",
    );
  });

  test("an account's reference, which nothing would fill", async () => {
    const accounts = { A_KEY: { work: { key: "$OTHER_KEY" } } };
    const problem = await laterProblemOf(() => parse({ ...WHOLE, accounts }));
    expect(problem?.message).toStartWith("Cannot import the file: `accounts.A_KEY.work.key`: ");
  });
});

test("entriesOf() lists models with their protocols, in order", async () => {
  expect(entriesOf(await parse(WHOLE)).map(({ protocol, entry }) => [protocol, entry.id])).toEqual([
    ["openai", "m"],
    ["openai", "n"],
    ["gemini", "g"],
  ]);
});
