import { describe, expect, test } from "bun:test";
import type { Login } from "../../src/auth/login/login.ts";
import type { Verification } from "../../src/auth/verify/verification.ts";
import { loginHttp } from "../../src/connect/open-http.ts";
import { verificationProblem, verifyLogin } from "../../src/connect/verify-login.ts";
import { GLOBALS, networked, setUp } from "./set-up.ts";

const KEY = "sk-0123456789abcdef";
const LOGIN: Login = {
  provider: undefined,
  region: undefined,
  protocol: "openai",
  baseUrl: "https://host.example/v1",
  envKey: "A_KEY",
  key: KEY,
  store: "settings",
  models: undefined,
  model: undefined,
  label: undefined,
};

/** A login at a service that takes the key, and what it was sent. */
async function verified(login: Partial<Login>, given: Parameters<typeof setUp>[0] = {}) {
  const { runtime } = setUp(given);
  const { at, asked } = networked(runtime, (_url, key) =>
    key === null && login.key !== "not-needed"
      ? new Response("", { status: 401 })
      : Response.json({ data: [{ id: "m" }] }),
  );
  const http = await loginHttp(at, GLOBALS);
  const checked = { login: { ...LOGIN, ...login }, model: "m" };
  const verification = await verifyLogin(at, GLOBALS, http, checked);
  return { verification, first: asked[0], runtime };
}

const header = (value: string): Partial<Login> => ({
  generationConfig: { customHeaders: { "X-Team": value } },
});

describe("verifyLogin()", () => {
  test("asks the endpoint of the login with its key", async () => {
    const { verification, first, runtime } = await verified({}, { terminals: ["stderr"] });
    expect(verification).toMatchObject({ state: "ok", modelListed: true });
    expect(first).toEqual({ url: "https://host.example/v1/models", key: KEY, team: null });
    expect(runtime.written.stderr).toContain("Asking host.example …");
  });

  test("sends no key to a server that wants none", async () => {
    const { first } = await verified({ key: "not-needed" });
    expect(first?.key).toBeNull();
  });

  const env = { TEAM_TOKEN: "sk-team-0123456789ab" };
  const project = { "p/.env": "TEAM_TOKEN=of-the-project\n" };
  type Given = Parameters<typeof setUp>[0];
  test.each<[string, string, Given, string | null, readonly string[]]>([
    ["as it is typed", "red", {}, "red", []],
    ["a variable of the shell", "$TEAM_TOKEN", { env }, env.TEAM_TOKEN, [env.TEAM_TOKEN]],
    [
      "a variable of the user's file",
      "$TEAM_TOKEN",
      { files: { ".qwen/.env": "TEAM_TOKEN=own\n" } },
      "own",
      [],
    ],
    ["no variable of a project's file", "$TEAM_TOKEN", { files: project }, null, []],
    ["no variable that is not set", "$TEAM_TOKEN", {}, null, []],
  ])("sends a header: %s", async (_name, value, given, expected, secrets) => {
    const { first, runtime } = await verified(header(value), given);
    expect(first?.team ?? null).toBe(expected);
    expect(runtime.written.stderr).toBe(
      expected === null
        ? 'warning: the header "X-Team" of `--header` is left out: nothing fills `$TEAM_TOKEN`\n'
        : "",
    );
    expect(secrets.filter((secret) => !runtime.secrets.includes(secret))).toEqual([]);
  });

  test("hides a header that is a credential", async () => {
    const customHeaders = { "X-Api-Token": "typed-0123456789" };
    const { runtime } = await verified({ generationConfig: { customHeaders } });
    expect(runtime.secrets).toContain("typed-0123456789");
  });
});

describe("verificationProblem()", () => {
  const about = (more: Partial<Extract<Verification, { detail: string }>>): Verification => ({
    state: "ok",
    checkedAt: "2026-01-01T00:00:00.000Z",
    detail: "it says so",
    ...more,
  });
  const problem = (verification: Verification) =>
    verificationProblem(verification, "save the key", "https://host.example/v1");

  test.each<Verification>([
    { state: "unchecked" },
    about({ state: "ok" }),
    about({ state: "ok", modelListed: false }),
    about({ state: "unverifiable" }),
  ])("has none: %j", (verification) => {
    expect(problem(verification)).toBeUndefined();
  });

  test.each<[Verification, object]>([
    [
      about({ state: "rejected" }),
      {
        name: "AuthError",
        code: "key-rejected",
        hint: "check the key, and set another one with `qwen auth`",
      },
    ],
    [
      about({ state: "unreachable" }),
      {
        name: "UnreachableError",
        code: "unreachable",
        hint: "try again later, or leave `--verify` out",
      },
    ],
    [
      about({ state: "unverifiable", workingBaseUrl: "https://host.example/v2" }),
      { name: "QwenError", code: "not-found", hint: "use `--base-url https://host.example/v2`" },
    ],
  ])("of %j is %j", (verification, expected) => {
    expect(problem(verification)).toMatchObject({
      message: "Cannot save the key: it says so",
      ...expected,
    });
  });
});
