import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { logoutCommand, runLogout } from "../../../src/commands/auth/logout.ts";
import type { FlagValues } from "../../../src/flags/flag.ts";
import { GLOBALS, setUp } from "../../connect/set-up.ts";
import { laterProblemOf } from "../../support/problem-of.ts";

const CUSTOM = "QWEN_CUSTOM_API_KEY_OPENAI_X";
const DEEPSEEK = {
  id: "d",
  name: "[DeepSeek] d",
  baseUrl: "https://api.deepseek.com",
  envKey: "DEEPSEEK_API_KEY",
};
const OWN = { id: "o", name: "[Team] o", baseUrl: "https://own.example/v1", envKey: CUSTOM };
const SELECTED = { security: { auth: { selectedType: "openai" } } };
const SETTINGS = {
  ...SELECTED,
  model: { name: "d" },
  env: { DEEPSEEK_API_KEY: "sk-d-0123456789", [CUSTOM]: "sk-o-0123456789" },
  modelProviders: { openai: [DEEPSEEK, OWN] },
};

type Given = Parameters<typeof setUp>[0];

/** Logs out on this machine; lines as a person reads them. */
async function logout(values: FlagValues, given: Given = {}) {
  const { runtime, home } = setUp({ settings: SETTINGS, ...given });
  const code = await runLogout(runtime, logoutCommand.toOptions(values, GLOBALS));
  const { stdout, stderr } = runtime.written;
  const settings = JSON.parse(readFileSync(join(home, ".qwen/settings.json"), "utf8"));
  return {
    code,
    settings,
    lines: stderr.replaceAll(home, "~").split("\n").slice(0, -1),
    document: stdout === "" ? undefined : JSON.parse(stdout),
  };
}

const NOTHING_NOW = "  Nothing is in force now: `qwen auth` sets something up";
const TEAM_NOW =
  "  In force now: Team, o (from ~/.qwen/settings.json (modelProviders.openai[0].id)); `qwen auth switch` chooses";

