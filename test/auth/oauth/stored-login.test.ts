import { describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { credentialsPath } from "../../../src/auth/oauth/credentials-file.ts";
import { withStoredLogin } from "../../../src/auth/oauth/stored-login.ts";
import { CATALOGUE } from "../../../src/auth/providers/catalogue.ts";
import type { ConnectionFlags } from "../../../src/models/connection-flags.ts";
import { prepareRequest } from "../../../src/models/prepare-request.ts";
import { resolveConnection } from "../../../src/models/resolve-connection.ts";
import { configuration } from "../../models/configuration.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";
import { machine } from "../../support/qwen.ts";

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;
const TOKENS = {
  access_token: "access-0123456789",
  refresh_token: "refresh-0123456789",
  token_type: "Bearer",
  expiry_date: NOW + HOUR,
};

function resolve(tokens: object | undefined, flags: ConnectionFlags = {}) {
  const at = machine();
  if (tokens !== undefined) {
    at.write(".qwen/oauth_creds.json", tokens);
  }
  const runtime = { ...fakeRuntime({ home: at.home }), now: () => NOW };
  const known = configuration();
  const selected = { ...flags, authType: "qwen-oauth" };
  const resolution = resolveConnection(known, selected, CATALOGUE);
  const prepare = (complete: Parameters<typeof prepareRequest>[1]) =>
    prepareRequest(known, complete, CATALOGUE);
  const found = withStoredLogin(runtime, resolution, { flags: selected, prepare });
  return { resolution, found, runtime, path: credentialsPath(runtime) };
}

const DEFAULT = { kind: "default", origin: "user" } as const;

describe("withStoredLogin()", () => {
  test("leaves it incomplete without tokens", () => {
    const { resolution, found } = resolve(undefined);
    expect(found).toBe(resolution);
    expect(found).toMatchObject({ state: "incomplete", isQwenOauth: true });
    expect("oauth" in found).toBe(false);
  });

  test("takes endpoint, model and key from them, and shows none", () => {
    const { found, path, runtime } = resolve({ ...TOKENS, resource_url: "portal.qwen.ai" });
    const from = (name: string) => ({ kind: "file", name, path, origin: "user" });
    expect(found).toMatchObject({
      state: "configured",
      protocol: { value: "openai", source: DEFAULT, shadowed: [] },
      model: { value: "coder-model", source: DEFAULT, shadowed: [] },
      endpoint: { value: "https://portal.qwen.ai/v1", source: from("resource_url"), shadowed: [] },
      key: {
        kind: "present",
        value: TOKENS.access_token,
        source: from("access_token"),
        shadowed: [],
        envKey: undefined,
        scheme: "key",
      },
      oauth: {
        path,
        expiresAt: TOKENS.expiry_date,
        isExpired: false,
        isRefreshDue: false,
        warnings: [],
      },
      warnings: [],
    });
    expect(runtime.secrets).toEqual([TOKENS.access_token, TOKENS.refresh_token]);
  });

  test("takes the usual endpoint where they name none, and the flag's model", () => {
    const { found } = resolve(TOKENS, { model: "other" });
    expect(found.endpoint?.source).toEqual(DEFAULT);
    expect(found.model).toEqual({
      value: "other",
      source: { kind: "flag", name: "--model", origin: "user" },
      shadowed: [],
    });
  });

  test.each<[string, object, object]>([
    ["still good", { expiry_date: NOW + 1 }, { isExpired: false, isRefreshDue: true }],
    ["expired this moment", { expiry_date: NOW }, { isExpired: true, isRefreshDue: true }],
  ])("says of tokens that are %s", (_what, more, oauth) => {
    const { found } = resolve({ ...TOKENS, ...more });
    expect(found).toMatchObject({ state: "configured", oauth });
  });

  test("cannot use an expired one that nothing renews", () => {
    const rest = { ...TOKENS, refresh_token: "" };
    expect(resolve({ ...rest, expiry_date: NOW }).found).toMatchObject({
      state: "incomplete",
      problem: undefined,
      unread: [],
      oauth: { isExpired: true },
      key: { kind: "present" },
    });
    expect(resolve({ ...rest, expiry_date: NOW + HOUR }).found.state).toBe("configured");
  });

  test("says what is wrong with the mode of the file", () => {
    const at = machine();
    const path = at.write(".qwen/oauth_creds.json", TOKENS, 0o644);
    const runtime = { ...fakeRuntime({ home: at.home }), now: () => NOW };
    const known = configuration();
    const flags = { authType: "qwen-oauth" };
    const resolution = resolveConnection(known, flags, CATALOGUE);
    const options = {
      flags,
      prepare: (complete: Parameters<typeof prepareRequest>[1]) =>
        prepareRequest(known, complete, CATALOGUE),
    };
    const warning = `others can read \`${path}\`, which holds tokens (mode 0644): run \`chmod 600 ${path}\``;
    const found = withStoredLogin(runtime, resolution, options);
    expect([found.warnings, found.oauth?.warnings]).toEqual([[warning], [warning]]);
    // Said once, also where the same tokens are looked at again.
    expect(withStoredLogin(runtime, found, options).warnings).toEqual([warning]);
  });

  test("has the problem of a file that cannot be used", () => {
    const { found } = resolve({ access_token: 5 });
    expect(found).toMatchObject({ state: "incomplete", unread: [] });
    expect(found.problem).toMatchObject({ code: "oauth-file-invalid", exitCode: 3 });
  });
});

test("withStoredLogin() has the problem of a directory in the place of the file", () => {
  const at = machine();
  mkdirSync(join(at.home, ".qwen", "oauth_creds.json"), { recursive: true });
  const runtime = { ...fakeRuntime({ home: at.home }), now: () => NOW };
  const resolution = resolveConnection(configuration(), { authType: "qwen-oauth" }, CATALOGUE);
  const prepare = () => resolution;
  expect(withStoredLogin(runtime, resolution, { flags: {}, prepare }).problem).toMatchObject({
    code: "oauth-file-invalid",
    message: `Cannot use \`${join(at.home, ".qwen", "oauth_creds.json")}\`: it is a directory`,
    hint: "remove what stands there, and log in again",
  });
});
