import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { alibaba } from "../../support/alibaba.ts";
import { KEYS, type Pty, qwenPty } from "../../support/pty.ts";
import { type Machine, machine } from "../../support/qwen.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123";
const PLAN_KEY = "sk-sp-0123456789abcdef0123456789";
const GLOBAL = "coding-intl.dashscope.aliyuncs.com";
const TOKEN_PLAN = "token-plan.ap-southeast-1.maas.aliyuncs.com";

function service(handler: (request: Request) => Response) {
  const seen: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => {
      seen.push(`${request.method} ${new URL(request.url).pathname}`);
      return request.headers.get("authorization") === `Bearer ${KEY}`
        ? handler(request)
        : Response.json({ error: { message: "no such key" } }, { status: 401 });
    },
  });
  afterAll(() => server.stop(true));
  return { seen, baseUrl: `http://127.0.0.1:${server.port}/v1`, stop: () => server.stop(true) };
}

/** The network is allowed: other tests on terminals are offline. */
function start(at: Machine, args: readonly string[], env: Record<string, string> = {}): Pty {
  return qwenPty(at, ["auth", ...args], { env: { QWEN_OFFLINE: "", ...env } });
}

async function answer(pty: Pty, steps: readonly (readonly [shows: string, keys: string])[]) {
  for (const [shows, keys] of steps) {
    await pty.waitFor(shows);
    pty.press(keys);
  }
}

const settings = (at: Machine) => JSON.parse(readFileSync(at.settings, "utf8"));
const list = () => Response.json({ data: [{ id: "a" }, { id: "b" }, { id: "c" }] });

describe("a key that is typed", () => {
  test("is checked, and asked for again when the service does not take it", async () => {
    const at = machine();
    const { baseUrl, seen } = service(list);
    const pty = start(at, ["api-key", "--base-url", baseUrl]);
    await answer(pty, [
      ["Enter your API key:", `sk-wrong-0123456789${KEYS.enter}`],
      ["does not accept the key (401: no such key)", ""],
      ["Enter your API key:", KEY + KEYS.enter],
      ["Select models with Tab", KEYS.down],
      ["◻ b", "\t"],
      ["◼ b", KEYS.up],
      ["◻ a", "\t"],
      ["◼ a", KEYS.enter],
      ["is set up, default model b", ""],
      ["Verified: 3 models listed", ""],
    ]);
    expect(await pty.exitCode()).toBe(0);
    expect(settings(at).modelProviders.openai.map(({ id }: { id: string }) => id)).toEqual([
      "b",
      "a",
    ]);
    expect(seen).toEqual(["GET /v1/models", "GET /v1/models"]);
    expect(pty.raw()).not.toContain(KEY);
  });

  test("can come with a model that is not on the list", async () => {
    const at = machine();
    const pty = start(at, ["api-key", "--base-url", service(list).baseUrl]);
    await answer(pty, [
      ["Enter your API key:", KEY + KEYS.enter],
      ["Select models with Tab", KEYS.up],
      ["◻ Others", "\t"],
      ["◼ Others", KEYS.enter],
      ["Enter model ids", `mine${KEYS.enter}`],
      ["is set up, default model mine", ""],
    ]);
    expect(await pty.exitCode()).toBe(0);
  });

  test("is checked with a model where there is no list", async () => {
    const at = machine();
    const { baseUrl, seen } = service(({ method }) =>
      method === "POST"
        ? new Response('data: {"choices":[{"delta":{"content":"H"}}]}\n\n')
        : new Response("", { status: 404 }),
    );
    const pty = start(at, ["api-key", "--base-url", baseUrl]);
    await answer(pty, [
      ["Enter your API key:", KEY + KEYS.enter],
      ["Enter model ids", `m${KEYS.enter}`],
      ["is set up, default model m", ""],
      ['Verified: "m" answers', ""],
    ]);
    expect(await pty.exitCode()).toBe(0);
    expect(seen.at(-1)).toBe("POST /v1/chat/completions");
  });

  test("is saved unchecked when the person says so", async () => {
    const at = machine();
    const { baseUrl, stop } = service(list);
    await stop();
    const pty = start(at, ["api-key", "--base-url", baseUrl, "--model", "m"]);
    await answer(pty, [
      ["Enter your API key:", KEY + KEYS.enter],
      ["The key could not be checked", ""],
      ["Save without checking it?", KEYS.enter],
      ["is set up", ""],
    ]);
    expect(await pty.exitCode()).toBe(0);
    expect(existsSync(at.settings)).toBe(true);
  });

  test("is not saved when the person leaves", async () => {
    const at = machine();
    const { baseUrl, stop } = service(list);
    await stop();
    const pty = start(at, ["api-key", "--base-url", baseUrl, "--model", "m"]);
    await answer(pty, [
      ["Enter your API key:", KEY + KEYS.enter],
      ["Save without checking it?", KEYS.right + KEYS.enter],
      ["Enter your API key:", KEYS.ctrlC],
    ]);
    expect(await pty.exitCode()).toBe(130);
    expect(existsSync(at.settings)).toBe(false);
  });

  test.each([
    [["--no-verify"], {}],
    [["--offline"], {}],
    [[], { QWEN_OFFLINE: "1" }],
  ])("is not checked with %j and %j", async (args, env) => {
    const at = machine();
    const { baseUrl, seen } = service(list);
    const pty = start(at, ["api-key", "--base-url", baseUrl, "--model", "m", ...args], env);
    await answer(pty, [
      ["Enter your API key:", KEY + KEYS.enter],
      ["is set up", ""],
    ]);
    expect(await pty.exitCode()).toBe(0);
    expect(seen).toEqual([]);
  });
});

