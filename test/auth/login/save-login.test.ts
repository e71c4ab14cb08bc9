import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync } from "node:fs";
import { saveLogin } from "../../../src/auth/login/save-login.ts";
import { CODING_PLAN, MODELSTUDIO } from "../../../src/auth/providers/alibaba-providers.ts";
import { laterProblemOf } from "../../support/problem-of.ts";
import { modeOf } from "../../support/snapshot.ts";
import { login } from "./apply-plan.ts";
import { lockedKeyring, stored } from "./stored.ts";

const USER = ".qwen/settings.json";
const PROJECT = "p/.qwen/settings.json";
const DOTENV = ".qwen/.env";
const NAME = "DASHSCOPE_API_KEY";
const PLAN = "BAILIAN_CODING_PLAN_API_KEY";
const KEY = "sk-new-0123456789";
const OLD = "sk-old-0123456789";
const MODELS = ["qwen3.5-plus", "glm-5", "kimi-k2.5"];

/** A login to a provider with one variable. */
const wanted = (changes: Parameters<typeof login>[1] = {}) =>
  login(MODELSTUDIO, { key: KEY, ...changes });

const removedFrom = (path: string, name = NAME) => `\`${name}\` was removed from \`${path}\``;
const FROM_KEYRING = `\`${NAME}\` was removed from the keyring`;

describe("saveLogin() keeps a key in", () => {
  test("the settings, in one write", async () => {
    const at = stored();
    const saved = await saveLogin(at.runtime, wanted(), "user");
    expect(saved).toEqual({
      path: at.path(USER),
      store: "settings",
      keyPath: at.path(USER),
      changed: true,
      models: MODELS,
      model: "qwen3.5-plus",
      notes: [],
    });
    expect(at.json(USER)).toMatchObject({
      env: { [NAME]: KEY },
      security: { auth: { selectedType: "openai" } },
      model: { name: "qwen3.5-plus" },
    });
    expect([at.names(), modeOf(at.path(USER)), at.held.size]).toEqual([
      ["settings.json"],
      "0600",
      0,
    ]);
    expect((await saveLogin(at.runtime, wanted(), "user")).changed).toBe(false);
  });

  test("the user's `.env`, which the settings list", async () => {
    const at = stored({ [DOTENV]: "A=1\n" });
    const saved = await saveLogin(at.runtime, wanted({ store: "env-file" }), "user");
    expect(saved).toEqual({
      path: at.path(USER),
      store: "env-file",
      keyPath: at.path(DOTENV),
      changed: true,
      models: MODELS,
      model: "qwen3.5-plus",
      notes: [],
    });
    expect(at.dotenv()).toEqual({ A: "1", [NAME]: KEY });
    expect(at.json(USER)).toMatchObject({
      security: { auth: { selectedType: "openai", envFile: [NAME] } },
    });
    expect(at.text(USER)).not.toContain(KEY);
    expect(modeOf(at.path(DOTENV))).toBe("0600");
  });

  test("the keyring, which the settings list", async () => {
    const at = stored();
    const saved = await saveLogin(at.runtime, wanted({ store: "keyring" }), "user");
    expect(saved).toMatchObject({ store: "keyring", keyPath: at.path(USER), changed: true });
    expect([...at.held]).toEqual([[NAME, KEY]]);
    expect(at.json(USER)).toMatchObject({ security: { auth: { keyring: [NAME] } } });
    expect(at.names()).toEqual(["settings.json"]);
  });

  test.each(["env-file", "keyring"] as const)(
    "the settings, whatever store, where there is none: %s",
    async (store) => {
      const at = stored();
      const saved = await saveLogin(at.runtime, wanted({ store, key: "not-needed" }), "user");
      expect(saved.store).toBe("settings");
      expect(at.json(USER).env).toEqual({ [NAME]: "not-needed" });
      expect([at.names(), at.held.size]).toEqual([["settings.json"], 0]);
    },
  );
});

