import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { accountProvider } from "../../support/account-provider.ts";
import { qwen } from "../../support/qwen.ts";
import { answer, deadOrigin, type Reply, scriptedServer } from "../../support/scripted-server.ts";
import { startQwen } from "../../support/start-qwen.ts";
import { at, DEVICE, expectNothingWritten, LOGIN, PENDING, TOKENS } from "./oauth-login-machine.ts";
import { tokensMode, tokensOf } from "./oauth-machine.ts";

setDefaultTimeout(60_000);

const URL_LINE = /^ {2}(https?:\S+)$/m;

const HTML = answer(502, "<!doctype html><h1>Bad gateway</h1>", { "content-type": "text/html" });

describe("qwen auth qwen-oauth with an OpenID provider", () => {
  test("logs in once a person approves, and writes what Qwen Code reads", async () => {
    const account = await accountProvider({ resourceUrl: "portal.example" });
    const m = at(account.origin);
    const login = startQwen(m, LOGIN);
    const url = await login.saw(URL_LINE);
    expect(await login.saw(/^ {2}(\w{4}-\w{4})$/m)).toBe(
      new URL(url).searchParams.get("user_code") ?? "",
    );
    await login.saw(/(Waiting)/);
    await account.approve(url);
    const ran = await login.ended;
    expect(ran).toMatchObject({ exitCode: 0, stdout: "" });
    expect(ran.stderr).toContain(
      "✓ Logged in with Qwen OAuth\n  Model: coder-model at https://portal.example/v1\n",
    );
    const tokens = tokensOf(m);
    expect(tokens).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      token_type: "Bearer",
      resource_url: "portal.example",
      expiry_date: expect.any(Number),
    });
    expect(tokensMode(m)).toBe(0o600);
    expect(JSON.parse(readFileSync(m.settings, "utf8")).security.auth.selectedType).toBe(
      "qwen-oauth",
    );
    expect(ran.stderr).not.toContain(String(tokens?.access_token));
  });

  test("keeps a rotated refresh token: each can be used once", async () => {
    const account = await accountProvider({ accessTokenTtl: 10 });
    const m = at(account.origin);
    const login = startQwen(m, LOGIN);
    await account.approve(await login.saw(URL_LINE));
    expect((await login.ended).exitCode).toBe(0);
    const seen = [tokensOf(m)?.refresh_token];
    for (let round = 0; round < 3; round += 1) {
      // A token of 10 s is one that is about to expire.
      const ran = await qwen(m, LOGIN);
      expect(ran.stderr).toContain("✓ Qwen OAuth is set up; its token was refreshed\n");
      seen.push(tokensOf(m)?.refresh_token);
    }
    expect(new Set(seen).size).toBe(4);
    expect(account.requests.filter((it) => it.endsWith("refresh_token"))).toHaveLength(3);
  });

  test("ends at once with 4 when the person says no", async () => {
    const account = await accountProvider();
    const m = at(account.origin);
    const login = startQwen(m, LOGIN);
    await account.deny(await login.saw(URL_LINE));
    const ran = await login.ended;
    expect(ran.exitCode).toBe(4);
    expect(ran.stderr).toContain("error: Cannot log in with Qwen OAuth: the login was denied\n");
    expectNothingWritten(m);
  });

  test("ends with 4 when the code expires", async () => {
    const account = await accountProvider({ deviceCodeTtl: 3 });
    const m = at(account.origin);
    const ran = await qwen(m, LOGIN);
    expect(ran.exitCode).toBe(4);
    expect(ran.stderr).toContain("the code expired before the login was approved");
    expectNothingWritten(m);
  });
});

