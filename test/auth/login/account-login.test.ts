import { describe, expect, test } from "bun:test";
import { accountLogin } from "../../../src/auth/login/account-login.ts";
import type { Account } from "../../../src/settings/accounts.ts";
import { configuration } from "../../models/configuration.ts";
import { laterProblemOf } from "../../support/problem-of.ts";
import { lockedKeyring, stored } from "./stored.ts";

const HERE = "https://a.example/v1";
const WORK = "sk-work-0123456789";
const ENTRY = { id: "m", baseUrl: HERE, envKey: "A_KEY" };
const DEEPSEEK = { baseUrl: "https://api.deepseek.com", envKey: "DEEPSEEK_API_KEY" };

type Place = {
  readonly openai?: readonly object[];
  readonly env?: Readonly<Record<string, string>>;
  readonly auth?: object;
  readonly items?: Readonly<Record<string, string>>;
  readonly dotenv?: string;
  readonly others?: Readonly<Record<string, Account>>;
};

/** What a login with an account's key would be, and which keys are shown nowhere from then on. */
async function of(envKey: string, account: Account, place: Place = {}, isLocked = false) {
  const { openai = [ENTRY], env = {}, auth = {}, items = {}, dotenv, others = {} } = place;
  const settings = { modelProviders: { openai }, env, security: { auth } };
  const files = {
    ".qwen/settings.json": settings,
    ...(dotenv === undefined ? {} : { ".qwen/.env": dotenv }),
  };
  const at = stored(files, items);
  const accounts = new Map([[envKey, new Map(Object.entries({ work: account, ...others }))]]);
  const known = configuration({ settings: { user: settings }, accounts });
  const runtime = isLocked ? { ...at.runtime, keyring: lockedKeyring() } : at.runtime;
  const named = { envKey, name: "work", account };
  return { login: await accountLogin(runtime, known, named), secrets: at.runtime.secrets };
}

const CUSTOM = {
  provider: undefined,
  region: undefined,
  protocol: "openai",
  baseUrl: HERE,
  label: undefined,
  key: WORK,
  envKey: "A_KEY",
  store: "settings",
  models: undefined,
  model: undefined,
} as const;

describe("accountLogin() is a login", () => {
  test("with the account's key, where the entries are", async () => {
    expect((await of("A_KEY", { key: WORK })).login).toEqual(CUSTOM);
  });

  test("with the account's key out of quotes", async () => {
    expect((await of("A_KEY", { key: ` "${WORK}"\n` })).login.key).toBe(WORK);
  });

  test("to a provider's endpoint, with its region and label", async () => {
    const place = {
      openai: [{ id: "deepseek-v4-pro", name: "[DeepSeek] deepseek-v4-pro", ...DEEPSEEK }],
    };
    const { login } = await of(DEEPSEEK.envKey, { key: WORK }, place);
    expect(login).toMatchObject({
      provider: { id: "deepseek" },
      region: undefined,
      protocol: "openai",
      baseUrl: DEEPSEEK.baseUrl,
      label: "DeepSeek",
    });
  });

  test("to the first endpoint of the variable's provider where there is no entry", async () => {
    const { login } = await of("DASHSCOPE_API_KEY", { key: WORK }, { openai: [] });
    expect(login).toMatchObject({
      provider: { id: "modelstudio" },
      region: "cn-beijing",
      baseUrl: "https://dashscope.aliyuncs.com/compatible-mode/v1",
      label: "ModelStudio Standard",
    });
  });

  test("to the account's own endpoint before all others", async () => {
    const baseUrl = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1";
    const { login } = await of("DASHSCOPE_API_KEY", { key: WORK, baseUrl }, { openai: [] });
    expect(login).toMatchObject({ region: "sg-singapore", baseUrl });
  });

  test("with a key out of the keyring, which is kept there and shown nowhere", async () => {
    const { login, secrets } = await of("A_KEY", {}, { items: { "A_KEY@work": WORK } });
    expect(login).toEqual({ ...CUSTOM, store: "keyring" });
    expect(secrets).toEqual([WORK]);
  });

  test.each<[string, Place, string]>([
    ["settings", { env: { A_KEY: WORK } }, "settings"],
    ["the `.env`", { dotenv: `A_KEY=${WORK}\n` }, "env-file"],
    ["the keyring", { auth: { keyring: ["A_KEY"] }, items: { A_KEY: WORK } }, "keyring"],
  ])("that keeps the key where it is: %s", async (_what, place, store) => {
    expect((await of("A_KEY", { key: WORK }, place)).login.store).toBe(store as never);
  });

  test("in place of the key of another account", async () => {
    const others = { home: { key: "sk-home-0123456789" } };
    const place = { env: { A_KEY: "sk-home-0123456789" }, others };
    expect((await of("A_KEY", { key: WORK }, place)).login.key).toBe(WORK);
  });
});