describe("saveLogin() moves a key", () => {
  const settings = { env: { [NAME]: OLD, OTHER: "o" } };

  test("from the settings to the `.env`, and says so", async () => {
    const at = stored({ [USER]: settings });
    const saved = await saveLogin(at.runtime, wanted({ store: "env-file" }), "user");
    expect(saved.notes).toEqual([removedFrom(at.path(USER))]);
    expect(at.json(USER).env).toEqual({ OTHER: "o" });
    expect(at.dotenv()).toEqual({ [NAME]: KEY });
  });

  test("from the settings to the keyring, and says so", async () => {
    const at = stored({ [USER]: settings });
    const { notes } = await saveLogin(at.runtime, wanted({ store: "keyring" }), "user");
    expect(notes).toEqual([removedFrom(at.path(USER))]);
    expect(at.json(USER).env).toEqual({ OTHER: "o" });
  });

  test.each(["settings", "keyring"] as const)("from the `.env` to %s", async (store) => {
    const files = {
      [USER]: { security: { auth: { envFile: [NAME] } } },
      [DOTENV]: `A=1\n${NAME}=${OLD}\n`,
    };
    const at = stored(files);
    const saved = await saveLogin(at.runtime, wanted({ store }), "user");
    expect([saved.changed, saved.notes]).toEqual([true, [removedFrom(at.path(DOTENV))]]);
    expect(at.text(DOTENV)).toBe("A=1\n");
    expect(at.text(USER)).not.toContain("envFile");
  });

  test.each(["settings", "env-file"] as const)("from the keyring to %s", async (store) => {
    const auth = { keyring: [NAME, "OTHER"] };
    const at = stored({ [USER]: { security: { auth } } }, { [NAME]: OLD, OTHER: "o" });
    const saved = await saveLogin(at.runtime, wanted({ store }), "user");
    expect([saved.changed, saved.notes]).toEqual([true, [FROM_KEYRING]]);
    expect([...at.held]).toEqual([["OTHER", "o"]]);
    expect(at.json(USER)).toMatchObject({ security: { auth: { keyring: ["OTHER"] } } });
  });

  test("and leaves an item of the keyring that no list names", async () => {
    const at = stored({}, { [NAME]: OLD });
    const { notes } = await saveLogin(at.runtime, wanted(), "user");
    expect([notes, [...at.held]]).toEqual([[], [[NAME, OLD]]]);
  });

  test("although the keyring cannot be opened, and says what may still be there", async () => {
    const at = stored({ [USER]: { security: { auth: { keyring: [NAME] } } } });
    const locked = { ...at.runtime, keyring: lockedKeyring() };
    const saved = await saveLogin(locked, wanted(), "user");
    expect(saved.notes).toEqual([
      `a copy of the key may still be in the keyring: Cannot remove \`${NAME}\` from the keyring: it is locked`,
    ]);
    expect(at.json(USER).env).toEqual({ [NAME]: KEY });
  });

  test.each(["env-file", "keyring"] as const)(
    "to %s, and takes it out of copies of the settings",
    async (store) => {
      const copy = { env: { [NAME]: "sk-older-0123456789", OTHER: "o" }, note: `${OLD} ${KEY}` };
      const at = stored({ [USER]: settings, ".qwen/settings.json.orig": copy });
      const { notes } = await saveLogin(at.runtime, wanted({ store }), "user");
      const path = at.path(".qwen/settings.json.orig");
      expect(notes).toEqual([
        removedFrom(at.path(USER)),
        `a key was taken out of \`${path}\`, a copy of the settings`,
      ]);
      expect(at.json(".qwen/settings.json.orig")).toEqual({
        env: { [NAME]: "", OTHER: "o" },
        note: " ",
      });
    },
  );

  test("within the settings, and leaves copies as they are", async () => {
    const at = stored({ [USER]: settings, ".qwen/settings.json.orig": settings });
    expect((await saveLogin(at.runtime, wanted(), "user")).notes).toEqual([]);
    expect(at.json(".qwen/settings.json.orig")).toEqual(settings);
  });

  test("of a provider that is replaced, from every store", async () => {
    const auth = { keyring: [PLAN], envFile: [PLAN] };
    const at = stored(
      { [USER]: { env: { [PLAN]: OLD }, security: { auth } }, [DOTENV]: `${PLAN}=${OLD}\n` },
      { [PLAN]: OLD },
    );
    expect(MODELSTUDIO.replaces).toContain(CODING_PLAN.id);
    const { notes } = await saveLogin(at.runtime, wanted(), "user");
    expect(notes).toEqual([
      removedFrom(at.path(DOTENV), PLAN),
      `\`${PLAN}\` was removed from the keyring`,
    ]);
    expect(at.json(USER)).toMatchObject({ env: { [NAME]: KEY } });
    expect(at.text(USER)).not.toContain(PLAN);
    expect([at.text(DOTENV), at.held.size]).toEqual(["", 0]);
  });
});