describe("runLogout()", () => {
  test("takes the provider in force, and says what is left and what answers now", async () => {
    const { code, lines, settings } = await logout({});
    expect(code).toBe(0);
    expect(lines).toEqual([
      "✓ Logged out of DeepSeek: 1 key and 1 model removed",
      TEAM_NOW,
      expect.stringMatching(
        /^ {2}The key stays valid until deleted at https:\/\/platform\.deepseek\.com/,
      ),
    ]);
    expect(settings).toEqual({
      env: { [CUSTOM]: "sk-o-0123456789" },
      modelProviders: { openai: [OWN] },
      model: {},
      security: { auth: {} },
    });
  });

  test("takes an endpoint of one's own by its name, and leaves the one in force", async () => {
    const { lines, settings } = await logout({ provider: "Team" });
    expect(lines[0]).toBe(
      "✓ Logged out of Team (https://own.example/v1): 1 key and 1 model removed",
    );
    expect(lines[1]).toStartWith("  In force now: DeepSeek, d ");
    expect(lines).toHaveLength(2);
    expect(settings.model).toEqual({ name: "d" });
    expect(settings.modelProviders.openai).toEqual([DEEPSEEK]);
  });

  test("takes all", async () => {
    const { lines, settings } = await logout({ all: true });
    expect(lines[0]).toBe("✓ Logged out of all providers: 2 keys and 2 models removed");
    expect(lines[1]).toBe(NOTHING_NOW);
    expect(lines[2]).toStartWith("  The keys stay valid until deleted at ");
    expect(settings.env).toEqual({});
  });

  test.each<[string, FlagValues, readonly string[]]>([
    ["all", { all: true }, ["Nothing was removed: nothing was stored", NOTHING_NOW]],
    [
      "a provider",
      { provider: "xai" },
      ["Not logged in to xAI Grok: nothing was stored", NOTHING_NOW],
    ],
    [
      "Qwen OAuth",
      { provider: "qwen-oauth" },
      ["Not logged in to Qwen OAuth: nothing was stored", NOTHING_NOW],
    ],
    ["nothing in force", {}, ["Nothing was removed: no provider is selected", NOTHING_NOW.trim()]],
  ])("says that nothing was there: %s", async (_name, values, lines) => {
    expect((await logout(values, { settings: {} })).lines).toEqual([...lines]);
  });

  test("points to the list where nothing is selected and something is configured", async () => {
    const { lines } = await logout({}, { settings: { modelProviders: { openai: [OWN] } } });
    expect(lines[0]).toBe(
      "Nothing was removed: no provider is selected; `qwen auth list` shows what is configured, `--provider NAME` or `--all` removes it",
    );
    expect(lines[1]).toStartWith("Nothing can be asked now, as ");
  });

  test("names what still supplies a key, and entries that were written by hand", async () => {
    const hand = {
      ...OWN,
      id: "h",
      name: "h",
      baseUrl: "https://hand.example/v1",
      envKey: "DEEPSEEK_API_KEY",
    };
    const settings = { ...SETTINGS, modelProviders: { openai: [DEEPSEEK, hand] } };
    const { lines } = await logout(
      { json: false },
      { settings, env: { DEEPSEEK_API_KEY: "sk-s" } },
    );
    expect(lines.filter((line) => line.startsWith("warning:"))).toEqual([
      "warning: shell variable DEEPSEEK_API_KEY still supplies `DEEPSEEK_API_KEY`",
      "warning: kept, as written by hand: h",
    ]);
  });

  test("prints JSON", async () => {
    const { document, lines } = await logout({ json: true, provider: "Team" });
    expect(document).toMatchObject({
      schemaVersion: 1,
      provider: "custom",
      baseUrl: "https://own.example/v1",
      changed: true,
      keys: [CUSTOM],
      models: ["o"],
      remaining: [],
      inForce: { baseUrl: "https://api.deepseek.com", model: "d" },
      consoleUrls: [],
      warnings: [],
    });
    expect(document).not.toHaveProperty("accounts");
    expect(lines).toEqual([]);
    const provider = await logout({ json: true });
    expect(provider.document).toMatchObject({ provider: "deepseek" });
    expect((await logout({ json: true, provider: "qwen-oauth" })).document).toMatchObject({
      provider: "qwen-oauth",
      changed: false,
    });
  });

  test("tells of tokens that no setting selects", async () => {
    const files = { ".qwen/oauth_creds.json": { access_token: "a" } };
    const given = { settings: {}, files };
    const line =
      "warning: tokens of Qwen OAuth are stored in `~/.qwen/oauth_creds.json`; `qwen auth logout --provider qwen-oauth` removes them";
    expect((await logout({}, given)).lines).toContain(line);
    expect((await logout({ json: true }, given)).document).toMatchObject({
      changed: false,
      remaining: [{ kind: "file", name: "access_token" }],
    });
  });

  test("takes one named key", async () => {
    const files = {
      ".qwen/accounts.json": {
        accounts: {
          DEEPSEEK_API_KEY: { work: { key: "sk-w-0123456789" }, home: { key: "sk-h-0123456789" } },
        },
      },
    };
    const { lines, settings } = await logout({ account: "work" }, { files });
    expect(lines[0]).toBe("✓ Logged out of the account work: 1 account removed");
    expect(settings).toEqual(SETTINGS);
    const work = () => logout({ account: "gone" }, { files });
    expect(await laterProblemOf(work)).toMatchObject({ name: "AuthError" });
    expect((await logout({ account: "work" })).lines[0]).toStartWith(
      "Nothing was removed: there is no such account",
    );
  });

  test.each<[FlagValues, string, string | RegExp]>([
    [
      { provider: "nobody" },
      'Cannot log out of "nobody": no such provider is known or configured',
      /^see/,
    ],
    [
      { provider: "own.example" },
      'Cannot log out of "own.example": several endpoints are called so',
      "choose own.example/v1 or own.example/v2",
    ],
  ])("refuses %j", async (values, message, hint) => {
    const openai = [OWN, { ...OWN, baseUrl: "https://own.example/v2" }];
    const settings = { ...SETTINGS, modelProviders: { openai } };
    expect(await laterProblemOf(() => logout(values, { settings }))).toMatchObject({
      code: "invalid-value",
      message,
      hint: typeof hint === "string" ? hint : expect.stringMatching(hint),
    });
  });
});
