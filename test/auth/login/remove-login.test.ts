import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import type { Logout, LogoutTarget } from "../../../src/auth/login/apply-logout.ts";
import { removeLogin } from "../../../src/auth/login/remove-login.ts";
import { findProvider } from "../../../src/auth/providers/find-provider.ts";
import { laterProblemOf } from "../../support/problem-of.ts";
import { lockedKeyring, stored } from "./stored.ts";

const SETTINGS_FILE = ".qwen/settings.json";
const X = {
  id: "x",
  name: "[xAI Grok] x",
  baseUrl: "https://api.x.ai/v1",
  envKey: "XAI_API_KEY",
};
const D = {
  id: "d",
  name: "[DeepSeek] d",
  baseUrl: "https://api.deepseek.com",
  envKey: "DEEPSEEK_API_KEY",
};
const SETTINGS = {
  modelProviders: { openai: [D, X] },
  env: { XAI_API_KEY: "sk-xai", DEEPSEEK_API_KEY: "sk-deep", OTHER: "o" },
  model: { name: "x" },
  security: { auth: { selectedType: "openai" } },
};
const TOKENS = { access_token: "a", refresh_token: "r", token_type: "Bearer", expiry_date: 1 };

function ofProvider(name: string, isActive = false): Logout {
  const provider = findProvider(name);
  if (provider?.envKey === undefined) {
    throw new Error(`"${name}" is no provider with a key`);
  }
  return { target: { kind: "provider", provider, envKeys: [provider.envKey] }, isActive };
}

const logout = (target: LogoutTarget, isActive = false): Logout => ({ target, isActive });
const XAI = ofProvider("xai", true);
const WITHOUT_X = {
  modelProviders: { openai: [D] },
  env: { DEEPSEEK_API_KEY: "sk-deep", OTHER: "o" },
  model: {},
  security: { auth: {} },
};