describe("accountLogin() refuses", () => {
  type Row = readonly [string, string, Account, Place, boolean, object];
  const nameless =
    "name it first: `qwen auth token | qwen auth api-key --account NAME --key-stdin` with its provider";
  test.each<Row>([
    [
      "a key that cannot be sent",
      "A_KEY",
      { key: "sk 1\nsk 2" },
      {},
      false,
      {
        name: "AuthError",
        code: "key-missing",
        message: expect.stringContaining('Cannot switch to "work": its key cannot be sent: '),
        hint: "store it again: `qwen auth api-key --account work`",
      },
    ],
    [
      "one that the keyring does not have",
      "A_KEY",
      {},
      {},
      false,
      {
        name: "AuthError",
        code: "key-missing",
        message: 'Cannot find the key of the account "work": the keyring has none',
        hint: "store it again: `qwen auth api-key --account work --store keyring`",
      },
    ],
    [
      "to lose a key that has no name",
      "A_KEY",
      { key: WORK },
      { env: { A_KEY: "sk-none-0123456789" } },
      false,
      {
        name: "UsageError",
        code: "invalid-value",
        message: "Cannot switch the account: the key in force has no name, and would be lost",
        hint: nameless,
      },
    ],
    [
      "to lose one that may have a name in a locked keyring",
      "A_KEY",
      { key: WORK },
      { env: { A_KEY: "sk-none-0123456789" }, others: { ring: {} } },
      true,
      {
        name: "UsageError",
        code: "invalid-value",
        message:
          "Cannot switch the account: no account in a file has the key in force, and the keyring cannot be asked: it is locked",
        hint: nameless,
      },
    ],
    [
      "where the key in force is in a locked keyring",
      "A_KEY",
      { key: WORK },
      { auth: { keyring: ["A_KEY"] } },
      true,
      {
        name: "QwenError",
        code: "keyring-unavailable",
        message: "Cannot read `A_KEY` from the keyring: it is locked",
        hint: "run it where the keyring is open, or use an account for one command: `qwen --account work`",
      },
    ],
    [
      "where nothing says where it belongs",
      "A_KEY",
      { key: WORK },
      { openai: [] },
      false,
      {
        name: "UsageError",
        code: "missing-input",
        message: "Cannot switch the account: nothing says where `A_KEY` belongs",
        hint: "set it up with `qwen auth api-key --base-url URL`",
      },
    ],
    [
      "where no model is there",
      "A_KEY",
      { key: WORK, baseUrl: HERE },
      { openai: [] },
      false,
      {
        name: "UsageError",
        code: "missing-input",
        message: `Cannot switch to "work": no model at ${HERE} uses \`A_KEY\``,
        hint: `set one up: \`qwen auth api-key --base-url ${HERE} --env-key A_KEY\``,
      },
    ],
  ])("%s", async (_what, envKey, account, place, isLocked, problem) => {
    expect(await laterProblemOf(() => of(envKey, account, place, isLocked))).toEqual(
      problem as never,
    );
  });
});
