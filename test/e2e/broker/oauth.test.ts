import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { qwen } from "../../support/qwen.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";
import { ACCESS, EXPIRED, oauthMachine, RENEWED, tokensOf } from "../oauth/oauth-machine.ts";
import { chat, chatAnswer, runScript, serve, type Upstream, upstream } from "./broker-machine.ts";

const CHAT = "/openai/v1/chat/completions";

const refused = () => Response.json({ error: { message: "token expired" } }, { status: 401 });

/** A service that takes one token alone. */
function serviceFor(token: string): Upstream {
  return upstream(({ headers }) =>
    headers.get("authorization") === `Bearer ${token}` ? chatAnswer() : refused(),
  );
}

const sent = ({ received }: Upstream) =>
  received.map(({ headers }) => headers.get("authorization")?.slice(7));

describe("a run with the tokens of Qwen OAuth", () => {
  test("sends the token with what it is, where it belongs, and its model", async () => {
    const service = serviceFor(ACCESS);
    const account = await scriptedServer(answer(500));
    const set = oauthMachine({
      account: account.origin,
      tokens: { resource_url: service.origin },
    });
    const own = await serve(set);
    const headers = { "x-dashscope-authtype": "openai" };
    expect((await own.ask(CHAT, { ...chat("gpt-5"), headers })).status).toBe(200);
    const { stderr } = await own.stop();
    expect(stderr).toContain("1 request to");
    const [got] = service.received;
    expect([got?.path, got?.headers.get("x-dashscope-authtype"), sent(service)]).toEqual([
      "/v1/chat/completions",
      "qwen-oauth",
      [ACCESS],
    ]);
    expect(JSON.parse(got?.body ?? "").model).toBe("coder-model");
    expect(account.requests).toEqual([]);
  });

  test("renews an expired one before it starts, and goes where the new one is good", async () => {
    const [old, other] = [upstream(), serviceFor(RENEWED.access_token)];
    const account = await scriptedServer(answer(200, { ...RENEWED, resource_url: other.origin }));
    const set = oauthMachine({
      account: account.origin,
      tokens: { ...EXPIRED, resource_url: old.origin },
    });
    const own = await serve(set);
    expect((await own.ask(CHAT, chat())).status).toBe(200);
    await own.stop();
    expect([old.received, sent(other)]).toEqual([[], [RENEWED.access_token]]);
    expect(tokensOf(set)).toMatchObject({ refresh_token: RENEWED.refresh_token });
  });

  test("renews one that is refused, once for all that wait, and says nothing meanwhile", async () => {
    const service = serviceFor(RENEWED.access_token);
    const account = await scriptedServer(answer(200, RENEWED));
    const set = oauthMachine({
      account: account.origin,
      tokens: { resource_url: service.origin },
    });
    const own = await serve(set);
    const answers = await Promise.all(Array.from({ length: 10 }, () => own.ask(CHAT, chat())));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(account.requests).toHaveLength(1);
    const { stderr } = await own.stop();
    expect(stderr).not.toContain("warning");
    expect(tokensOf(set)).toMatchObject({ access_token: RENEWED.access_token });
  });

  test("passes the refusal on where there is no other, and asks no second time", async () => {
    const service = upstream(refused);
    const account = await scriptedServer(answer(400, { error: "invalid_grant" }));
    const set = oauthMachine({
      account: account.origin,
      tokens: { resource_url: service.origin },
    });
    const own = await serve(set);
    for (let round = 0; round < 2; round += 1) {
      const got = await own.ask(CHAT, chat());
      expect([got.status, got.headers.get("x-should-retry"), await got.text()]).toEqual([
        401,
        "false",
        expect.stringContaining("token expired"),
      ]);
    }
    expect([account.requests.length, sent(service)]).toEqual([1, [ACCESS, ACCESS]]);
    expect((await own.stop()).stderr).toContain("does not accept");
  });

  test("sends a token that was renewed for another address nowhere, and says so", async () => {
    const [service, other] = [upstream(refused), upstream()];
    const account = await scriptedServer(answer(200, { ...RENEWED, resource_url: other.origin }));
    const set = oauthMachine({
      account: account.origin,
      tokens: { resource_url: service.origin },
    });
    const own = await serve(set);
    expect((await own.ask(CHAT, chat())).status).toBe(401);
    const { stderr } = await own.stop();
    expect(stderr).toContain(`was renewed for ${new URL(other.origin).host}`);
    expect([sent(service), other.received]).toEqual([[ACCESS], []]);
    expect(tokensOf(set)).toMatchObject({ resource_url: other.origin });
  });

  test.each([
    [
      "no refresh token",
      { refresh_token: "" },
      answer(200, RENEWED),
      [],
      4,
      "has only a token that has expired",
    ],
    ["a refusal", {}, answer(400, { error: "invalid_grant" }), [], 4, "Cannot refresh the token"],
    ["an outage", {}, answer(503), [], 5, "Cannot refresh the token"],
    ["no network", {}, answer(200, RENEWED), ["--offline"], 4, "the network is not allowed"],
  ])(
    "that have expired is refused before it starts: %s",
    async (_, tokens, reply, flags, exitCode, why) => {
      const service = upstream();
      const account = await scriptedServer(reply);
      const set = oauthMachine({
        account: account.origin,
        tokens: { ...EXPIRED, resource_url: service.origin, ...tokens },
      });
      const ran = await runScript(set, "touch started", { flags });
      expect([ran.exitCode, ran.stderr]).toEqual([exitCode, expect.stringContaining(why)]);
      expect([existsSync(join(set.project, "started")), service.received]).toEqual([false, []]);
    },
  );

  test("has no Anthropic protocol, which is said before anything is renewed", async () => {
    const account = await scriptedServer(answer(200, RENEWED));
    const set = oauthMachine({ account: account.origin, tokens: EXPIRED });
    const ran = await qwen(set, ["auth", "run", "--recipe", "claude", "--", "true"]);
    expect([ran.exitCode, ran.stderr]).toEqual([2, expect.stringContaining("has no Anthropic")]);
    expect(account.requests).toEqual([]);
    const dry = await qwen(set, ["auth", "run", "--dry-run", "--", "true"]);
    expect([dry.exitCode, account.requests]).toEqual([0, []]);
  });
});
