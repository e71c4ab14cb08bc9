import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type Fixture, startAimock } from "../../support/aimock.ts";
import { machine, qwen, type RunOptions } from "../../support/qwen.ts";

setDefaultTimeout(60_000);

const KEY = "sk-peer-0123456789abcdef";
const WRONG_KEY = "sk-peer-fedcba9876543210";

/** Every prompt is used by one test or table, so that its requests can be told apart. */
const FIXTURES: readonly Fixture[] = [
  { match: { userMessage: "greet" }, response: { content: "Hello from a peer, café 🎉." } },
  {
    match: { userMessage: "think" },
    response: { content: "The answer is 4.", reasoning: "2+2 is 4" },
  },
  {
    match: { userMessage: "weather" },
    response: { toolCalls: [{ name: "get_weather", arguments: '{"city":"Paris"}' }] },
  },
  {
    match: { userMessage: "too often" },
    response: {
      error: { message: "Slow down", type: "rate_limit_error" },
      status: 429,
      retryAfter: 90,
    },
  },
  ...["disconnect", "malformed", "drop", "rateLimit"].map((fault) => ({
    match: { userMessage: `fault ${fault}` },
    response: { content: "never said" },
    chaos: { [`${fault}Rate`]: 1 },
  })),
];

const peer = await startAimock(KEY, FIXTURES);

const PROTOCOLS = [
  {
    protocol: "openai",
    baseUrl: `${peer.url}/v1`,
    path: "/v1/chat/completions",
    toolId: { id: expect.stringMatching(/^call_/) },
  },
  {
    protocol: "anthropic",
    baseUrl: peer.url,
    path: "/v1/messages",
    toolId: { id: expect.stringMatching(/^toolu_/) },
  },
  {
    protocol: "gemini",
    baseUrl: peer.url,
    path: "/v1beta/models/gemini-model:streamGenerateContent?alt=sse",
    toolId: {},
  },
] as const;

type Protocol = (typeof PROTOCOLS)[number]["protocol"];

type Asking = {
  readonly protocol?: Protocol;
  readonly key?: string;
  readonly maxRetries?: number;
  readonly stdin?: string;
};

/** Asks on a machine that has a model of every protocol; no output shows the key. */
async function ask(args: readonly string[], { protocol = "openai", ...asking }: Asking = {}) {
  const { key = KEY, maxRetries = 0, stdin = "" } = asking;
  const at = machine();
  const entries = PROTOCOLS.map(({ protocol: name, baseUrl }) => {
    const generationConfig = { maxRetries };
    return [name, [{ id: `${name}-model`, baseUrl, envKey: "PEER_KEY", generationConfig }]];
  });
  at.write(".qwen/settings.json", {
    modelProviders: Object.fromEntries(entries),
    security: { auth: { selectedType: protocol } },
  });
  const options: RunOptions = { env: { PEER_KEY: key }, stdin };
  const ran = await qwen(at, args, options);
  expect(`${ran.stdout}${ran.stderr}`).not.toContain(key);
  return ran;
}

/** The lines of `stream-json`, without what differs from run to run. */
function messagesOf(stdout: string): object[] {
  const lines = stdout.trimEnd().split("\n");
  const messages = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(new Set(messages.map(({ session_id }) => session_id)).size).toBe(1);
  return messages.map(({ session_id, duration_ms, ...message }) => message);
}

/** The one object that `json` prints, and that alone. */
function resultOf(stdout: string): object {
  const messages = messagesOf(stdout);
  expect(messages).toHaveLength(1);
  return messages[0] ?? {};
}

function assistant(model: string, ...content: readonly object[]): object {
  return { type: "assistant", message: { role: "assistant", model, content } };
}

