import { describe, expect, test } from "bun:test";
import { verifyConnection } from "../../src/connect/verify-connection.ts";
import { laterProblemOf } from "../support/problem-of.ts";
import { GLOBALS, networked, setUp } from "./set-up.ts";

const KEY = "sk-0123456789abcdef";
const SELECTED = { security: { auth: { selectedType: "openai" } }, model: { name: "m" } };
const SETTINGS = {
  ...SELECTED,
  env: { A_KEY: KEY },
  modelProviders: { openai: [{ id: "m", baseUrl: "https://one.example/v1", envKey: "A_KEY" }] },
};

const list = (...ids: readonly string[]) => Response.json({ data: ids.map((id) => ({ id })) });
const refused = () => Response.json({ error: { message: "Invalid API key" } }, { status: 401 });

const OAUTH = { security: { auth: { selectedType: "qwen-oauth" } } };
/** A service of tokens on this machine, which `QWEN_OAUTH_BASE_URL` names. */
const tokens = (more: object) => ({
  access_token: "old-access-token",
  refresh_token: "old-refresh-token",
  token_type: "Bearer",
  expiry_date: Date.now() + 3_600_000,
  ...more,
});

describe("verifyConnection()", () => {
  test("asks the service about the key in force", async () => {
    const { runtime, load } = setUp({ settings: SETTINGS, terminals: ["stderr"] });
    const { at, asked } = networked(runtime, (_url, key) => (key === KEY ? list("m") : refused()));
    expect(await verifyConnection(at, GLOBALS, await load())).toMatchObject({
      state: "ok",
      modelListed: true,
    });
    // Without the key, too: a list that everybody gets proves none.
    const url = "https://one.example/v1/models";
    expect(asked.map((each) => [each.url, each.key])).toEqual([
      [url, KEY],
      [url, null],
    ]);
    expect(runtime.written.stderr).toContain("Asking one.example …");
  });

  test("names a key that is refused by its source", async () => {
    const { runtime, load, home } = setUp({ settings: SETTINGS });
    const { at } = networked(runtime, refused);
    const verification = await verifyConnection(at, { ...GLOBALS, quiet: true }, await load());
    expect(verification).toMatchObject({ state: "rejected", httpStatus: 401 });
    expect(JSON.stringify(verification)).toContain(
      `the key of ${home}/.qwen/settings.json (env.A_KEY)`,
    );
    expect(runtime.written.stderr).toBe("");
  });

  test.each([
    [KEY, "ok", "12.5 USD"],
    ["sk-another-0123456789", "rejected", undefined],
  ])("asks what is left of a key that is taken alone: %s", async (good, state, left) => {
    const deepseek = { id: "m", baseUrl: "https://api.deepseek.com", envKey: "DEEPSEEK_API_KEY" };
    const settings = {
      ...SELECTED,
      env: { DEEPSEEK_API_KEY: KEY },
      modelProviders: { openai: [deepseek] },
    };
    const { runtime, load } = setUp({ settings });
    const { at, asked } = networked(runtime, (url, key) =>
      key !== good
        ? refused()
        : url.endsWith("/balance")
          ? Response.json({ balance_infos: [{ currency: "USD", total_balance: "12.5" }] })
          : list("m"),
    );
    const verification = await verifyConnection(at, GLOBALS, await load());
    expect(verification).toMatchObject({ state, ...(left && { left }) });
    expect("left" in verification).toBe(left !== undefined);
    expect(asked.some(({ url }) => url.endsWith("/balance"))).toBe(left !== undefined);
  });

  test.each([{}, { ...SETTINGS, env: {} }])(
    "asks nobody where nothing can be sent: %j",
    async (settings) => {
      const { runtime, load } = setUp({ settings });
      const { at, asked } = networked(runtime, refused);
      expect(await verifyConnection(at, GLOBALS, await load())).toEqual({ state: "unchecked" });
      expect(asked).toEqual([]);
    },
  );

  test.each([
    [{ QWEN_OFFLINE: "1" }, {}, "`QWEN_OFFLINE` is set"],
    [{}, { offline: true }, "`--offline` was given"],
  ])("refuses where nothing may be connected to: %j %j", async (env, more, why) => {
    const { runtime, load } = setUp({ settings: SETTINGS, env });
    const { at, asked } = networked(runtime, refused);
    const connection = await load();
    const work = () => verifyConnection(at, { ...GLOBALS, ...more }, connection);
    expect(await laterProblemOf(work)).toMatchObject({
      name: "UsageError",
      message: `Cannot use \`--verify\`: ${why}`,
    });
    expect(asked).toEqual([]);
  });
});

describe("verifyConnection() with tokens of Qwen OAuth", () => {
  const NEW = { access_token: "new-access-token", refresh_token: "r2", expires_in: 3600 };
  const isToken = (url: string) => url.includes("/oauth2/token");

  /** What is told of stored tokens by services that take one token alone. */
  async function told(stored: object, good: string, renewed: () => Response, more: object = {}) {
    const { runtime, load } = setUp({
      settings: OAUTH,
      files: { ".qwen/oauth_creds.json": tokens(stored) },
    });
    const { at, asked } = networked(runtime, (url, key) =>
      isToken(url) ? renewed() : key === good ? list("coder-model") : refused(),
    );
    const verification = await verifyConnection(at, { ...GLOBALS, ...more }, await load());
    const steps = asked.map(({ url, key }) => (isToken(url) ? "renew" : key));
    return { verification, asked: [...new Set(steps.filter((step) => step !== null))] };
  }

  test("takes a token that is good as it is", async () => {
    const { verification, asked } = await told({}, "old-access-token", refused);
    expect(verification.state).toBe("ok");
    expect(asked).toEqual(["old-access-token"]);
  });

  test("renews one that has expired before it asks", async () => {
    const { verification, asked } = await told({ expiry_date: 1 }, NEW.access_token, () =>
      Response.json(NEW),
    );
    expect(verification.state).toBe("ok");
    expect(asked).toEqual(["renew", NEW.access_token]);
  });

  test("renews one that is refused, and asks again", async () => {
    const { verification, asked } = await told({}, NEW.access_token, () => Response.json(NEW));
    expect(verification.state).toBe("ok");
    expect(asked).toEqual(["old-access-token", "renew", NEW.access_token]);
  });

  test("tells what was said of the first where the other is refused too", async () => {
    const { verification } = await told({}, "none", () => Response.json(NEW));
    expect(verification).toMatchObject({ state: "rejected", httpStatus: 401 });
  });

  test.each([
    [400, { error: "invalid_grant" }, "rejected"],
    [503, { error: "temporarily_unavailable" }, "unreachable"],
  ])("tells of a renewal that fails with %i %j: %s", async (status, body, state) => {
    const { verification } = await told({ expiry_date: 1 }, "none", () =>
      Response.json(body, { status }),
    );
    expect(verification).toMatchObject({ state, detail: expect.stringMatching(/^Cannot /) });
    expect(JSON.stringify(verification)).toMatch(/"checkedAt":"2\d{3}-/);
  });
});
