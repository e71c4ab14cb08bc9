import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPENAI } from "../../support/model-answers.ts";
import { qwen } from "../../support/qwen.ts";
import { answer, type Reply, scriptedServer, stream } from "../../support/scripted-server.ts";
import { chatMachine } from "./chat-machine.ts";

setDefaultTimeout(60_000);

const refusal = (message: string, code: string) => ({ error: { message, code, type: code } });

/** The bodies that a person meets most; each is told alike as an answer and inside a stream. */
const CASES = [
  [429, refusal("hour allocated quota exceeded.", "throttling_error"), "quota", 1],
  [403, refusal("Model access denied.", "Model.AccessDenied"), "not-allowed", 1],
  [
    400,
    refusal("maximum context length is 8192 tokens", "context_length_exceeded"),
    "prompt-too-long",
    1,
  ],
  [400, refusal("Input may be inappropriate", "data_inspection_failed"), "prompt-blocked", 1],
  [401, refusal("Incorrect API key provided", "invalid_api_key"), "key-rejected", 4],
  [429, refusal("You exceeded your quota", "insufficient_quota"), "quota-exceeded", 1],
] as const;

describe("a failure has the same code and exit code, and is not asked again,", () => {
  const asked = async (reply: Reply) => {
    const { origin, requests } = await scriptedServer(reply);
    const ran = await qwen(chatMachine(origin), ["-p", "Hi", "-o", "json"]);
    const { error } = JSON.parse(ran.stdout);
    return { code: error.code, exitCode: ran.exitCode, requests: requests.length };
  };
  test.each(CASES)("as an answer: %p %j", async (status, body, code, exitCode) => {
    expect(await asked(answer(status, body))).toEqual({ code, exitCode, requests: 1 });
  });
  test.each(CASES)("inside a stream: %p %j", async (_status, body, code, exitCode) => {
    const framed = stream([`data: ${JSON.stringify(body)}\n\n`]);
    expect(await asked(framed)).toEqual({ code, exitCode, requests: 1 });
  });
});

test("an unknown model is told of with the one that settings have", async () => {
  const { origin } = await scriptedServer(answer(404, refusal("no such model", "model_not_found")));
  const at = chatMachine(origin, { entry: { id: "glm-5" } });
  const baseUrl = `${origin}${OPENAI.basePath}`;
  at.write(".qwen/settings.json", {
    modelProviders: { openai: ["glm-5", "glm-6"].map((id) => ({ id, baseUrl, envKey: "K" })) },
    model: { name: "glm-6" },
    security: { auth: { selectedType: "openai" } },
    env: { K: "sk-0123456789abcdef" },
  });
  const ran = await qwen(at, ["-p", "Hi", "-m", "glm-55"]);
  expect(ran.exitCode).toBe(1);
  expect(ran.stderr).toContain('hint: did you mean "glm-5"? run `qwen models --remote`');
});