describe.each(PROTOCOLS)("$protocol", ({ protocol, path, toolId }) => {
  const model = `${protocol}-model`;
  const usage = expect.objectContaining({ input_tokens: expect.any(Number) });
  const words = { openai: {}, anthropic: { stop_reason_raw: "end_turn" }, gemini: {} }[protocol];
  const callWords = {
    openai: {},
    anthropic: { stop_reason_raw: "tool_use" },
    gemini: { stop_reason_raw: "FUNCTION_CALL" },
  }[protocol];
  const common = { type: "result", subtype: "success", is_error: false, usage, retries: 0 };
  const done = { ...common, stop_reason: "stop", ...words };

  test("prints the answer and nothing else", async () => {
    const prompt = `greet ${protocol} in text`;
    expect(await ask(["-p", prompt], { protocol })).toEqual({
      exitCode: 0,
      stdout: "Hello from a peer, café 🎉.\n",
      stderr: "",
    });
    const requests = await peer.requests(prompt);
    expect(requests.map((request) => request.path)).toEqual([path]);
    expect(requests[0]?.headers["user-agent"]).toMatch(/^QwenCode\/\S+ \(\w+; \w+\)$/);
  });

  test("prints one result with json, without the reasoning", async () => {
    const { exitCode, stdout, stderr } = await ask(["-p", "think", "-o", "json"], { protocol });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(resultOf(stdout)).toEqual({ ...done, result: "The answer is 4." });
    expect((await ask(["-p", "think"], { protocol })).stdout).toBe("The answer is 4.\n");
  });

  test("prints a message a line with stream-json, the reasoning in a block of its own", async () => {
    const ran = await ask(["-p", "think", "-o", "stream-json"], { protocol });
    expect(ran.exitCode).toBe(0);
    expect(messagesOf(ran.stdout)).toEqual([
      { type: "system", subtype: "init", model },
      assistant(model, { type: "thinking", thinking: "2+2 is 4" }),
      assistant(model, { type: "text", text: "The answer is 4." }),
      { ...done, result: "The answer is 4." },
    ]);
  });

  test("says on stderr which tool was asked for", async () => {
    const ran = await ask(["-p", "weather", "-o", "stream-json"], { protocol });
    const { exitCode, stderr } = ran;
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: `${model} asked for the tool "get_weather", which is not offered here\n`,
    });
    expect(messagesOf(ran.stdout)).toEqual([
      { type: "system", subtype: "init", model },
      assistant(model, {
        type: "tool_use",
        ...toolId,
        name: "get_weather",
        input: { city: "Paris" },
      }),
      { ...common, result: "", stop_reason: "tool_calls", ...callWords },
    ]);
  });

  test("says that the key is rejected, and where it comes from", async () => {
    const args = ["-p", "greet", "-o", "json"];
    const { exitCode, stdout, stderr } = await ask(args, { protocol, key: WRONG_KEY });
    expect({ exitCode, stderr }).toEqual({ exitCode: 4, stderr: "" });
    expect(resultOf(stdout)).toEqual({
      type: "result",
      subtype: "error_during_execution",
      is_error: true,
      error: {
        code: "key-rejected",
        message: expect.stringMatching(/does not accept the key of .*PEER_KEY.*\(401: Invalid/),
        hint: expect.stringContaining("qwen auth"),
        exitCode: 4,
      },
      retries: 0,
    });
  });

  test("does not wait longer than a minute, and says how long the server asked for", async () => {
    const prompt = `too often ${protocol}`;
    const args = ["-p", prompt, "-o", "json"];
    const { exitCode, stdout } = await ask(args, { protocol, maxRetries: 3 });
    expect(exitCode).toBe(5);
    expect(resultOf(stdout)).toMatchObject({
      is_error: true,
      error: {
        code: "rate-limited",
        message: expect.stringContaining("asks to wait 90 s (429: Slow down)"),
      },
    });
    expect(await peer.requests(prompt)).toHaveLength(1);
  });

  const faults = [
    { fault: "disconnect", maxRetries: 1, requests: 2, code: "unreachable" },
    { fault: "malformed", maxRetries: 1, requests: 1, code: "malformed-answer" },
    { fault: "drop", maxRetries: 1, requests: 2, code: "server-error" },
    { fault: "rateLimit", maxRetries: 1, requests: 2, code: "rate-limited" },
    { fault: "rateLimit", maxRetries: 0, requests: 1, code: "rate-limited" },
  ];
  test.each(faults)("ends with $code after $requests tries of $fault", async (row) => {
    const { fault, maxRetries, code } = row;
    const prompt = `fault ${fault}, ${maxRetries} more tries, ${protocol}`;
    const { exitCode, stdout } = await ask(["-p", prompt, "-o", "json"], { protocol, maxRetries });
    expect(exitCode).toBe(5);
    expect(resultOf(stdout)).toMatchObject({ is_error: true, error: { code, exitCode: 5 } });
    expect(await peer.requests(prompt)).toHaveLength(row.requests);
  });
});

