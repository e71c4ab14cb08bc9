import { describe, expect, test } from "bun:test";
import { describeProviders } from "../../src/auth/describe-providers.ts";
import { entryGroups } from "../../src/auth/login/update-models.ts";
import { askForLists } from "../../src/connect/update-lists.ts";
import { verifyProviders } from "../../src/connect/verify-providers.ts";
import { STANDARD } from "../../src/models/protocol.ts";
import { laterProblemOf } from "../support/problem-of.ts";
import { GLOBALS, networked, setUp } from "./set-up.ts";

const SETTINGS = {
  security: { auth: { selectedType: "openai" } },
  model: { name: "a" },
  env: {
    A_KEY: "sk-good-0123456789",
    B_KEY: "sk-bad-0123456789",
    DEEPSEEK_API_KEY: "sk-good-0123456789",
  },
  modelProviders: {
    openai: [
      {
        id: "a",
        baseUrl: "https://one.example/v1",
        envKey: "A_KEY",
        generationConfig: { customHeaders: { "X-Team": "red" } },
      },
      { id: "b", baseUrl: "https://two.example/v1", envKey: "B_KEY" },
      { id: "c", baseUrl: "https://three.example/v1", envKey: "C_KEY" },
    ],
  },
};
const ACCOUNTS = {
  accounts: {
    A_KEY: {
      work: { key: "sk-good-work-0123456" },
      else: { key: "sk-bad-else-01234567", baseUrl: "https://else.example/v1" },
    },
  },
};

const isGood = (key: string | null) => key?.startsWith("sk-good") === true;
const reply = (_url: string, key: string | null) =>
  isGood(key)
    ? Response.json({ data: [{ id: "a" }, { id: "new" }] })
    : new Response("", { status: 401 });

/** What asking all services tells, by the id of a row. */
async function verified(given: Parameters<typeof setUp>[0], more: object = {}) {
  const { runtime, load } = setUp({ settings: SETTINGS, terminals: ["stderr"], ...given });
  const { at, asked } = networked(runtime, reply);
  const connection = await load();
  const listed = describeProviders(connection.configuration, connection.resolution);
  const rows = await verifyProviders(at, { ...GLOBALS, ...more }, { connection, listed });
  const states = rows.map(({ id, verified: { state } }) => [id, state]);
  return { rows, states: Object.fromEntries(states), asked, said: runtime.written.stderr };
}