describe("saveLogin() to a project's settings", () => {
  test("keeps the key there, and leaves the user's own files alone", async () => {
    const files = {
      [USER]: { env: { [NAME]: OLD }, security: { auth: { keyring: ["OTHER"] } } },
      [DOTENV]: `${NAME}=${OLD}\n`,
    };
    const at = stored(files, { OTHER: "o" });
    const saved = await saveLogin(at.runtime, wanted(), "project");
    expect(saved).toMatchObject({
      path: at.path(PROJECT),
      keyPath: at.path(PROJECT),
      changed: true,
      notes: [],
    });
    expect(at.json(PROJECT)).toMatchObject({ env: { [NAME]: KEY } });
    expect([at.json(USER), at.text(DOTENV)]).toEqual([files[USER], files[DOTENV]]);
  });

  test("keeps the key in the user's `.env`, which the user's settings list", async () => {
    const at = stored({ [USER]: { env: { [NAME]: OLD, OTHER: "o" } } });
    const saved = await saveLogin(at.runtime, wanted({ store: "env-file" }), "project");
    expect(saved).toMatchObject({ path: at.path(PROJECT), keyPath: at.path(DOTENV) });
    expect(saved.notes).toEqual([removedFrom(at.path(USER))]);
    expect(at.json(USER)).toEqual({
      env: { OTHER: "o" },
      security: { auth: { envFile: [NAME] } },
    });
    expect(at.json(PROJECT)).not.toHaveProperty("security.auth.envFile");
    expect(at.dotenv()).toEqual({ [NAME]: KEY });
  });

  test("keeps it in the keyring, which the user's settings list", async () => {
    const at = stored({ [DOTENV]: `${NAME}=${OLD}\n` });
    const saved = await saveLogin(at.runtime, wanted({ store: "keyring" }), "project");
    expect([saved.changed, saved.notes]).toEqual([true, [removedFrom(at.path(DOTENV))]]);
    expect(at.json(USER)).toEqual({ $version: 4, security: { auth: { keyring: [NAME] } } });
    expect([...at.held]).toEqual([[NAME, KEY]]);
    const again = await saveLogin(at.runtime, wanted({ store: "keyring" }), "project");
    expect([again.changed, again.notes]).toEqual([false, []]);
  });
});

test("saveLogin() keeps the key under the name of its account as well", async () => {
  const at = stored();
  const named = { ...wanted(), account: "work" };
  expect((await saveLogin(at.runtime, named, "user")).changed).toBe(true);
  expect(at.json(".qwen/accounts.json").accounts).toEqual({
    [NAME]: { work: { key: KEY, baseUrl: named.baseUrl } },
  });
  expect(at.json(USER).env).toEqual({ [NAME]: KEY });
});