test("--include-partial-messages prints every delta as well", async () => {
  const ran = await ask(["-p", "think", "-o", "stream-json", "--include-partial-messages"]);
  const event = (body: object) => ({ type: "stream_event", event: body });
  const model = "openai-model";
  const block = (index: number, type: "thinking" | "text", said: string) => [
    event({ type: "content_block_start", index, content_block: { type, [type]: "" } }),
    event({
      type: "content_block_delta",
      index,
      delta: { type: `${type}_delta`, [type]: said },
    }),
    event({ type: "content_block_stop", index }),
    assistant(model, { type, [type]: said }),
  ];
  expect(messagesOf(ran.stdout)).toEqual([
    { type: "system", subtype: "init", model },
    event({ type: "message_start", message: { role: "assistant", model, content: [] } }),
    ...block(0, "thinking", "2+2 is 4"),
    ...block(1, "text", "The answer is 4."),
    event({ type: "message_stop" }),
    expect.objectContaining({ type: "result", subtype: "success", result: "The answer is 4." }),
  ]);
});

describe("where a question goes", () => {
  const routes = [
    {
      name: "an Azure deployment, its query kept",
      baseUrl: `${peer.url}/openai/deployments/gpt-4o?api-version=2024-10-21`,
      path: "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
    },
    {
      name: "OpenRouter",
      baseUrl: `${peer.url}/api/v1`,
      path: "/api/v1/chat/completions",
    },
    {
      name: "a base URL with a slash at its end",
      baseUrl: `${peer.url}/v1/`,
      path: "/v1/chat/completions",
    },
  ];
  test.each(routes)("$name", async ({ name, baseUrl, path }) => {
    const prompt = `greet ${name}`;
    const flags = ["--openai-base-url", baseUrl, "--openai-api-key", KEY, "-m", "of-the-flag"];
    const { exitCode, stdout } = await ask(["-p", prompt, ...flags]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "Hello from a peer, café 🎉.\n" });
    expect(await peer.requests(prompt)).toMatchObject([{ path }]);
  });

  test("-m names the model, and a wrong key of a flag is not replaced", async () => {
    const prompt = "greet whoever";
    const base = ["--openai-base-url", `${peer.url}/v1`];
    await ask(["-p", prompt, ...base, "--openai-api-key", KEY, "-m", "another-model"]);
    expect(await peer.requests(prompt)).toMatchObject([{ body: { model: "another-model" } }]);
    const refused = await ask(["-p", "greet", ...base, "--openai-api-key", WRONG_KEY]);
    expect(refused).toMatchObject({ exitCode: 4, stdout: "" });
    expect(refused.stderr).not.toContain(WRONG_KEY);
  });
});

describe.each(PROTOCOLS)("what the model is told over $protocol", ({ protocol }) => {
  const told = async (prompt: string) => (await peer.requests(prompt)).at(-1)?.body.messages;

  const systems: readonly (readonly [system: string, ...flags: string[]])[] = [
    ["Be brief", "--system-prompt", "Be brief"],
    ["Be kind", "--append-system-prompt", "Be kind"],
    ["Be brief\n\nBe kind", "--system-prompt", "Be brief", "--append-system-prompt", "Be kind"],
  ];
  test.each(systems)("%j", async (system, ...flags) => {
    const prompt = `greet ${protocol} after ${flags.length}`;
    expect((await ask(["-p", prompt, ...flags], { protocol })).exitCode).toBe(0);
    expect(await told(prompt)).toEqual([
      { role: "system", content: system },
      { role: "user", content: prompt },
    ]);
  });

  test("standard input follows the prompt", async () => {
    const prompt = `greet ${protocol} with input`;
    await ask(["-p", prompt], { protocol, stdin: "line 1\nline 2\n" });
    expect(await told(prompt)).toEqual([{ role: "user", content: `${prompt}\n\nline 1\nline 2` }]);
  });
});
