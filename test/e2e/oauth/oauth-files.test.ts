import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { lchownSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { OPENAI } from "../../support/model-answers.ts";
import { testUnless } from "../../support/needs.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { answer, scriptedServer, silence, stream } from "../../support/scripted-server.ts";
import { snapshot } from "../../support/snapshot.ts";
import { startQwen } from "../../support/start-qwen.ts";
import { cannotBeNobody, NOBODY, qwenAsNobody } from "../../support/unprivileged.ts";
import {
  ACCESS,
  EXPIRED,
  oauthMachine,
  REFRESH,
  RENEWED,
  storedTokens,
  tokensOf,
} from "./oauth-machine.ts";

setDefaultTimeout(60_000);

const HELLO = stream([OPENAI.text("Hello"), OPENAI.finish]);
const LOGIN = ["auth", "qwen-oauth", "--force"];

function credentials({ home }: Machine): string {
  return join(home, ".qwen", "oauth_creds.json");
}

describe("a credentials file that cannot be used", () => {
  const without = (name: string) => JSON.stringify({ ...storedTokens(), [name]: undefined });
  const withField = (name: string, value: unknown) =>
    JSON.stringify({ ...storedTokens(), [name]: value });
  const files: readonly (readonly [name: string, text: string, why: string])[] = [
    ["cut in the middle", JSON.stringify(storedTokens()).slice(0, 40), "it is not valid JSON"],
    ["a list", "[]", "expected an object"],
    ["another program's", '{"claudeAiOauth":{"accessToken":"x"}}', "`access_token` is no token"],
    ["without `access_token`", without("access_token"), "`access_token` is no token"],
    ["without `refresh_token`", without("refresh_token"), "`refresh_token` is no token"],
    ["without `token_type`", without("token_type"), "`token_type` is no text"],
    ["without `expiry_date`", without("expiry_date"), "`expiry_date` is no number"],
    ["with a date as text", withField("expiry_date", "2027"), "`expiry_date` is no number"],
    ["with a token of two lines", withField("access_token", "a\nb"), "`access_token` is no token"],
    ["with a place that is no text", withField("resource_url", 1), "`resource_url` is no text"],
    [
      "with a place over plain HTTP",
      withField("resource_url", "http://portal.example"),
      "`resource_url`: it must begin with https://",
    ],
    [
      "with a place that is no URL",
      withField("resource_url", "a b"),
      "`resource_url`: it is no URL",
    ],
  ];
  test.each(files)("%s, is exit 3 and stays as it is", async (_name, text, why) => {
    const { origin, requests } = await scriptedServer(answer(500));
    const m = oauthMachine({ account: origin });
    m.write(".qwen/oauth_creds.json", text);
    const before = snapshot(m.home);
    const commands = [["auth", "status"], ["-p", "Hi"], ["auth", "token"], LOGIN];
    for (const args of commands) {
      const ran = await qwen(m, args);
      expect(ran).toEqual({
        exitCode: 3,
        stdout: "",
        stderr:
          (args === LOGIN ? NOTICE : "") +
          `error: Cannot use \`~/.qwen/oauth_creds.json\`: ${why}\n\n` +
          "hint: run `qwen auth logout --provider qwen-oauth` to remove it, and log in again\n",
      });
      expect(snapshot(m.home)).toEqual(before);
    }
    expect(requests).toEqual([]);
    expect(await qwen(m, ["auth", "logout"])).toMatchObject({ exitCode: 0 });
    expect(tokensOf(m)).toBeUndefined();
  });

  const NOTICE = [
    "⚠ Qwen OAuth: its free tier was discontinued on 2026-04-15; requests may be refused",
    "  Instead: qwen auth coding-plan, or qwen auth api-key",
    "",
  ].join("\n");

  test("a directory in its place is exit 3, also for a logout", async () => {
    const m = oauthMachine({ account: "http://127.0.0.1:1" });
    rmSync(credentials(m));
    mkdirSync(credentials(m));
    for (const args of [["auth", "status"], ["auth", "logout"], LOGIN]) {
      const ran = await qwen(m, args);
      expect(ran.exitCode).toBe(3);
      expect(ran.stderr).toContain("it is a directory");
      expect(ran.stderr).toContain("hint: remove what stands there, and log in again");
    }
  });

  testUnless(cannotBeNobody())("another user's is not refreshed over: exit 3", async () => {
    const { origin, requests } = await scriptedServer(answer(200, RENEWED));
    const m = oauthMachine({ account: origin, tokens: EXPIRED });
    m.write(".qwen/oauth_creds.json", { ...tokensOf(m) }, 0o644);
    for (const path of [m.home, join(m.home, ".qwen"), m.settings, m.project]) {
      lchownSync(path, NOBODY, NOBODY);
    }
    const ran = await qwenAsNobody(m, ["-p", "Hi"]);
    expect(ran.exitCode).toBe(3);
    expect(ran.stderr).toContain("it belongs to another user (uid 0)");
    expect(requests).toEqual([]);
  });

  test("says when others can read it", async () => {
    const m = oauthMachine({ account: "http://127.0.0.1:1" });
    m.write(".qwen/oauth_creds.json", storedTokens(), 0o644);
    const { stdout } = await qwen(m, ["auth", "status", "--json"]);
    expect(JSON.parse(stdout).warnings).toEqual([
      `others can read \`${credentials(m)}\`, which holds tokens (mode 0644): ` +
        `run \`chmod 600 ${credentials(m)}\``,
    ]);
  });

  test("is not called open any more once a refresh has closed it", async () => {
    const { origin } = await scriptedServer(answer(200, RENEWED), HELLO);
    const m = oauthMachine({ account: origin, tokens: EXPIRED });
    m.write(".qwen/oauth_creds.json", { ...tokensOf(m), resource_url: origin }, 0o644);
    expect(await qwen(m, ["-p", "Hi"])).toEqual({
      exitCode: 0,
      stdout: "Hello\n",
      stderr: "warning: `~/.qwen/oauth_creds.json` is now 0600 (it was 0644)\n",
    });
  });

  test("is written through a link", async () => {
    const { origin } = await scriptedServer(answer(200, RENEWED), HELLO);
    const m = oauthMachine({ account: origin, tokens: EXPIRED });
    const target = m.write("elsewhere/tokens.json", { ...tokensOf(m), resource_url: origin });
    rmSync(credentials(m));
    symlinkSync(target, credentials(m));
    expect((await qwen(m, ["-p", "Hi"])).stdout).toBe("Hello\n");
    expect(JSON.parse(readFileSync(target, "utf8")).access_token).toBe(RENEWED.access_token);
  });
});

describe("the address of the account service", () => {
  test.each([
    ["the project's .env", "p/.env", "QWEN_OAUTH_BASE_URL="],
    ["the user's .env", ".qwen/.env", "QWEN_OAUTH_BASE_URL="],
    ["the project's settings", "p/.qwen/settings.json", undefined],
    ["the user's settings", ".qwen/settings.json", undefined],
  ])("is not taken from %s: exit 3, and nobody is asked", async (_name, path, line) => {
    const { origin, requests } = await scriptedServer(answer(200, RENEWED));
    const m = oauthMachine({ account: "", tokens: EXPIRED });
    const settings = { security: { auth: { selectedType: "qwen-oauth" } } };
    m.write(
      path,
      line === undefined
        ? { ...settings, env: { QWEN_OAUTH_BASE_URL: origin } }
        : `${line}${origin}\n`,
    );
    for (const args of [LOGIN, ["-p", "Hi"]]) {
      const ran = await qwen(m, args);
      expect(ran.exitCode).toBe(3);
      expect(ran.stderr).toContain("error: Cannot take `QWEN_OAUTH_BASE_URL` from `");
      expect(ran.stderr).toContain(": only the shell may set it\n");
    }
    expect(requests).toEqual([]);
    expect(tokensOf(m)?.access_token).toBe(ACCESS);
  });

  test("is the shell's, whatever a file says", async () => {
    const elsewhere = await scriptedServer(answer(500));
    const { origin } = await scriptedServer(answer(200, RENEWED));
    const m = oauthMachine({ account: origin, tokens: EXPIRED });
    m.write("p/.env", `QWEN_OAUTH_BASE_URL=${elsewhere.origin}\n`);
    expect((await qwen(m, LOGIN)).exitCode).toBe(0);
    expect(elsewhere.requests).toEqual([]);
  });

  test.each([
    ["http://account.example", "it must begin with https://"],
    ["account.example", "it is not a URL"],
    ["https://me:secret@account.example", "it must not contain a user name"],
    ["https://account.example/?a=1", "it must not have a query"],
  ])("%s is refused: exit 2", async (url, why) => {
    const m = oauthMachine({ account: url, tokens: EXPIRED });
    const ran = await qwen(m, LOGIN);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain(`error: Cannot use \`QWEN_OAUTH_BASE_URL\`: ${why}`);
    expect(tokensOf(m)?.access_token).toBe(ACCESS);
  });
});

describe("with tokens of Qwen OAuth", () => {
  test("status shows endpoint, expiry and that the free tier has ended, without a network", async () => {
    const m = oauthMachine({
      account: "http://127.0.0.1:1",
      tokens: { expiry_date: 1_900_000_000_000 },
    });
    const before = snapshot(m.home);
    const ran = await qwen(m, ["auth", "status"]);
    expect(ran).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: [
        "Authentication status",
        "",
        "⚠ Qwen OAuth is configured, but its free tier was discontinued on 2026-04-15",
        "",
        "  Method    Qwen OAuth",
        "  Protocol  openai  from ~/.qwen/settings.json (security.auth.selectedType)",
        "  Base URL  https://portal.example/v1  from file ~/.qwen/oauth_creds.json (resource_url)",
        "  Model     coder-model  from built-in default",
        "  API key   …6789  from file ~/.qwen/oauth_creds.json (access_token)",
        "  Token     expires 2030-03-17T17:46:40.000Z",
        "  Verified  no (not checked against the service; `qwen auth status --verify` does)",
        "  Settings  ~/.qwen/settings.json (user)",
        "  .env      no file",
        "",
        "To go on without it: qwen auth coding-plan, or qwen auth api-key",
        "",
      ].join("\n"),
    });
    expect(snapshot(m.home)).toEqual(before);
  });

  test.each<
    readonly [name: string, tokens: Record<string, unknown>, exitCode: number, oauth: object]
  >([
    ["about to expire", { expiry_date: Date.now() + 20_000 }, 0, { refreshDue: true }],
    ["expired", EXPIRED, 0, { refreshDue: true, expiresAt: "2023-11-14T22:13:20.000Z" }],
    ["expired for good", { ...EXPIRED, refresh_token: "" }, 4, { refreshDue: true }],
    ["of a time that is none", { expiry_date: 1e300 }, 0, { refreshDue: false }],
  ])("status --json tells of a token that is %s", async (_name, tokens, exitCode, oauth) => {
    const m = oauthMachine({ account: "", tokens });
    const ran = await qwen(m, ["auth", "status", "--json"]);
    expect(ran.exitCode).toBe(exitCode);
    const path = credentials(m);
    const expected = { discontinuedOn: "2026-04-15", path, ...oauth };
    expect(JSON.parse(ran.stdout).oauth).toMatchObject(expected);
  });

  test("status --verify refreshes what is due, and tells what the service says", async () => {
    const { origin, requests } = await scriptedServer(answer(200, RENEWED), answer(404), HELLO);
    const m = oauthMachine({ account: origin, tokens: { ...EXPIRED, resource_url: origin } });
    const ran = await qwen(m, ["auth", "status", "--verify", "--json"]);
    expect(ran.exitCode).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      verified: { state: "ok", detail: '"coder-model" answers' },
      oauth: { refreshDue: false },
    });
    expect(requests.map(({ path }) => path)).toEqual([
      "/api/v1/oauth2/token",
      "/v1/models",
      "/v1/chat/completions",
    ]);
  });

  test("status --verify is 4 when the refresh is refused, 5 when the service is away", async () => {
    const refusing = await scriptedServer(answer(400, { error: "invalid_grant" }));
    const refused = oauthMachine({ account: refusing.origin, tokens: EXPIRED });
    const ran = await qwen(refused, ["auth", "status", "--verify", "--json"]);
    expect(ran.exitCode).toBe(4);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      loggedIn: false,
      state: "incomplete",
      verified: { state: "rejected" },
      oauth: { discontinuedOn: "2026-04-15" },
    });
    const away = await scriptedServer(answer(503));
    const m = oauthMachine({ account: away.origin, tokens: EXPIRED });
    const late = await qwen(m, ["auth", "status", "--verify", "--json"]);
    expect(late.exitCode).toBe(5);
    expect(JSON.parse(late.stdout).verified.state).toBe("unreachable");
  });

  test("list --verify and models --remote refresh what is due", async () => {
    const models = answer(200, { data: [{ id: "coder-model" }] });
    const refusal = answer(401, { error: { message: "no" } });
    const listing = await scriptedServer(answer(200, RENEWED), models, refusal);
    const m = oauthMachine({
      account: listing.origin,
      tokens: { ...EXPIRED, resource_url: listing.origin },
    });
    const listed = await qwen(m, ["auth", "list", "--verify", "--json"]);
    expect(listed.exitCode).toBe(0);
    expect(JSON.parse(listed.stdout).providers[0].verified).toMatchObject({ state: "ok" });
    const remote = await scriptedServer(answer(200, RENEWED), models);
    const other = oauthMachine({
      account: remote.origin,
      tokens: { ...EXPIRED, resource_url: remote.origin },
    });
    const { stdout } = await qwen(other, ["models", "--remote", "--json"]);
    expect(JSON.parse(stdout).models).toMatchObject([{ id: "coder-model", active: true }]);
    expect(remote.requests.at(-1)?.headers.authorization).toBe(`Bearer ${RENEWED.access_token}`);
  });

  test("list and models show them, in force or not", async () => {
    const m = oauthMachine({ account: "" });
    const listed = async () =>
      JSON.parse((await qwen(m, ["auth", "list", "--json"])).stdout).providers;
    const models = async () => JSON.parse((await qwen(m, ["models", "--json"])).stdout).models;
    const row = { id: "qwen-oauth", baseUrl: "https://portal.example/v1", models: ["coder-model"] };
    expect(await listed()).toMatchObject([{ ...row, active: true }]);
    expect(await models()).toMatchObject([{ id: "coder-model", active: true, keyPresent: true }]);
    m.write(".qwen/settings.json", {});
    expect(await listed()).toMatchObject([{ ...row, active: false }]);
    expect(await models()).toEqual([]);
  });

  test("token and env hand out a good token, not one that has expired", async () => {
    const m = oauthMachine({ account: "" });
    expect(await qwen(m, ["auth", "token"])).toEqual({
      exitCode: 0,
      stdout: `${ACCESS}\n`,
      stderr: "",
    });
    expect((await qwen(m, ["auth", "env"])).stdout).toBe(
      [
        `export OPENAI_API_KEY='${ACCESS}'`,
        "export OPENAI_BASE_URL='https://portal.example/v1'",
        "export OPENAI_MODEL='coder-model'",
        "",
      ].join("\n"),
    );
    m.write(".qwen/oauth_creds.json", { ...storedTokens(), ...EXPIRED });
    for (const command of ["token", "env"]) {
      const ran = await qwen(m, ["auth", command]);
      expect(ran).toMatchObject({ exitCode: 4, stdout: "" });
      expect(ran.stderr).toContain("the token of Qwen OAuth has expired\n");
      expect(ran.stderr).toContain("hint: run `qwen auth qwen-oauth --force` to refresh it\n");
    }
  });

  test("no output shows them, whatever happens", async () => {
    const echo = { error: { message: `no: ${ACCESS} ${REFRESH}`, code: ACCESS } };
    const { origin } = await scriptedServer(answer(401, echo));
    const m = oauthMachine({ account: origin, tokens: { resource_url: origin } });
    const commands = [["-p", "Hi"], LOGIN, ["auth", "status"], ["auth", "list"], ["models"]];
    const verified = [
      ["auth", "status", "--verify"],
      ["models", "--remote"],
    ];
    for (const args of [...commands, ...verified, ["auth", "logout"]]) {
      m.write(".qwen/oauth_creds.json", { ...storedTokens(), resource_url: origin });
      const { stdout, stderr } = await qwen(m, [...args, "--debug"]);
      expect([args, `${stdout}${stderr}`.includes(ACCESS)]).toEqual([args, false]);
      expect([args, `${stdout}${stderr}`.includes(REFRESH)]).toEqual([args, false]);
    }
  });

  test("a project cannot send them elsewhere", async () => {
    const evil = await scriptedServer(HELLO);
    const { origin, requests } = await scriptedServer(HELLO);
    const m = oauthMachine({ account: "", tokens: { resource_url: origin } });
    const settings = {
      modelProviders: { openai: [{ id: "coder-model", baseUrl: evil.origin, envKey: "X" }] },
      security: { auth: { selectedType: "qwen-oauth", baseUrl: evil.origin } },
      model: { generationConfig: { customHeaders: { "x-forwarded-host": "evil.example" } } },
    };
    m.write("p/.qwen/settings.json", settings);
    m.write("p/.env", `OPENAI_BASE_URL=${evil.origin}\n`);
    expect((await qwen(m, ["-p", "Hi"])).exitCode).toBe(0);
    expect(evil.requests).toEqual([]);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers["x-forwarded-host"]).toBeUndefined();
  });
});

