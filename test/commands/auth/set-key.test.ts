import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runSetKey, setKeyCommand } from "../../../src/commands/auth/set-key.ts";
import type { FlagValues } from "../../../src/flags/flag.ts";
import { GLOBALS, setUp } from "../../connect/set-up.ts";
import { laterProblemOf } from "../../support/problem-of.ts";

const OLD = "sk-old-0123456789";
const NEW = "sk-new-0123456789";
const ENTRY = { id: "a", baseUrl: "https://one.example/v1", envKey: "A_KEY" };
const SETTINGS = {
  security: { auth: { selectedType: "openai" } },
  model: { name: "a" },
  env: { A_KEY: OLD },
  modelProviders: { openai: [ENTRY, { ...ENTRY, id: "b", envKey: "B_KEY" }] },
};
const ACCOUNTS = {
  accounts: { A_KEY: { work: { key: OLD }, home: { key: "sk-home-0123456789" } } },
};

type Given = Parameters<typeof setUp>[0];

/** Sets a new key on this machine. */
async function setKey(values: FlagValues, given: Given = {}) {
  const { runtime, home } = setUp({ settings: SETTINGS, ...given });
  const options = setKeyCommand.toOptions({ key: NEW, ...values }, GLOBALS);
  const code = await runSetKey(runtime, options);
  const read = (name: string) => JSON.parse(readFileSync(join(home, ".qwen", name), "utf8"));
  const { stdout, stderr } = runtime.written;
  return { code, stdout, stderr, env: read("settings.json").env, read };
}

const inAccounts = { files: { ".qwen/accounts.json": ACCOUNTS } };

describe("runSetKey()", () => {
  test("changes the key in force and nothing else", async () => {
    const { code, read, stderr } = await setKey({});
    expect(code).toBe(0);
    expect(read("settings.json")).toEqual({ ...SETTINGS, env: { A_KEY: NEW } });
    expect(stderr).toEndWith("✓ A_KEY has a new key\n  Check it: qwen auth status --verify\n");
  });

  test("says that it was there already", async () => {
    const { stderr } = await setKey({ key: OLD });
    expect(stderr).toContain("✓ A_KEY had this key already\n");
  });

  test("changes another variable by its name", async () => {
    expect((await setKey({ variable: "B_KEY" })).env).toEqual({ A_KEY: OLD, B_KEY: NEW });
  });

  const document = {
    schemaVersion: 1,
    envKey: "A_KEY",
    inForce: true,
    changed: true,
    warnings: [],
  };
  test.each<[string, FlagValues, Given, object]>([
    ["without an account", { json: true }, {}, document],
    ["the account in force", { json: true }, inAccounts, { ...document, account: "work" }],
    [
      "the account in force by its name",
      { json: true, variable: "A_KEY@work" },
      inAccounts,
      { ...document, account: "work" },
    ],
    [
      "an account that is not in force",
      { json: true, variable: "A_KEY@home" },
      inAccounts,
      { ...document, account: "home", inForce: false },
    ],
  ])("prints JSON: %s", async (_name, values, given, expected) => {
    const { stdout, stderr } = await setKey(values, given);
    expect(JSON.parse(stdout)).toEqual(expected);
    expect(stderr).not.toContain("✓");
  });

  test("leaves the key in force where another account is named", async () => {
    const { env, read, stderr } = await setKey({ variable: "A_KEY@home" }, inAccounts);
    expect(env).toEqual({ A_KEY: OLD });
    expect(read("accounts.json").accounts.A_KEY).toEqual({
      work: { key: OLD },
      home: { key: NEW },
    });
    expect(stderr).toContain("✓ A_KEY@home (not in force) has a new key\n");
  });

  test("renews the account whose key is in force", async () => {
    const { env, read } = await setKey({}, inAccounts);
    expect(env).toEqual({ A_KEY: NEW });
    expect(read("accounts.json").accounts.A_KEY.work).toEqual({ key: NEW });
  });

  test("says what wins over it", async () => {
    const shell = { env: { A_KEY: "sk-shell-0123456789" } };
    const line = "warning: the key of shell variable A_KEY wins over the one just written\n";
    expect((await setKey({}, shell)).stderr).toContain(line);
    expect((await setKey({}, { env: { A_KEY: NEW } })).stderr).not.toContain("wins over");
    const other = await setKey({ variable: "A_KEY@home" }, { ...inAccounts, ...shell });
    expect(other.stderr).not.toContain("wins over");
  });

  test("asks for it on a terminal", async () => {
    const given = {
      terminals: ["stdin", "stderr"],
      answers: [{ kind: "value", value: NEW }],
    } as const;
    const { runtime, home } = setUp({ settings: SETTINGS, ...given });
    await runSetKey(runtime, setKeyCommand.toOptions({}, GLOBALS));
    expect(runtime.asked).toEqual(["Enter the new key for A_KEY:"]);
    expect(readFileSync(join(home, ".qwen/settings.json"), "utf8")).toContain(NEW);
  });

  test.each<[string, FlagValues, Given, object]>([
    [
      "no variable in force",
      {},
      { settings: {} },
      {
        name: "AuthError",
        code: "key-missing",
        message: "Cannot change the key: no variable is in force that holds one",
      },
    ],
    [
      "a variable that nothing uses",
      { variable: "C_KEY" },
      {},
      {
        name: "AuthError",
        code: "key-missing",
        message: "Cannot change the key: nothing uses `C_KEY`",
      },
    ],
    [
      "a word that is none",
      { variable: "sk-0123" },
      {},
      {
        name: "UsageError",
        message: "Cannot change the key: the word is no provider with a key, nor a variable",
      },
    ],
    ["an account that is not there", { variable: "A_KEY@gone" }, inAccounts, { name: "AuthError" }],
    ["an account of nobody", { variable: "gone@x" }, {}, { name: "UsageError" }],
  ])("refuses %s, and writes nothing", async (_name, values, given, expected) => {
    const { runtime, home } = setUp({ settings: SETTINGS, ...given });
    const before = readFileSync(join(home, ".qwen/settings.json"), "utf8");
    const options = setKeyCommand.toOptions({ key: NEW, ...values }, GLOBALS);
    expect(await laterProblemOf(() => runSetKey(runtime, options))).toMatchObject(expected);
    expect(readFileSync(join(home, ".qwen/settings.json"), "utf8")).toBe(before);
  });
});
