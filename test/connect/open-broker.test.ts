import { afterAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BrokerOptions, planBroker, prepareBroker } from "../../src/connect/open-broker.ts";
import type { Captured, Runtime } from "../../src/runtime.ts";
import { laterProblemOf, problemOf } from "../support/problem-of.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { GLOBALS, networked, setUp } from "./set-up.ts";

const KEY = "sk-0123456789abcdef01234567";
const AT = "https://one.example/v1";
const SELECTED = { security: { auth: { selectedType: "openai" } }, model: { name: "m" } };
const ENTRY = { id: "m", baseUrl: AT, envKey: "A_KEY" };
const models = (...entries: readonly object[]) => ({ modelProviders: { openai: entries } });
const SETTINGS = { ...SELECTED, env: { A_KEY: KEY }, ...models(ENTRY, { ...ENTRY, id: "n" }) };
const OPTIONS: BrokerOptions = {
  ...GLOBALS,
  connection: {},
  anthropicBaseUrl: undefined,
  modelRule: "replace",
  budget: { requests: undefined, tokens: undefined },
  log: undefined,
  allowHosts: [],
};
const LOOPBACK = { kind: "tcp", hostname: "127.0.0.1", port: 0 } as const;
const OK = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } };

type Reply = (url: string, key: string | null) => Response;