describe("qwen auth logout --provider qwen-oauth", () => {
  const LOGOUT = ["auth", "logout", "--provider", "qwen-oauth"];

  test("removes tokens and selection, again exit 0", async () => {
    const m = oauthMachine({ account: "" });
    m.write(
      ".qwen/settings.json",
      '{"security":{"auth":{"selectedType":"qwen-oauth"}},/* mine */"ui":1}',
    );
    const ran = await qwen(m, LOGOUT);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain("the tokens in `~/.qwen/oauth_creds.json` were removed\n");
    expect(ran.stderr).toContain("✓ Logged out of Qwen OAuth\n");
    expect(tokensOf(m)).toBeUndefined();
    const text = readFileSync(m.settings, "utf8");
    expect(text).toContain("/* mine */");
    expect(text).not.toContain("qwen-oauth");
    const again = await qwen(m, LOGOUT);
    expect(again).toMatchObject({ exitCode: 0 });
    expect(again.stderr).toContain("Not logged in to Qwen OAuth: nothing was stored\n");
  });

  test("leaves another method in force, and makes no file where there is none", async () => {
    const m = machine();
    expect((await qwen(m, LOGOUT)).exitCode).toBe(0);
    expect(snapshot(m.home)).toEqual(snapshot(machine().home));
    const other = oauthMachine({ account: "" });
    const settings = { security: { auth: { selectedType: "openai" } }, model: { name: "m" } };
    other.write(".qwen/settings.json", settings);
    expect((await qwen(other, LOGOUT)).exitCode).toBe(0);
    expect(JSON.parse(readFileSync(other.settings, "utf8"))).toEqual(settings);
    expect(tokensOf(other)).toBeUndefined();
  });

  test("waits for a refresh that is under way, which then brings nothing back", async () => {
    const { origin, requests } = await scriptedServer(silence);
    const m = oauthMachine({ account: origin, tokens: EXPIRED });
    const asking = startQwen(m, ["-p", "Hi"]);
    while (requests.length === 0) {
      await Bun.sleep(5);
    }
    expect((await qwen(m, LOGOUT)).exitCode).toBe(0);
    expect((await asking.ended).exitCode).toBe(5);
    expect(tokensOf(m)).toBeUndefined();
  });
});