describe("qwen auth qwen-oauth", () => {
  test("sends a PKCE pair that belongs together, and what the service wants", async () => {
    const { origin, requests } = await scriptedServer(
      answer(200, DEVICE),
      PENDING,
      answer(200, TOKENS),
    );
    expect((await qwen(at(origin), LOGIN)).exitCode).toBe(0);
    const [device, first, second] = requests;
    const asked = new URLSearchParams(device?.body);
    expect(device).toMatchObject({ method: "POST", path: "/api/v1/oauth2/device/code" });
    expect(device?.headers).toMatchObject({
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      "x-request-id": expect.stringMatching(/^[\da-f-]{36}$/),
    });
    expect(device?.body).toContain("scope=openid%20profile%20email%20model.completion&");
    expect(Object.fromEntries(asked)).toEqual({
      client_id: "f0304373b74a44d2b584a3fb70ca9e56",
      scope: "openid profile email model.completion",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
    });
    const polled = new URLSearchParams(first?.body);
    expect(first).toMatchObject({ method: "POST", path: "/api/v1/oauth2/token" });
    expect(Object.fromEntries(polled)).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      client_id: "f0304373b74a44d2b584a3fb70ca9e56",
      device_code: DEVICE.device_code,
      code_verifier: expect.stringMatching(/^[\w-]{43,128}$/),
    });
    const verifier = polled.get("code_verifier") ?? "";
    const hash = new Bun.CryptoHasher("sha256").update(verifier).digest("base64url");
    expect(asked.get("code_challenge")).toBe(hash);
    expect(second?.body).toBe(first?.body ?? "");
  });

  const survivors: readonly (readonly [name: string, replies: readonly Reply[]])[] = [
    ["a gateway's web page", [HTML, PENDING]],
    ["a 503 without a body", [answer(503), answer(500, { error: "server_error" })]],
    ["a lost connection", [(socket) => void socket.destroy(), PENDING]],
    ["an answer that is not JSON", [answer(200, "ok")]],
  ];
  test.each(survivors)("survives %s", async (_name, replies) => {
    const { origin, requests } = await scriptedServer(
      answer(200, DEVICE),
      ...replies,
      answer(200, TOKENS),
    );
    const m = at(origin);
    expect(await qwen(m, LOGIN)).toMatchObject({ exitCode: 0 });
    expect(requests).toHaveLength(replies.length + 2);
    expect(tokensOf(m)?.access_token).toBe(TOKENS.access_token);
  });

  type Failure = {
    readonly name: string;
    readonly replies: readonly Reply[];
    readonly exitCode: number;
    readonly says: string;
    readonly requests?: number;
  };
  const short = answer(200, { ...DEVICE, expires_in: 0.3 });
  const failures: readonly Failure[] = [
    {
      name: "a denial, at once",
      replies: [answer(200, DEVICE), answer(400, { error: "access_denied" }), PENDING],
      exitCode: 4,
      says: "the login was denied",
      requests: 2,
    },
    {
      name: "a code that the service calls expired, at once",
      replies: [answer(200, DEVICE), answer(400, { error: "expired_token" }), PENDING],
      exitCode: 4,
      says: "the code expired",
      requests: 2,
    },
    {
      name: "a 401, at once",
      replies: [answer(200, DEVICE), answer(401, { error: "invalid_client" }), PENDING],
      exitCode: 4,
      says: "refuses the login (401: invalid_client); its free tier was discontinued on 2026-04-15",
      requests: 2,
    },
    {
      name: "a code that nobody approved",
      replies: [short, PENDING],
      exitCode: 4,
      says: "the code expired",
    },
    {
      name: "a gateway that stays away to the end",
      replies: [short, HTML],
      exitCode: 5,
      says: "has a problem (502",
    },
    {
      name: "a service that gives no code",
      replies: [answer(403, { error: "access_denied", error_description: "closed" })],
      exitCode: 4,
      says: "refuses the login (403: access_denied, closed); its free tier was discontinued",
      requests: 1,
    },
    {
      name: "a web page instead of a code",
      replies: [answer(200, "<html></html>")],
      exitCode: 5,
      says: "the answer is a web page",
      requests: 1,
    },
    {
      name: "an answer without a code",
      replies: [answer(200, { user_code: "X" })],
      exitCode: 5,
      says: "the answer has no code",
      requests: 1,
    },
    {
      name: "tokens that are none",
      replies: [answer(200, DEVICE), answer(200, { token_type: "Bearer" })],
      exitCode: 5,
      says: "the answer has no `access_token`",
      requests: 2,
    },
    {
      name: "a `resource_url` over plain HTTP",
      replies: [
        answer(200, DEVICE),
        answer(200, { ...TOKENS, resource_url: "http://portal.example" }),
      ],
      exitCode: 5,
      says: "its `resource_url` cannot be used: it must begin with https://",
      requests: 2,
    },
    {
      name: "a redirect to another origin",
      replies: [answer(307, "", { location: "https://evil.example/" })],
      exitCode: 1,
      says: "redirects to https://evil.example",
      requests: 1,
    },
    {
      name: "an answer of more than 1 MiB",
      replies: [answer(200, JSON.stringify({ ...DEVICE, more: "x".repeat(1024 * 1024) }))],
      exitCode: 5,
      says: "the answer is longer than 1 MiB",
      requests: 1,
    },
  ];
  test.each(failures)("ends on $name", async ({ replies, exitCode, says, requests }) => {
    const server = await scriptedServer(...replies);
    const m = at(server.origin);
    const ran = await qwen(m, LOGIN);
    expect(ran).toMatchObject({ exitCode, stdout: "" });
    expect(ran.stderr).toContain(`error: Cannot log in with Qwen OAuth: `);
    expect(ran.stderr).toContain(says);
    if (requests !== undefined) {
      expect(server.requests).toHaveLength(requests);
    }
    expectNothingWritten(m);
  });

  test("exits with 5 when there is no service", async () => {
    const m = at(await deadOrigin());
    const ran = await qwen(m, [...LOGIN, "--json"]);
    expect(ran.exitCode).toBe(5);
    expect(JSON.parse(ran.stdout).error).toMatchObject({ code: "unreachable", exitCode: 5 });
    expectNothingWritten(m);
  });

  test("takes a token without `expires_in` and without a refresh token", async () => {
    const { origin } = await scriptedServer(
      answer(200, DEVICE),
      answer(200, { access_token: TOKENS.access_token, token_type: "bearer" }),
    );
    const m = at(origin);
    expect((await qwen(m, LOGIN)).exitCode).toBe(0);
    expect(tokensOf(m)).toEqual({
      access_token: TOKENS.access_token,
      refresh_token: "",
      token_type: "bearer",
      expiry_date: expect.any(Number),
    });
    const status = await qwen(m, ["auth", "status", "--json"]);
    expect(JSON.parse(status.stdout)).toMatchObject({
      loggedIn: true,
      baseUrl: { value: "https://dashscope.aliyuncs.com/compatible-mode/v1" },
    });
  });

  test("prints one JSON object with --json, and selects Qwen OAuth over a chosen model", async () => {
    const { origin } = await scriptedServer(answer(200, DEVICE), answer(200, TOKENS));
    const m = at(origin);
    m.write(
      ".qwen/settings.json",
      '{ "model": {"name": "m", "baseUrl": "u"}, /* mine */ "ui": 1 }',
    );
    const ran = await qwen(m, [...LOGIN, "--json", "--quiet"]);
    expect(ran.exitCode).toBe(0);
    expect(JSON.parse(ran.stdout)).toEqual({
      schemaVersion: 1,
      provider: "qwen-oauth",
      method: "qwen-oauth",
      protocol: "openai",
      baseUrl: "https://portal.example/v1",
      models: ["coder-model"],
      model: "coder-model",
      store: "oauth-file",
      path: m.settings,
      tokensPath: join(m.home, ".qwen", "oauth_creds.json"),
      discontinuedOn: "2026-04-15",
      verified: { state: "unchecked" },
      warnings: [],
    });
    expect(ran.stderr).toContain(`  ${DEVICE.verification_uri_complete}\n`);
    const settings = readFileSync(m.settings, "utf8");
    expect(settings).toContain("/* mine */");
    expect(settings).toContain('"qwen-oauth"');
    expect(settings).not.toContain('"name"');
  });

  test("says what wins over it", async () => {
    const { origin } = await scriptedServer(answer(200, DEVICE), answer(200, TOKENS));
    const m = at(origin);
    m.write("p/.qwen/settings.json", { security: { auth: { selectedType: "openai" } } });
    const ran = await qwen(m, LOGIN);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain("(security.auth.selectedType) wins over Qwen OAuth");
  });

  test("uses tokens that are stored and still good without a word to the service", async () => {
    const { origin, requests } = await scriptedServer(answer(500));
    const m = at(origin);
    const stored = { ...TOKENS, expiry_date: Date.now() + 1e6, mine: 1 };
    m.write(".qwen/oauth_creds.json", stored);
    const ran = await qwen(m, LOGIN, { env: { QWEN_OFFLINE: "1" } });
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain("✓ Qwen OAuth is set up with the tokens that are stored\n");
    expect({ requests, tokens: tokensOf(m) }).toEqual({ requests: [], tokens: stored });
  });

  test("logs in anew when the service does not take the stored login any more", async () => {
    const { origin } = await scriptedServer(
      answer(400, { error: "invalid_grant" }),
      answer(200, DEVICE),
      answer(200, TOKENS),
    );
    const m = at(origin);
    m.write(".qwen/oauth_creds.json", {
      ...{ access_token: "old-token", refresh_token: "old-refresh", token_type: "Bearer" },
      expiry_date: 1,
    });
    const ran = await qwen(m, LOGIN);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain("does not take the refresh token (400: invalid_grant)");
    expect(tokensOf(m)?.access_token).toBe(TOKENS.access_token);
  });

  test("does not connect when that is not allowed", async () => {
    const { origin, requests } = await scriptedServer(answer(200, DEVICE));
    const m = at(origin);
    const ran = await qwen(m, [...LOGIN, "--offline"]);
    expect(ran.exitCode).toBe(2);
    expect(requests).toEqual([]);
    expectNothingWritten(m);
  });

  test("shows URL and code as they are, though they look like credentials", async () => {
    const uri = "https://account.example/?login_token=0123456789";
    const device = {
      ...DEVICE,
      verification_uri_complete: uri,
      user_code: "sk-0123456789abcdefghij0",
    };
    const { origin } = await scriptedServer(answer(200, device), answer(200, TOKENS));
    const { stderr } = await qwen(at(origin), LOGIN);
    expect(stderr).toContain(`\n  ${uri}\n`);
    expect(stderr).toContain(`\n  ${device.user_code}\n`);
  });

  test("makes its file private whatever the umask and the mode of the directory", async () => {
    const { origin } = await scriptedServer(answer(200, DEVICE), answer(200, TOKENS));
    const m = at(origin);
    m.write(".qwen/settings.json", {});
    chmodSync(join(m.home, ".qwen"), 0o755);
    const umask = process.umask(0);
    try {
      expect((await qwen(m, LOGIN)).exitCode).toBe(0);
    } finally {
      process.umask(umask);
    }
    expect(tokensMode(m)).toBe(0o600);
  });
});
