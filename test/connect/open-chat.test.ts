import { describe, expect, test } from "bun:test";
import { openChat } from "../../src/connect/open-chat.ts";
import type { RequestFailure } from "../../src/http/request-failure.ts";
import type { Captured } from "../../src/runtime.ts";
import { laterProblemOf } from "../support/problem-of.ts";
import { GLOBALS, networked, setUp } from "./set-up.ts";

const KEY = "sk-0123456789abcdef";
const AT = "https://one.example/v1";
const OPTIONS = { ...GLOBALS, system: undefined };
const SELECTED = { security: { auth: { selectedType: "openai" } }, model: { name: "m" } };
const models = (...entries: readonly object[]) => ({ modelProviders: { openai: entries } });
const ENTRY = { id: "m", baseUrl: AT, envKey: "A_KEY" };
const SETTINGS = { ...SELECTED, env: { A_KEY: KEY }, ...models(ENTRY) };
const refused = (status: number): RequestFailure => ({
  ...{ kind: "rejected", message: "no", status },
});

/** The chat of a machine with these settings. */
async function opened(
  given: Parameters<typeof setUp>[0],
  { system, reply = () => new Response() }: { system?: string; reply?: () => Response } = {},
) {
  const set = setUp(given);
  const { at, asked } = networked(set.runtime, reply);
  const chat = await openChat(at, { ...OPTIONS, system }, await set.load());
  return { ...set, ...chat, asked };
}

describe("openChat()", () => {
  test("has all that a question needs, and asks nobody", async () => {
    const other = { ...ENTRY, id: "n" };
    const elsewhere = { ...ENTRY, id: "o", baseUrl: "https://two.example/v1" };
    const generationConfig = {
      contextWindowSize: 1000,
      samplingParams: { temperature: 0.5 },
      customHeaders: { "x-team": "secret-team-value" },
    };
    const settings = { ...SETTINGS, ...models({ ...ENTRY, generationConfig }, other, elsewhere) };
    const { service, notices, asked, home, runtime } = await opened(
      { settings },
      { system: "Be brief" },
    );
    expect(service.endpoint).toMatchObject({
      protocol: "openai",
      baseUrl: AT,
      credential: { value: KEY, scheme: "key" },
      customHeaders: { "x-team": "secret-team-value" },
    });
    expect(service.request).toEqual({
      model: "m",
      system: "Be brief",
      samplingParams: { temperature: 0.5 },
    });
    expect(service.keyName).toBe(`the key of ${home}/.qwen/settings.json (env.A_KEY)`);
    expect([service.knownModels, service.contextWindow]).toEqual([["m", "n"], 1000]);
    expect(service.renew).toBeUndefined();
    expect(notices).toEqual([]);
    expect(asked).toEqual([]);
    expect(runtime.secrets).toEqual(expect.arrayContaining([KEY]));
  });

  test("has neither a system text nor a window that is not known", async () => {
    const { service } = await opened({ settings: SETTINGS });
    expect(service.request).toEqual({ model: "m" });
    expect(service).not.toHaveProperty("contextWindow");
  });

  test("says first what is wrong, then where a project sends the question", async () => {
    const { notices } = await opened({
      settings: { ...SELECTED, ui: 3, env: { A_KEY: `${KEY},` }, ...models(ENTRY), $version: 3 },
      files: {
        "p/.qwen/settings.json": {
          modelProviders: { openai: [{ id: "m", baseUrl: "http://localhost:9/v1" }] },
        },
      },
    });
    expect(notices.at(-1)).toStartWith("the endpoint is http://localhost:9/v1 from ");
    expect(notices.slice(0, -1).every((line) => line.startsWith("warning: "))).toBe(true);
    const warned = await opened({ settings: { ...SETTINGS, env: { A_KEY: `${KEY},` } } });
    expect(warned.notices).toEqual([
      expect.stringMatching(/^warning: the key of `env.A_KEY` in .*: it ends in `,`/),
    ]);
  });

  test("throws what keeps a question from being sent", async () => {
    const { load, runtime } = setUp({ settings: { ...SETTINGS, env: {} } });
    const connection = await load();
    expect(await laterProblemOf(() => openChat(runtime, OPTIONS, connection))).toMatchObject({
      code: "key-missing",
      message: "Cannot ask a model: no key: A_KEY is not set",
    });
  });
});

describe("openChat() with a key helper", () => {
  /** A helper that prints one key after the other. */
  async function helped() {
    const set = setUp({
      settings: { ...SELECTED, ...models(ENTRY), apiKeyHelper: { A_KEY: "/bin/pass" } },
    });
    let runs = 0;
    const capture = async (): Promise<Captured> => {
      runs += 1;
      return { kind: "ended", exitCode: 0, stdout: `sk-helper-000${runs}`, stderr: "" };
    };
    const at = { ...set.runtime, capture };
    const { service } = await openChat(at, OPTIONS, await set.load());
    return { service, runs: () => runs, at };
  }

  test("takes the key that it holds for the next question", async () => {
    const { service, runs } = await helped();
    expect(service.endpoint.credential?.value).toBe("sk-helper-0001");
    expect((await service.renew?.())?.credential?.value).toBe("sk-helper-0001");
    expect(runs()).toBe(1);
  });

  test("asks it again once the key is refused", async () => {
    const { service, runs, at } = await helped();
    expect((await service.renew?.(refused(401)))?.credential?.value).toBe("sk-helper-0002");
    expect(runs()).toBe(2);
    expect(at.secrets).toContain("sk-helper-0002");
  });

  test("does not ask it for who may not do something", async () => {
    const { service, runs } = await helped();
    expect(await service.renew?.(refused(403))).toBeUndefined();
    expect(runs()).toBe(1);
  });
});

describe("openChat() with tokens of Qwen OAuth", () => {
  const NEW = { access_token: "new-access-token", refresh_token: "new-refresh", expires_in: 3600 };
  const tokens = (more: object = {}) => ({
    access_token: "old-access-token",
    refresh_token: "old-refresh-token",
    token_type: "Bearer",
    expiry_date: Date.now() + 3_600_000,
    ...more,
  });
  const oauth = (stored: object, env: Readonly<Record<string, string>> = {}) =>
    opened(
      {
        settings: { security: { auth: { selectedType: "qwen-oauth" } } },
        files: { ".qwen/oauth_creds.json": tokens(stored) },
        env,
      },
      { reply: () => Response.json(NEW) },
    );

  test("takes a token that is good, and leaves it for the next question", async () => {
    const { service, asked } = await oauth({});
    expect(service.endpoint).toMatchObject({
      authType: "qwen-oauth",
      credential: { value: "old-access-token" },
    });
    expect((await service.renew?.())?.credential?.value).toBe("old-access-token");
    expect(asked).toEqual([]);
  });

  test("renews it once it is refused, and keeps the new one", async () => {
    const { service, asked } = await oauth({});
    expect((await service.renew?.(refused(401)))?.credential?.value).toBe(NEW.access_token);
    expect((await service.renew?.())?.credential?.value).toBe(NEW.access_token);
    expect(asked).toHaveLength(1);
  });

  test("renews one that has expired before the first question", async () => {
    const { service, asked } = await oauth({ expiry_date: 1 });
    expect(service.endpoint.credential?.value).toBe(NEW.access_token);
    expect(asked).toHaveLength(1);
  });

  test("has no other one where the network is not allowed", async () => {
    const { service, asked } = await oauth({}, { QWEN_OFFLINE: "1" });
    expect(await service.renew?.(refused(401))).toBeUndefined();
    expect(asked).toEqual([]);
  });
});
