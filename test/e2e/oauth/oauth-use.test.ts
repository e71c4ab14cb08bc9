import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { accountProvider } from "../../support/account-provider.ts";
import { OPENAI } from "../../support/model-answers.ts";
import { machine, qwen } from "../../support/qwen.ts";
import {
  answer,
  deadOrigin,
  type Reply,
  type ScriptedServer,
  scriptedServer,
  silence,
  stream,
} from "../../support/scripted-server.ts";
import { startQwen } from "../../support/start-qwen.ts";
import {
  ACCESS,
  EXPIRED,
  HOUR_MS,
  oauthMachine,
  REFRESH,
  RENEWED,
  tokensOf,
} from "./oauth-machine.ts";

setDefaultTimeout(60_000);

const ASK = ["-p", "Hi"];
const HELLO = stream([OPENAI.text("Hello"), OPENAI.finish]);
const [, REJECTION] = OPENAI.rejected;
const REJECTED = answer(401, REJECTION);
const DISCONTINUED = "its free tier was discontinued on 2026-04-15";
const HINT = "\nhint: run `qwen auth coding-plan` or `qwen auth api-key`\n";

/** Model and account service, each with its own replies, and a machine that knows both. */
async function services(
  { model, account }: { readonly model: readonly Reply[]; readonly account: readonly Reply[] },
  tokens: Readonly<Record<string, unknown>> = {},
) {
  const models = await scriptedServer(...model);
  const accounts = await scriptedServer(...account);
  const m = oauthMachine({
    account: accounts.origin,
    tokens: { resource_url: models.origin, ...tokens },
  });
  return { m, models, accounts };
}

function keysSent({ requests }: ScriptedServer): (string | undefined)[] {
  return requests.map(({ headers }) => headers.authorization);
}