/** A broker that listens on a machine with these settings, before services that answer so. */
async function open(
  given: Parameters<typeof setUp>[0],
  reply: Reply = () => Response.json(OK),
  { options = {}, at: more = {} }: { options?: Partial<BrokerOptions>; at?: Partial<Runtime> } = {},
) {
  const set = setUp(given);
  const { at, asked } = networked({ ...set.runtime, ...more }, reply);
  const all = { ...OPTIONS, ...options };
  const prepared = await prepareBroker(at, all, await planBroker(at, all, "run it"));
  const listening = prepared.listen(LOOPBACK);
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (!isStopped) {
      isStopped = true;
      await listening.stop(0);
    }
  };
  afterAll(stop);
  const ask = (model: string, token = prepared.token) =>
    fetch(`http://127.0.0.1:${listening.port}/openai/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ model, messages: [] }),
    });
  return { ...set, ...prepared, ...listening, stop, ask, asked };
}

const refusal = () => Response.json({ error: { message: "Invalid API key" } }, { status: 401 });

describe("planBroker()", () => {
  const plan = (given: Parameters<typeof setUp>[0], options: Partial<BrokerOptions> = {}) =>
    planBroker(setUp(given).runtime, { ...OPTIONS, ...options }, "run claude");

  test("is for the connection in force, and says nothing where nothing is to be said", async () => {
    const { configured, mounts, notices } = await plan({ settings: SETTINGS });
    expect([configured.endpoint.value, configured.model.value]).toEqual([AT, "m"]);
    expect(mounts.map(({ name }) => name)).toEqual(["openai"]);
    expect(notices).toEqual([]);
  });

  test("has a second mount where a flag names it", async () => {
    const anthropicBaseUrl = "https://one.example/anthropic";
    const { mounts } = await plan({ settings: SETTINGS }, { anthropicBaseUrl });
    expect(mounts.map(({ name, upstream }) => [name, upstream.baseUrl])).toEqual([
      ["openai", AT],
      ["anthropic", anthropicBaseUrl],
    ]);
  });

  test("says what is wrong, and where a project sends what is asked", async () => {
    const project = models({ id: "m", baseUrl: "http://localhost:9/v1" });
    const { notices } = await plan({
      settings: { ...SELECTED, env: { A_KEY: KEY } },
      files: { "p/.qwen/settings.json": project },
    });
    expect(notices).toEqual([
      expect.stringMatching(/^the endpoint is http:\/\/localhost:9\/v1 from /),
    ]);
    const warned = await plan({ settings: { ...SETTINGS, env: { A_KEY: `${KEY},` } } });
    expect(warned.notices).toEqual([expect.stringMatching(/^warning: the key of `env.A_KEY`/)]);
  });

  test.each([
    [{ ...SETTINGS, env: {} }, "no key: A_KEY is not set"],
    [
      { ...SELECTED, ...models({ ...ENTRY, baseUrl: "http://localhost:9/v1" }) },
      "A_KEY is not set",
    ],
  ])("throws where a key is missing: %j", async (settings, why) => {
    expect(await laterProblemOf(() => plan({ settings }))).toMatchObject({
      code: "key-missing",
      message: `Cannot run claude: ${why}`,
    });
  });

  test("needs no key where none is wanted", async () => {
    const settings = { ...SELECTED, ...models({ id: "m", baseUrl: "http://localhost:9/v1" }) };
    expect((await plan({ settings })).configured.key.kind).toBe("keyless");
  });
});

describe("prepareBroker()", () => {
  test("passes on what has its token with the key, and counts it", async () => {
    const { ask, asked, report, key, token, stop } = await open({ settings: SETTINGS });
    expect(key).toMatchObject({ kind: "present", value: KEY });
    expect(token).not.toContain(KEY);
    expect((await ask("n")).status).toBe(200);
    expect((await ask("m", "another")).status).toBe(401);
    expect(asked.map(({ url, key: sent }) => [url, sent])).toEqual([
      [`${AT}/chat/completions`, KEY],
    ]);
    await stop();
    expect(report("claude")).toEqual([
      "qwen: 1 request to one.example (m): 3 tokens in, 4 out; 1 refused",
    ]);
    expect(report(undefined)).toHaveLength(1);
  });

  test("says once which model of a tool's was replaced, and by which", async () => {
    const { ask, report } = await open({ settings: SETTINGS });
    await ask("gpt-x");
    await ask("gpt-x");
    await ask("gpt-y");
    expect(report("codex").slice(1)).toEqual([
      'qwen: the tool asked for "gpt-x", which is none of this endpoint\'s: m was asked instead (`--allow-any-model` passes every model on)',
    ]);
  });

  test("says once why the key was refused, with the key masked", async () => {
    const { ask, report, home } = await open({ settings: SETTINGS }, refusal);
    expect((await ask("m")).status).toBe(401);
    expect((await ask("m")).status).toBe(401);
    const [, line, ...rest] = report("codex");
    expect(rest).toEqual([]);
    expect(line).toStartWith("qwen: Cannot use the service: ");
    expect(line).toContain(`the key of ${home}/.qwen/settings.json (env.A_KEY) (sk-…4567)`);
    expect(line).not.toContain(KEY);
  });

  test("keeps to its budget and writes its log", async () => {
    const log = join(temporaryDirectory(), "log.jsonl");
    const { ask, stop } = await open({ settings: SETTINGS }, undefined, {
      options: { budget: { requests: 1, tokens: undefined }, log },
    });
    expect([(await ask("m")).status, (await ask("m")).status]).toEqual([200, 403]);
    await stop();
    const lines = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ status, outcome }) => [status, outcome])).toEqual([
      [200, "ok"],
      [403, "refused"],
    ]);
  });

  test("asks a helper again for a key that was refused, and uses it from then on", async () => {
    let runs = 0;
    const capture = async (): Promise<Captured> => {
      runs += 1;
      return { kind: "ended", exitCode: 0, stdout: `sk-helper-000${runs}`, stderr: "" };
    };
    const settings = { ...SELECTED, ...models(ENTRY), apiKeyHelper: { A_KEY: "/bin/pass" } };
    const reply: Reply = (_url, key) => (key === "sk-helper-0002" ? Response.json(OK) : refusal());
    const { ask, asked, report } = await open({ settings }, reply, { at: { capture } });
    expect([(await ask("m")).status, (await ask("m")).status]).toEqual([200, 200]);
    expect(asked.map(({ key }) => key)).toEqual([
      "sk-helper-0001",
      "sk-helper-0002",
      "sk-helper-0002",
    ]);
    expect(report("codex")).toHaveLength(1);
  });

  test("throws what keeps it from listening", async () => {
    const first = await open({ settings: SETTINGS });
    const second = await open({ settings: SETTINGS });
    expect(problemOf(() => second.listen({ ...LOOPBACK, port: first.port }))).toMatchObject({
      code: "cannot-listen",
      message: expect.stringMatching(
        new RegExp(
          `^Cannot listen on 127\\.0\\.0\\.1:${first.port}: another program listens there`,
        ),
      ),
      hint: "name another place with `--listen`",
    });
    const path = join(first.home, "none", "socket");
    expect(problemOf(() => second.listen({ kind: "unix", path }))?.message).toStartWith(
      `Cannot listen on ${path}: `,
    );
  });
});

describe("prepareBroker() with tokens of Qwen OAuth", () => {
  const NEW = { access_token: "new-access-token", refresh_token: "new-refresh", expires_in: 3600 };
  const isToken = (url: string) => url.includes("/oauth2/token");

  /** A broker over stored tokens, whose service takes the new one alone. */
  const oauth = (stored: object, answer: object) =>
    open(
      {
        settings: { security: { auth: { selectedType: "qwen-oauth" } } },
        files: {
          ".qwen/oauth_creds.json": {
            ...{ access_token: "old-access-token", refresh_token: "old-refresh-token" },
            ...{ token_type: "Bearer", expiry_date: Date.now() + 3_600_000, ...stored },
          },
        },
      },
      (url, key) =>
        isToken(url)
          ? Response.json(answer)
          : key === NEW.access_token
            ? Response.json(OK)
            : refusal(),
    );
  const steps = (asked: readonly { url: string; key: string | null }[]) =>
    asked.map(({ url, key }) => (isToken(url) ? "renew" : key));

  test("renews one that is refused, and uses the new one from then on", async () => {
    const { ask, asked, report, key } = await oauth({}, NEW);
    expect(key).toMatchObject({ value: "old-access-token" });
    expect([(await ask("coder-model")).status, (await ask("coder-model")).status]).toEqual([
      200, 200,
    ]);
    expect(steps(asked)).toEqual(["old-access-token", "renew", NEW.access_token, NEW.access_token]);
    expect(report("codex")).toHaveLength(1);
  });

  test("is for the address of a token that was renewed before it began", async () => {
    const { key, plan, asked } = await oauth(
      { expiry_date: 1 },
      { ...NEW, resource_url: "portal.qwen.ai" },
    );
    expect(key).toMatchObject({ value: NEW.access_token });
    expect(plan.configured.endpoint.value).toBe("https://portal.qwen.ai/v1");
    expect(plan.mounts.map(({ upstream }) => upstream.baseUrl)).toEqual([
      "https://portal.qwen.ai/v1",
    ]);
    expect(steps(asked)).toEqual(["renew"]);
  });

  test("sends a token to no other address than its own, and says so", async () => {
    const { ask, asked, report } = await oauth({}, { ...NEW, resource_url: "portal.qwen.ai" });
    expect((await ask("coder-model")).status).toBe(401);
    expect(steps(asked)).toEqual(["old-access-token", "renew"]);
    expect(report("codex").at(-1)).toBe(
      "qwen: the token was renewed for portal.qwen.ai: run the command again",
    );
  });
});