describe("verifyProviders()", () => {
  test("asks each service with its own key, and leaves what has none", async () => {
    const { states, asked, said, rows } = await verified({});
    expect(states).toEqual({
      "one.example": "ok",
      "two.example": "rejected",
      "three.example": "unchecked",
      deepseek: "ok",
    });
    const withKey = asked.filter(({ key }) => key !== null);
    expect(new Set(withKey.map(({ url, key }) => `${new URL(url).host} ${key}`))).toEqual(
      new Set([
        "one.example sk-good-0123456789",
        "two.example sk-bad-0123456789",
        "api.deepseek.com sk-good-0123456789",
      ]),
    );
    expect(said).toContain("Asking 4 services …");
    expect(rows.every((row) => !("accounts" in row))).toBe(true);
  });

  test("asks with an account's key as the entries of its own provider say", async () => {
    const [one, two, three] = SETTINGS.modelProviders.openai;
    const headers = { generationConfig: { customHeaders: { "X-Team": "blue" } } };
    const key = "sk-good-blue-0123456";
    const { asked } = await verified({
      settings: { ...SETTINGS, modelProviders: { openai: [one, { ...two, ...headers }, three] } },
      files: { ".qwen/accounts.json": { accounts: { B_KEY: { blue: { key } } } } },
    });
    const own = asked.filter((each) => each.key === key);
    expect(own.map(({ url, team }) => [new URL(url).host, team])[0]).toEqual([
      "two.example",
      "blue",
    ]);
    expect(new Set(own.map(({ team }) => team))).toEqual(new Set(["blue"]));
  });

  test("sends the headers of an entry to its service alone", async () => {
    const { asked } = await verified({});
    const teams = asked.filter(({ team }) => team !== null).map(({ url }) => new URL(url).host);
    expect(new Set(teams)).toEqual(new Set(["one.example"]));
  });

  test("asks about named keys, each where it belongs", async () => {
    const { rows, asked } = await verified({ files: { ".qwen/accounts.json": ACCOUNTS } });
    const [first] = rows;
    expect(first?.accounts?.map(({ name, verified: { state } }) => [name, state])).toEqual([
      ["work", "ok"],
      ["else", "rejected"],
    ]);
    const of = (key: string) => asked.filter((each) => each.key === key);
    expect(of("sk-good-work-0123456").map(({ team }) => team)).toContain("red");
    expect(
      new Set(of("sk-bad-else-01234567").map(({ url, team }) => `${new URL(url).host} ${team}`)),
    ).toEqual(new Set(["else.example null"]));
  });

  test("tells of a key that cannot be fetched, and asks the others", async () => {
    const settings = {
      ...SETTINGS,
      security: { auth: { selectedType: "openai", keyring: ["C_KEY"] } },
    };
    const { states, rows } = await verified({ settings });
    expect(states).toMatchObject({ "one.example": "ok", "three.example": "unverifiable" });
    const row = rows.find(({ id }) => id === "three.example");
    expect(row?.verified.detail).toStartWith("Cannot ");
    expect(row?.verified.checkedAt).toMatch(/^2\d{3}-/);
  });

  test("speaks of one service, and says nothing with --quiet", async () => {
    const settings = {
      ...SETTINGS,
      env: { A_KEY: "sk-good-0123456789" },
      modelProviders: { openai: SETTINGS.modelProviders.openai.slice(0, 1) },
    };
    expect((await verified({ settings })).said).toContain("Asking 1 service …");
    expect((await verified({ settings }, { quiet: true })).said).toBe("");
  });

  test("refuses without the network", async () => {
    const work = () => verified({ env: { QWEN_OFFLINE: "1" } });
    expect((await laterProblemOf(work))?.message).toBe(
      "Cannot use `--verify`: `QWEN_OFFLINE` is set",
    );
  });
});

describe("askForLists()", () => {
  /** What the endpoints of the user's entries tell, by the address. */
  async function lists(given: Parameters<typeof setUp>[0], more: object = {}) {
    const { runtime, load } = setUp({ settings: SETTINGS, terminals: ["stderr"], ...given });
    const { at } = networked(runtime, reply);
    const { configuration } = await load();
    const user = configuration.files.find(({ scope }) => scope === "user")?.value ?? {};
    const groups = entryGroups(user, (protocol) => STANDARD[protocol].publicEndpoint);
    const asked = await askForLists(at, { ...GLOBALS, ...more }, { configuration, groups });
    const outcomes = asked.map(({ group, outcome }) => [
      group.baseUrl,
      outcome.kind === "list" ? outcome.list.models.map(({ id }) => id) : outcome.error.code,
    ]);
    return { outcomes, said: runtime.written.stderr };
  }

  test("asks all endpoints, and one that fails stops no other", async () => {
    const { outcomes, said } = await lists({});
    expect(outcomes).toEqual([
      ["https://one.example/v1", ["a", "new"]],
      ["https://two.example/v1", "key-rejected"],
      ["https://three.example/v1", "key-missing"],
    ]);
    expect(said).toContain("Asking 3 services for models …");
  });

  test("speaks of one service, finds an entry whose address is a reference, and is quiet", async () => {
    const [first] = SETTINGS.modelProviders.openai;
    const openai = [{ ...first, baseUrl: "$BASE" }];
    const given = {
      settings: { ...SETTINGS, modelProviders: { openai } },
      env: { BASE: "https://one.example/v1" },
    };
    const { outcomes, said } = await lists(given);
    expect(outcomes).toEqual([["$BASE", ["a", "new"]]]);
    expect(said).toContain("Asking 1 service for models …");
    expect((await lists(given, { quiet: true })).said).toBe("");
  });

  test("asks no deployments of Azure", async () => {
    const azure = { id: "d", baseUrl: "https://x.openai.azure.com/openai/v1", envKey: "A_KEY" };
    const settings = { ...SETTINGS, model: {}, modelProviders: { openai: [azure] } };
    expect((await lists({ settings })).outcomes).toEqual([[azure.baseUrl, "unsupported"]]);
  });
});