describe("a question with Qwen OAuth", () => {
  test("goes to the service of the token, with its headers, and to nobody else", async () => {
    const { m, models, accounts } = await services({ model: [HELLO], account: [answer(500)] });
    expect(await qwen(m, ASK)).toEqual({ exitCode: 0, stdout: "Hello\n", stderr: "" });
    const [request] = models.requests;
    expect(request).toMatchObject({ method: "POST", path: "/v1/chat/completions" });
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${ACCESS}`,
      "x-dashscope-authtype": "qwen-oauth",
      "x-dashscope-cachecontrol": "enable",
      "x-dashscope-useragent": request?.headers["user-agent"] ?? "",
    });
    expect(JSON.parse(request?.body ?? "").model).toBe("coder-model");
    expect(accounts.requests).toEqual([]);
  });

  test("takes the model that a flag names", async () => {
    const { m, models } = await services({ model: [HELLO], account: [] });
    await qwen(m, [...ASK, "--model", "vision-model"]);
    expect(JSON.parse(models.requests[0]?.body ?? "").model).toBe("vision-model");
  });

  test("refreshes an expired token first; what the answer leaves out stays", async () => {
    const { access_token } = RENEWED;
    const { m, models, accounts } = await services(
      { model: [HELLO], account: [answer(200, { access_token, expires_in: 3600 })] },
      { ...EXPIRED, mine: { kept: true } },
    );
    expect(await qwen(m, ASK)).toMatchObject({ exitCode: 0, stdout: "Hello\n" });
    expect(Object.fromEntries(new URLSearchParams(accounts.requests[0]?.body))).toEqual({
      grant_type: "refresh_token",
      refresh_token: REFRESH,
      client_id: "f0304373b74a44d2b584a3fb70ca9e56",
    });
    expect(accounts.requests[0]?.headers["x-request-id"]).toBeUndefined();
    expect(keysSent(models)).toEqual([`Bearer ${access_token}`]);
    expect(tokensOf(m)).toEqual({
      access_token,
      refresh_token: REFRESH,
      token_type: "Bearer",
      resource_url: models.origin,
      expiry_date: expect.any(Number),
      mine: { kept: true },
    });
    expect(Number(tokensOf(m)?.expiry_date)).toBeGreaterThan(Date.now() + HOUR_MS / 2);
  });

  test("keeps a rotated refresh token and goes where the answer says", async () => {
    const other = await scriptedServer(HELLO);
    const { m, models } = await services(
      { model: [HELLO], account: [answer(200, { ...RENEWED, resource_url: other.origin })] },
      EXPIRED,
    );
    expect((await qwen(m, ASK)).exitCode).toBe(0);
    expect({ old: models.requests.length, other: other.requests.length }).toEqual({
      old: 0,
      other: 1,
    });
    expect(tokensOf(m)).toMatchObject({
      refresh_token: RENEWED.refresh_token,
      resource_url: other.origin,
    });
  });

  test("keeps the place of the token when the answer names one that is not safe", async () => {
    const bad = { ...RENEWED, resource_url: "http://evil.example" };
    const { m, models } = await services({ model: [HELLO], account: [answer(200, bad)] }, EXPIRED);
    expect((await qwen(m, ASK)).exitCode).toBe(0);
    expect(tokensOf(m)).toMatchObject({
      refresh_token: RENEWED.refresh_token,
      resource_url: models.origin,
    });
  });

  test("refreshes once, and asks once more, when a token is refused that looks good", async () => {
    const { m, models, accounts } = await services({
      model: [REJECTED, HELLO],
      account: [answer(200, RENEWED)],
    });
    expect(await qwen(m, ASK)).toEqual({ exitCode: 0, stdout: "Hello\n", stderr: "" });
    expect(keysSent(models)).toEqual([`Bearer ${ACCESS}`, `Bearer ${RENEWED.access_token}`]);
    expect(accounts.requests).toHaveLength(1);
  });

  test("says that the free tier has ended when the new token is refused, too", async () => {
    const { m, models, accounts } = await services({
      model: [answer(403, REJECTION)],
      account: [answer(200, RENEWED)],
    });
    const ran = await qwen(m, ASK);
    const host = new URL(models.origin).host;
    expect(ran).toEqual({
      exitCode: 4,
      stdout: "",
      stderr:
        `error: Cannot ask "coder-model": ${host} does not accept the token of Qwen OAuth, ` +
        `whose free tier was discontinued on 2026-04-15 (403: Incorrect API key)\n${HINT}`,
    });
    expect([models.requests.length, accounts.requests.length]).toEqual([2, 1]);
    expect(tokensOf(m)?.access_token).toBe(RENEWED.access_token);
  });

  test.each([
    ["400", answer(400, { error: "invalid_grant", error_description: "used up" })],
    ["401", answer(401, { error: "invalid_client" })],
  ])(
    "removes the tokens when the refresh is refused with %s, and says how to go on",
    async (status, reply) => {
      const { m, models } = await services({ model: [HELLO], account: [reply] }, EXPIRED);
      const ran = await qwen(m, [...ASK, "-o", "json"]);
      expect(ran.exitCode).toBe(4);
      const { error } = JSON.parse(ran.stdout);
      expect(error).toMatchObject({ code: "oauth-refused", exitCode: 4 });
      expect(error.message).toContain(`does not take the refresh token (${status}: invalid_`);
      expect(error.message).toEndWith(`the stored tokens were removed; ${DISCONTINUED}`);
      expect(tokensOf(m)).toBeUndefined();
      expect(models.requests).toEqual([]);
      const again = await qwen(m, ASK);
      expect(again).toEqual({
        exitCode: 4,
        stdout: "",
        stderr: `error: Cannot ask a model: Qwen OAuth (selected by ~/.qwen/settings.json (security.auth.selectedType)) has no stored tokens, and ${DISCONTINUED}\n${HINT}`,
      });
    },
  );

  test.each<readonly [name: string, reply: Reply, exitCode: number]>([
    ["is answered with 503", answer(503), 5],
    ["is answered with 429", answer(429, { error: "rate_limited" }), 5],
    ["is answered with a web page", answer(400, "<html>Sign in to the Wi-Fi</html>"), 5],
    ["is cut off", (socket) => void socket.destroy(), 5],
    ["is answered without a token", answer(200, {}), 5],
    ["is forbidden", answer(403, { error: "access_denied" }), 4],
    ["is sent elsewhere", answer(307, "", { location: "https://evil.example" }), 1],
    ["is never answered", silence, 5],
  ])("keeps the tokens when the refresh %s", async (_name, reply, exitCode) => {
    const { m, models, accounts } = await services({ model: [HELLO], account: [reply] }, EXPIRED);
    const before = tokensOf(m);
    const ran = await qwen(m, ASK);
    expect(ran).toMatchObject({ exitCode, stdout: "" });
    expect(ran.stderr).toStartWith("error: Cannot refresh the token of Qwen OAuth: ");
    expect(tokensOf(m)).toEqual(before);
    expect([models.requests.length, accounts.requests.length]).toEqual([0, 1]);
  });

  test("cannot refresh when there is no service", async () => {
    const m = oauthMachine({ account: await deadOrigin(), tokens: EXPIRED });
    expect((await qwen(m, ASK)).exitCode).toBe(5);
    expect(tokensOf(m)?.access_token).toBe(ACCESS);
  });

  test("asks nobody but the model with --offline", async () => {
    const { m, models, accounts } = await services({ model: [REJECTED], account: [] });
    expect((await qwen(m, [...ASK, "--offline"])).exitCode).toBe(4);
    expect([models.requests.length, accounts.requests.length]).toEqual([1, 0]);
    const late = await services({ model: [HELLO], account: [] }, EXPIRED);
    const ran = await qwen(late.m, [...ASK, "--offline"]);
    expect(ran.exitCode).toBe(4);
    expect(ran.stderr).toContain("the network is not allowed");
    expect(late.accounts.requests).toEqual([]);
  });

  test("recovers from a clock that makes an old token look good, and a good one look old", async () => {
    const far = { expiry_date: Date.now() + 1e12 };
    const ahead = await services(
      { model: [REJECTED, HELLO], account: [answer(200, RENEWED)] },
      far,
    );
    expect((await qwen(ahead.m, ASK)).exitCode).toBe(0);
    const seconds = { expiry_date: Math.floor(Date.now() / 1000) };
    const behind = await services({ model: [HELLO], account: [answer(200, RENEWED)] }, seconds);
    expect((await qwen(behind.m, ASK)).exitCode).toBe(0);
    expect(behind.accounts.requests).toHaveLength(1);
  });
});

describe("several processes with an expired token", () => {
  test("make one request to a service that takes each refresh token once, and all succeed", async () => {
    const account = await accountProvider();
    const models = await scriptedServer(HELLO);
    const bare = machine();
    const fresh = { ...bare, env: { ...bare.env, QWEN_OAUTH_BASE_URL: account.origin } };
    const login = startQwen(fresh, ["auth", "qwen-oauth", "--force"]);
    await account.approve(await login.saw(/^ {2}(https?:\S+)$/m));
    expect((await login.ended).exitCode).toBe(0);
    fresh.write(".qwen/oauth_creds.json", {
      ...tokensOf(fresh),
      ...EXPIRED,
      resource_url: models.origin,
    });
    const all = await Promise.all(Array.from({ length: 20 }, () => qwen(fresh, ASK)));
    expect(all).toEqual(
      Array.from({ length: 20 }, () => ({ exitCode: 0, stdout: "Hello\n", stderr: "" })),
    );
    expect(account.requests.filter((it) => it.endsWith(" refresh_token"))).toHaveLength(1);
    expect(new Set(keysSent(models))).toEqual(new Set([`Bearer ${tokensOf(fresh)?.access_token}`]));
  });

  test("make one request after a refusal, too", async () => {
    const accounts = await scriptedServer(answer(200, RENEWED));
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: ({ headers }) =>
        headers.get("authorization") === `Bearer ${RENEWED.access_token}`
          ? new Response(OPENAI.text("Hello") + OPENAI.finish)
          : Response.json(REJECTION, { status: 401 }),
    });
    const resource_url = `http://127.0.0.1:${server.port}`;
    const m = oauthMachine({ account: accounts.origin, tokens: { resource_url } });
    const all = await Promise.all(Array.from({ length: 8 }, () => qwen(m, ASK)));
    await server.stop(true);
    expect(all.map(({ exitCode }) => exitCode)).toEqual(Array.from({ length: 8 }, () => 0));
    expect(accounts.requests).toHaveLength(1);
  });

  test("are not held up by one that is killed while it refreshes", async () => {
    const { m, accounts } = await services(
      { model: [HELLO], account: [silence, answer(200, RENEWED)] },
      EXPIRED,
    );
    const holder = startQwen(m, ASK);
    while (accounts.requests.length === 0) {
      await Bun.sleep(5);
    }
    const waiting = [startQwen(m, ASK), startQwen(m, ASK)];
    holder.kill("SIGKILL");
    await holder.ended;
    const all = await Promise.all(waiting.map(({ ended }) => ended));
    expect(all.map(({ stdout }) => stdout)).toEqual(["Hello\n", "Hello\n"]);
    expect(accounts.requests).toHaveLength(2);
  });
});
