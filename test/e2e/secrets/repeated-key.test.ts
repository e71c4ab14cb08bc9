import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { machine, qwen } from "../../support/qwen.ts";
import { openaiAnswer, serveLoopback } from "../../support/tls-server.ts";

setDefaultTimeout(60_000);

const SECRET = "sk-canary-0123456789abcdefghij";

describe("a key that the server repeats is shown nowhere:", () => {
  const base64 = btoa(SECRET);
  test.each([
    ["in an error", Response.json({ error: { message: `bad ${SECRET}` } }, { status: 400 })],
    ["in a header that it quotes", new Response(`Bearer ${SECRET}`, { status: 500 })],
    ["in base64", Response.json({ error: { message: base64 } }, { status: 400 })],
    ["in an answer", openaiAnswer(`your key is ${SECRET}`)],
    [
      "in an error inside a stream",
      new Response(`data: {"error":{"message":"bad ${SECRET}"}}\n\n`),
    ],
  ])("%s", async (_name, response) => {
    const at = machine();
    const { port } = serveLoopback(() => response.clone() as Response);
    const entry = { id: "m", baseUrl: `http://127.0.0.1:${port}/v1`, envKey: "MY_KEY" };
    const generationConfig = { maxRetries: 0 };
    at.write(".qwen/settings.json", {
      modelProviders: { openai: [{ ...entry, generationConfig }] },
    });
    for (const more of [[], ["--debug"], ["-o", "json"], ["-o", "stream-json"]]) {
      const ran = await qwen(at, ["-p", "hello", ...more], { env: { MY_KEY: SECRET } });
      const shown = ran.stdout + ran.stderr;
      expect([shown.includes(SECRET), shown.includes(base64)]).toEqual([false, false]);
    }
  });
});