describe("removeLogin() of a provider", () => {
  test("takes key, entries and choice out of the settings, and no other", async () => {
    const at = stored({ [SETTINGS_FILE]: SETTINGS });
    expect(await removeLogin(at.runtime, XAI, "user")).toEqual({
      path: at.path(SETTINGS_FILE),
      changed: true,
      keys: ["XAI_API_KEY"],
      models: ["x"],
      accounts: [],
      notes: [],
    });
    const { model: _model, security: _security, ...rest } = WITHOUT_X;
    expect(at.json(SETTINGS_FILE)).toMatchObject(rest);
    expect(at.names()).toEqual(["settings.json"]);
    expect(at.text(SETTINGS_FILE)).not.toContain("sk-xai");
  });

  test("has nothing to do a second time, and makes no file", async () => {
    const at = stored();
    expect(await removeLogin(at.runtime, XAI, "user")).toEqual({
      path: at.path(SETTINGS_FILE),
      changed: false,
      keys: [],
      models: [],
      accounts: [],
      notes: [],
    });
    expect(at.names()).toEqual([]);
  });

  test.each(["", "not-needed"])("counts %j as no key that was there", async (value) => {
    const at = stored({ [SETTINGS_FILE]: { env: { XAI_API_KEY: value } } });
    const removed = await removeLogin(at.runtime, XAI, "user");
    expect([removed.changed, removed.keys]).toEqual([true, []]);
    expect(at.json(SETTINGS_FILE)).toEqual({ env: {} });
  });

  test("takes it out of keyring and `.env`, and says so", async () => {
    const auth = { keyring: ["XAI_API_KEY", "OTHER"], envFile: ["XAI_API_KEY"] };
    const at = stored(
      { [SETTINGS_FILE]: { security: { auth } }, ".qwen/.env": "A=1\nXAI_API_KEY=sk-env\n" },
      { XAI_API_KEY: "sk-ring", OTHER: "o", DEEPSEEK_API_KEY: "d" },
    );
    const removed = await removeLogin(at.runtime, XAI, "user");
    expect(removed).toEqual({
      path: at.path(SETTINGS_FILE),
      changed: true,
      keys: ["XAI_API_KEY"],
      models: [],
      accounts: [],
      notes: [
        `\`XAI_API_KEY\` was removed from \`${at.path(".qwen/.env")}\``,
        "`XAI_API_KEY` was removed from the keyring",
      ],
    });
    expect(at.text(".qwen/.env")).toBe("A=1\n");
    expect([...at.held.keys()]).toEqual(["OTHER", "DEEPSEEK_API_KEY"]);
    expect(at.json(SETTINGS_FILE)).toEqual({ security: { auth: { keyring: ["OTHER"] } } });
  });

  test("leaves an item of the keyring that no list names", async () => {
    const at = stored({ [SETTINGS_FILE]: SETTINGS }, { XAI_API_KEY: "sk-ring" });
    await removeLogin(at.runtime, XAI, "user");
    expect([...at.held.keys()]).toEqual(["XAI_API_KEY"]);
  });

  test("takes the key out of copies of the settings", async () => {
    const copy = {
      env: { XAI_API_KEY: "sk-older-0123456789", OTHER: "o" },
      note: "sk-env-0123456789 and more",
    };
    const at = stored({
      [SETTINGS_FILE]: SETTINGS,
      ".qwen/.env": "XAI_API_KEY=sk-env-0123456789\n",
      ".qwen/settings.json.orig": copy,
      ".qwen/settings.json.bak": { env: { DEEPSEEK_API_KEY: "sk-deep" } },
    });
    const { notes } = await removeLogin(at.runtime, XAI, "user");
    const orig = at.path(".qwen/settings.json.orig");
    expect(notes).toContain(`a key was taken out of \`${orig}\`, a copy of the settings`);
    expect(at.text(".qwen/settings.json.orig")).not.toMatch(/sk-older|sk-xai|sk-env/);
    expect(at.json(".qwen/settings.json.orig")).toMatchObject({ env: { OTHER: "o" } });
    expect(at.json(".qwen/settings.json.bak")).toEqual({ env: { DEEPSEEK_API_KEY: "sk-deep" } });
  });

  test("takes its accounts, in the file and in the keyring", async () => {
    const accounts = {
      XAI_API_KEY: { work: { key: "sk-work" }, ring: { store: "keyring" } },
      DEEPSEEK_API_KEY: { home: { key: "sk-home" } },
    };
    const at = stored({ ".qwen/accounts.json": { accounts } }, { "XAI_API_KEY@ring": "sk-ring" });
    expect(await removeLogin(at.runtime, XAI, "user")).toEqual({
      path: at.path(SETTINGS_FILE),
      changed: true,
      keys: [],
      models: [],
      accounts: ["work", "ring"],
      notes: [],
    });
    expect(at.held.size).toBe(0);
    expect(at.json(".qwen/accounts.json").accounts).toEqual({
      DEEPSEEK_API_KEY: accounts.DEEPSEEK_API_KEY,
    });
  });

  test("leaves the tokens of Qwen OAuth", async () => {
    const at = stored({ ".qwen/oauth_creds.json": TOKENS });
    expect((await removeLogin(at.runtime, XAI, "user")).changed).toBe(false);
    expect(at.json(".qwen/oauth_creds.json")).toEqual(TOKENS);
  });
});

test("removeLogin() of a project's settings leaves all that is the user's", async () => {
  const files = {
    [SETTINGS_FILE]: SETTINGS,
    "p/.qwen/settings.json": SETTINGS,
    ".qwen/.env": "XAI_API_KEY=sk-env\n",
    ".qwen/settings.json.orig": SETTINGS,
    ".qwen/accounts.json": { accounts: { XAI_API_KEY: { work: { key: "sk-work" } } } },
    ".qwen/oauth_creds.json": TOKENS,
  };
  const at = stored(files, { XAI_API_KEY: "sk-ring" });
  const removed = await removeLogin(at.runtime, XAI, "project");
  expect(removed).toEqual({
    path: at.path("p/.qwen/settings.json"),
    changed: true,
    keys: ["XAI_API_KEY"],
    models: ["x"],
    accounts: [],
    notes: [],
  });
  expect(at.json("p/.qwen/settings.json")).toMatchObject({ modelProviders: { openai: [D] } });
  for (const [name, content] of Object.entries(files)) {
    if (!name.startsWith("p/")) {
      expect(at.text(name)).toBe(typeof content === "string" ? content : JSON.stringify(content));
    }
  }
  expect([...at.held]).toEqual([["XAI_API_KEY", "sk-ring"]]);
});

