import { describe, expect, test } from "bun:test";
import { accountProblem, accountService } from "../../../src/auth/oauth/account-service.ts";
import type { SettingsLayer } from "../../../src/settings/settings-layer.ts";
import { configuration } from "../../models/configuration.ts";
import { problemOf } from "../../support/problem-of.ts";

const VARIABLE = "QWEN_OAUTH_BASE_URL";
const NOTHING = configuration();
const at = (base: string) => ({
  base,
  deviceUrl: `${base}/api/v1/oauth2/device/code`,
  tokenUrl: `${base}/api/v1/oauth2/token`,
});
const inSettings = (value: string) =>
  configuration({ settings: { user: { env: { [VARIABLE]: value } } } });
const inDotenv = { ...NOTHING, dotenv: { ...NOTHING.dotenv, denied: ["A", VARIABLE] } };

describe("accountService() is", () => {
  test.each([
    [undefined, "https://chat.qwen.ai"],
    ["", "https://chat.qwen.ai"],
    ["https://a.example", "https://a.example"],
    ["https://a.example/x//", "https://a.example/x"],
    ["http://127.0.0.1:8000", "http://127.0.0.1:8000"],
  ])("for %j at %s", (value, base) => {
    expect(accountService({ [VARIABLE]: value }, NOTHING)).toEqual(at(base));
  });

  test("what the shell says, whatever files say", () => {
    const env = { [VARIABLE]: "https://a.example" };
    expect(accountService(env, inSettings("https://evil.example"))).toEqual(
      at("https://a.example"),
    );
    expect(accountService(env, inDotenv)).toEqual(at("https://a.example"));
  });

  test("not asked of files that leave it empty", () => {
    expect(accountService({}, inSettings(""))).toEqual(at("https://chat.qwen.ai"));
  });
});

test.each<[string, typeof NOTHING, string | undefined]>([
  [
    "settings",
    inSettings("https://evil.example"),
    NOTHING.layers.find(({ scope }) => scope === "user")?.path,
  ],
  ["a `.env`", inDotenv, NOTHING.dotenv.path],
])("accountService() refuses one of %s", (_what, known, path) => {
  expect(problemOf(() => accountService({}, known))).toEqual({
    name: "ConfigError",
    code: "config",
    message: `Cannot take \`${VARIABLE}\` from \`${path}\`: only the shell may set it`,
    hint: `remove it there, or set \`${VARIABLE}\` in the shell`,
  });
});

test.each([
  ["a.example", "it is not a URL; it must begin with https:// or http://"],
  ["http://a.example", undefined],
  ["https://me:pass@a.example", "it must not contain a user name or password"],
])("accountService() refuses %s", (value, why) => {
  const problem = problemOf(() => accountService({ [VARIABLE]: value }, NOTHING));
  expect(problem).toMatchObject({
    name: "UsageError",
    code: "invalid-value",
    hint: "write it like `https://accounts.example`; http:// only works for this machine",
  });
  expect(problem?.message).toStartWith(`Cannot use \`${VARIABLE}\`: ${why ?? ""}`);
});

test.each(["dns", "refused", "timeout", "redirected"] as const)(
  "accountProblem() of %s advises another way to log in",
  (kind) => {
    const service = accountService({}, { ...NOTHING, layers: [] as readonly SettingsLayer[] });
    const problem = accountProblem({ kind, message: "no" }, { doing: "log in", service });
    expect(problem.message).toStartWith("Cannot log in: ");
    expect(problem.hint).toBe(
      "try again later, or run `qwen auth coding-plan` or `qwen auth api-key`",
    );
  },
);
