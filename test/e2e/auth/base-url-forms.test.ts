import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { machine, qwen } from "../../support/qwen.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";

setDefaultTimeout(60_000);

const OPENAI = answer(200, {
  choices: [{ message: { role: "assistant", content: "pong" }, finish_reason: "stop" }],
});
const ANTHROPIC = answer(200, {
  type: "message",
  role: "assistant",
  content: [{ type: "text", text: "pong" }],
  stop_reason: "end_turn",
});

const GEMINI = answer(200, {
  candidates: [{ content: { parts: [{ text: "pong" }] }, finishReason: "STOP" }],
});

const CASES = [
  ["openai", "/v1/chat/completions", "/v1/chat/completions", OPENAI],
  ["openai", "/v1/chat/completions/", "/v1/chat/completions", OPENAI],
  ["openai", "/v1/completions", "/v1/chat/completions", OPENAI],
  ["openai", "/v1/responses", "/v1/chat/completions", OPENAI],
  ["openai", "/v1/models", "/v1/chat/completions", OPENAI],
  ["openai", "/v1//chat/completions", "/v1/chat/completions", OPENAI],
  ["anthropic", "/v1/messages/count_tokens", "/v1/messages", ANTHROPIC],
  ["gemini", "/v1beta/models", "/v1beta/models/m:streamGenerateContent", GEMINI],
  ["gemini", "/v1beta/models/g:generateContent", "/v1beta/models/m:streamGenerateContent", GEMINI],
  [
    "gemini",
    "/v1beta/models/g:streamGenerateContent",
    "/v1beta/models/m:streamGenerateContent",
    GEMINI,
  ],
  ["anthropic", "/v1/messages", "/v1/messages", ANTHROPIC],
  ["anthropic", "/gw/v1/messages/", "/gw/v1/messages", ANTHROPIC],
] as const;

describe.each(CASES)("a base URL for %s that ends in %s", (protocol, path, requested, reply) => {
  const key = "sk-0123456789abcdef";
  const doors = [
    [
      "settings",
      (url: string) => ({
        settings: {
          modelProviders: { [protocol]: [{ id: "m", baseUrl: url, envKey: "K" }] },
          env: { K: key },
          model: { name: "m" },
        },
        env: {},
      }),
    ],
    [
      "variables",
      (url: string) => {
        const name = protocol.toUpperCase();
        const env = { [`${name}_BASE_URL`]: url, [`${name}_API_KEY`]: key, [`${name}_MODEL`]: "m" };
        return { settings: {}, env };
      },
    ],
  ] as const;

  test.each(doors)("in %s is used without it, with a warning", async (_, given) => {
    const server = await scriptedServer(reply);
    const at = machine();
    const { settings, env } = given(`${server.origin}${path}`);
    at.write(".qwen/settings.json", settings);
    const asked = await qwen(at, ["-p", "hi"], { env });
    expect(asked.exitCode).toBe(0);
    expect(server.requests.map(({ path: sent }) => sent.replace("?alt=sse", ""))).toEqual([
      requested,
    ]);
    const says = "which is added to it";
    const [status, doctor] = await Promise.all([
      qwen(at, ["auth", "status"], { env }),
      qwen(at, ["doctor"], { env }),
    ]);
    expect([status.exitCode, status.stdout]).toEqual([0, expect.stringContaining(says)]);
    expect(doctor.stdout).toContain(says);
  });
});