describe("a key of the Coding Plan that its region does not take", () => {
  test("leads to the region that does, if the person agrees", async () => {
    const at = machine();
    const { env } = await alibaba((host, key) => host === GLOBAL && key === PLAN_KEY);
    const pty = start(at, ["coding-plan", "--region", "china"], env);
    await answer(pty, [
      ["Enter your Coding Plan API key:", PLAN_KEY + KEYS.enter],
      ["does not accept the key", ""],
      ["Try it at the other regions and plans of Alibaba Cloud?", KEYS.enter],
      ["This key works on global, not on china.", ""],
      ["Use global?", KEYS.enter],
      ["Alibaba Cloud Coding Plan (global) is set up", ""],
    ]);
    expect(await pty.exitCode()).toBe(0);
    expect(settings(at).codingPlan).toEqual({ region: "global" });
  });

  test("is told to belong to another plan", async () => {
    const at = machine();
    const { env } = await alibaba((host, key) => host === TOKEN_PLAN && key === PLAN_KEY);
    const pty = start(at, ["coding-plan", "--region", "china"], env);
    await answer(pty, [
      ["Enter your Coding Plan API key:", PLAN_KEY + KEYS.enter],
      ["Try it at the other regions", KEYS.enter],
      ["This key works at Alibaba Cloud Token Plan (global): qwen auth api-key", ""],
      ["Enter your Coding Plan API key:", KEYS.ctrlC],
    ]);
    expect(await pty.exitCode()).toBe(130);
    expect(existsSync(at.settings)).toBe(false);
  });

  test("goes nowhere else without consent", async () => {
    const at = machine();
    const { env, seen } = await alibaba(() => false);
    const pty = start(at, ["coding-plan", "--region", "china"], env);
    await answer(pty, [
      ["Enter your Coding Plan API key:", PLAN_KEY + KEYS.enter],
      ["Try it at the other regions", KEYS.right + KEYS.enter],
      ["Enter your Coding Plan API key:", KEYS.ctrlC],
    ]);
    expect(await pty.exitCode()).toBe(130);
    expect(seen).toEqual(["GET coding.dashscope.aliyuncs.com/v1/models"]);
  });
});
