import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { KEYS, type Pty, qwenPty } from "../../support/pty.ts";
import { type Machine, machine } from "../../support/qwen.ts";

setDefaultTimeout(60_000);

const KEY = "sk-0123456789abcdef0123";

/** A server of OpenAI's kind that is there below `/v1` alone. */
function belowV1() {
  const seen: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      seen.push(`${request.method} ${pathname}`);
      return pathname === "/v1/models"
        ? Response.json({ data: [{ id: "a" }] })
        : new Response("Not Found", { status: 404 });
    },
  });
  afterAll(() => server.stop(true));
  return { seen, baseUrl: `http://127.0.0.1:${server.port}` };
}

async function answer(pty: Pty, steps: readonly (readonly [shows: string, keys: string])[]) {
  for (const [shows, keys] of steps) {
    await pty.waitFor(shows);
    pty.press(keys);
  }
}

const savedUrl = (at: Machine): string =>
  JSON.parse(readFileSync(at.settings, "utf8")).modelProviders.openai[0].baseUrl;

test("a base URL without /v1 is asked about, and the one that answers is saved", async () => {
  const at = machine();
  const { baseUrl, seen } = belowV1();
  const pty = qwenPty(at, ["auth", "api-key", "--base-url", baseUrl], {
    env: { QWEN_OFFLINE: "" },
  });
  await answer(pty, [
    ["Enter your API key", KEY + KEYS.enter],
    [`${baseUrl}/v1 answers`, KEYS.enter],
    ["◻ a", "\t"],
    ["◼ a", KEYS.enter],
    ["is set up", ""],
  ]);
  expect(await pty.exitCode()).toBe(0);
  expect(savedUrl(at)).toBe(`${baseUrl}/v1`);
  expect(seen).toContain("GET /v1/models");
});

test("the one that was typed is kept by whoever says no", async () => {
  const at = machine();
  const { baseUrl } = belowV1();
  const pty = qwenPty(at, ["auth", "api-key", "--base-url", baseUrl], {
    env: { QWEN_OFFLINE: "" },
  });
  await answer(pty, [
    ["Enter your API key", KEY + KEYS.enter],
    [`${baseUrl}/v1 answers`, KEYS.down + KEYS.enter],
    ["Enter model ids", `mine${KEYS.enter}`],
    ["is set up", ""],
  ]);
  expect(await pty.exitCode()).toBe(0);
  expect(savedUrl(at)).toBe(baseUrl);
});