describe("saveLogin() writes nothing at all", () => {
  test.each(["$HOME", `a$${"{HOME}"}`])("of the key %s, which settings would fill", async (key) => {
    const at = stored();
    const work = () => saveLogin(at.runtime, wanted({ key }), "user");
    expect(await laterProblemOf(work)).toEqual({
      name: "UsageError",
      code: "invalid-key",
      message:
        "Cannot write this key to settings: a part of it would be taken for a variable (`$NAME`)",
      hint: "add `--store env-file`",
    });
    expect(at.names()).toEqual([]);
    const saved = await saveLogin(at.runtime, wanted({ key, store: "env-file" }), "user");
    expect([saved.store, at.dotenv()]).toEqual(["env-file", { [NAME]: key }]);
  });

  test.each<[string, string, "settings" | "env-file" | "keyring", "user" | "project"]>([
    ["the settings", USER, "env-file", "user"],
    ["the `.env`", DOTENV, "env-file", "user"],
    ["the user's settings", USER, "keyring", "project"],
    ["the accounts", ".qwen/accounts.json", "settings", "user"],
    ["the accounts", ".qwen/accounts.json", "env-file", "user"],
    ["the accounts", ".qwen/accounts.json", "keyring", "user"],
  ])("where %s cannot be used", async (_what, broken, store, scope) => {
    const at = stored({ "p/.qwen/x": "", ".qwen/x": "" });
    mkdirSync(at.path(broken));
    const named = { ...wanted({ store }), account: "work" };
    expect(await laterProblemOf(() => saveLogin(at.runtime, named, scope))).toMatchObject({
      name: "ConfigError",
      message: expect.stringContaining("it is a directory"),
    });
    const name = broken.replace(".qwen/", "");
    expect([at.names(), at.held.size]).toEqual([[name, "x"].sort(), 0]);
  });

  test("into a keyring that cannot be opened", async () => {
    const at = stored({ [USER]: { a: 1 } });
    const locked = { ...at.runtime, keyring: lockedKeyring() };
    const work = () => saveLogin(locked, wanted({ store: "keyring" }), "user");
    expect(await laterProblemOf(work)).toMatchObject({ code: "keyring-unavailable" });
    expect(at.json(USER)).toEqual({ a: 1 });
  });
});

test("saveLogin() tells with a failure what it did before", async () => {
  const at = stored({ "p/.qwen/x": "" });
  const keyring = {
    ...at.runtime.keyring,
    set: async () => {
      // As if somebody else made the settings unusable in between.
      mkdirSync(at.path(PROJECT));
    },
  };
  const named = { ...wanted({ store: "keyring" }), account: "work" };
  const work = () => saveLogin({ ...at.runtime, keyring }, named, "project");
  expect((await laterProblemOf(work))?.message).toEndWith(
    '; before that, the account "work" was kept',
  );
});

test("saveLogin() tells with a failure that it took the key out of the user's settings", async () => {
  const at = stored({ [USER]: { env: { [NAME]: OLD } }, "p/.qwen/x": "" });
  // As if somebody else made the project's settings unusable once the user's are written.
  let isBroken = false;
  const runtime = {
    ...at.runtime,
    trace: (lines: () => readonly string[]) => {
      if (!isBroken && lines().some((line) => line === `wrote ${at.path(USER)}`)) {
        isBroken = true;
        mkdirSync(at.path(PROJECT));
      }
    },
  };
  const work = () => saveLogin(runtime, wanted({ store: "env-file" }), "project");
  expect((await laterProblemOf(work))?.message).toEndWith(
    `; before that, the key was put into \`${at.path(DOTENV)}\`, \`${at.path(USER)}\` was changed`,
  );
});

test("saveLogin() says once that a mode was too lax", async () => {
  const at = stored({ [USER]: {} });
  chmodSync(at.path(USER), 0o644);
  const { notes } = await saveLogin(at.runtime, wanted(), "user");
  expect(notes).toEqual([`\`${at.path(USER)}\` is now 0600 (it was 0644)`]);
});