describe("removeLogin() of tokens", () => {
  test.each<[string, LogoutTarget]>([
    ["qwen-oauth", { kind: "qwen-oauth" }],
    ["all", { kind: "all" }],
  ])("takes them with %s, and says so", async (_kind, target) => {
    const at = stored({ ".qwen/oauth_creds.json": TOKENS });
    const removed = await removeLogin(at.runtime, logout(target), "user");
    const path = at.path(".qwen/oauth_creds.json");
    expect([removed.changed, removed.notes]).toEqual([
      true,
      [`the tokens in \`${path}\` were removed`],
    ]);
    expect(at.names()).toEqual([]);
  });

  test("says nothing where there are none, and leaves entries and keys", async () => {
    const at = stored({ [SETTINGS_FILE]: SETTINGS });
    const removed = await removeLogin(at.runtime, logout({ kind: "qwen-oauth" }), "user");
    expect([removed.changed, removed.notes]).toEqual([false, []]);
    expect(at.json(SETTINGS_FILE)).toEqual(SETTINGS);
  });
});

test("removeLogin() of everything takes the key of older set-ups, also from copies", async () => {
  const auth = { apiKey: "sk-legacy", selectedType: "openai" };
  const at = stored({
    [SETTINGS_FILE]: { security: { auth }, model: { name: "m" } },
    ".qwen/settings.json.old": { security: { auth: { apiKey: "sk-legacy" } }, env: { A: "a" } },
  });
  const removed = await removeLogin(at.runtime, logout({ kind: "all" }, true), "user");
  expect(removed.changed).toBe(true);
  expect(at.text(SETTINGS_FILE)).not.toMatch(/sk-legacy|selectedType|"m"/);
  expect(at.text(".qwen/settings.json.old")).not.toContain("sk-legacy");
});

describe("removeLogin() of one account", () => {
  const accounts = { XAI_API_KEY: { work: { key: "sk-xai" }, home: { key: "sk-home" } } };
  const target = (envKeys: readonly string[]): LogoutTarget => ({
    kind: "account",
    envKey: "XAI_API_KEY",
    name: "work",
    envKeys,
  });

  test("takes that alone", async () => {
    const at = stored({ [SETTINGS_FILE]: SETTINGS, ".qwen/accounts.json": { accounts } });
    const removed = await removeLogin(at.runtime, logout(target([])), "user");
    expect([removed.changed, removed.accounts, removed.keys]).toEqual([true, ["work"], []]);
    expect(at.json(SETTINGS_FILE)).toEqual(SETTINGS);
    expect(at.json(".qwen/accounts.json").accounts).toEqual({
      XAI_API_KEY: { home: { key: "sk-home" } },
    });
  });

  test("takes its name last, so that a logout that failed can be done again", async () => {
    const files = {
      [SETTINGS_FILE]: { security: { auth: { keyring: ["XAI_API_KEY"] } } },
      ".qwen/accounts.json": { accounts },
    };
    const at = stored(files, { XAI_API_KEY: "sk-xai" });
    const locked = { ...at.runtime, keyring: lockedKeyring() };
    const work = () => removeLogin(locked, logout(target(["XAI_API_KEY"])), "user");
    expect(await laterProblemOf(work)).toMatchObject({
      code: "keyring-unavailable",
      message: "Cannot remove `XAI_API_KEY` from the keyring: it is locked",
    });
    expect(at.json(".qwen/accounts.json")).toEqual(files[".qwen/accounts.json"]);
    const removed = await removeLogin(at.runtime, logout(target(["XAI_API_KEY"])), "user");
    expect([removed.accounts, removed.keys]).toEqual([["work"], ["XAI_API_KEY"]]);
  });
});

describe("removeLogin() that fails at the settings", () => {
  const files = {
    [SETTINGS_FILE]: { security: { auth: { keyring: ["XAI_API_KEY"] } } },
    ".qwen/accounts.json": { accounts: { XAI_API_KEY: { work: { key: "sk-xai" } } } },
  };

  /** What is told, and the accounts that are left. */
  async function failing(target: LogoutTarget) {
    const at = stored(files, { XAI_API_KEY: "sk-ring" });
    const keyring = {
      ...at.runtime.keyring,
      // As if somebody else made them unusable in between.
      delete: async () => {
        rmSync(at.path(SETTINGS_FILE));
        mkdirSync(at.path(SETTINGS_FILE));
        return true;
      },
    };
    const problem = await laterProblemOf(() =>
      removeLogin({ ...at.runtime, keyring }, logout(target), "user"),
    );
    return { message: problem?.message ?? "", accounts: at.json(".qwen/accounts.json").accounts };
  }

  test("has removed the accounts of a provider", async () => {
    const { message, accounts } = await failing(XAI.target);
    expect(message).toEndWith(
      "; before that, `XAI_API_KEY` was removed from the keyring, `work` was removed from the accounts",
    );
    expect(accounts).toEqual({});
  });

  test("has kept the one account that was named, by which its key is found again", async () => {
    const named = { kind: "account", envKey: "XAI_API_KEY", name: "work" } as const;
    const { message, accounts } = await failing({ ...named, envKeys: ["XAI_API_KEY"] });
    expect(message).toEndWith("; before that, `XAI_API_KEY` was removed from the keyring");
    expect(accounts).toEqual(files[".qwen/accounts.json"].accounts);
  });
});

test("removeLogin() of tokens says what it did to their directory", async () => {
  const at = stored({ ".qwen/oauth_creds.json": TOKENS });
  chmodSync(at.path(".qwen"), 0o755);
  const { notes } = await removeLogin(at.runtime, logout({ kind: "qwen-oauth" }), "user");
  expect(notes.join("\n")).toContain(`\`${at.path(".qwen")}\` is now 0700 (it was 0755)`);
});

describe("removeLogin() removes nothing at all where", () => {
  const files = {
    [SETTINGS_FILE]: {
      ...SETTINGS,
      security: { auth: { keyring: ["XAI_API_KEY"] } },
    },
    ".qwen/.env": "XAI_API_KEY=sk-env\n",
  };

  test.each<[string, string, Logout]>([
    ["settings", SETTINGS_FILE, XAI],
    ["the accounts", ".qwen/accounts.json", XAI],
    ["the tokens", ".qwen/oauth_creds.json", logout({ kind: "all" })],
  ])("%s cannot be used", async (_what, broken, asked) => {
    const at = stored(files, { XAI_API_KEY: "sk-ring" });
    rmSync(at.path(broken), { force: true });
    mkdirSync(at.path(broken));
    expect(await laterProblemOf(() => removeLogin(at.runtime, asked, "user"))).toMatchObject({
      name: "ConfigError",
      message: expect.stringContaining("it is a directory"),
    });
    expect([...at.held]).toEqual([["XAI_API_KEY", "sk-ring"]]);
    expect(at.text(".qwen/.env")).toBe(files[".qwen/.env"]);
    if (broken !== SETTINGS_FILE) {
      expect(at.json(SETTINGS_FILE)).toEqual(files[SETTINGS_FILE]);
    }
  });
});

test("removeLogin() tells with a failure what it did before", async () => {
  const at = stored(
    { [SETTINGS_FILE]: { security: { auth: { keyring: ["XAI_API_KEY", "B"] } } } },
    { XAI_API_KEY: "sk-ring" },
  );
  // As if somebody else made the tokens unusable in between.
  const keyring = {
    ...at.runtime.keyring,
    delete: async () => {
      mkdirSync(at.path(".qwen/oauth_creds.json"), { recursive: true });
      return true;
    },
  };
  const everything = logout({ kind: "all" });
  const work = () => removeLogin({ ...at.runtime, keyring }, everything, "user");
  expect((await laterProblemOf(work))?.message).toEndWith(
    "; before that, `XAI_API_KEY` and `B` were removed from the keyring",
  );
});
