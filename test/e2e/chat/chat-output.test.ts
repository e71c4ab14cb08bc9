import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { closeSync, existsSync, openSync } from "node:fs";
import { ANTHROPIC, OPENAI, sse } from "../../support/model-answers.ts";
import { testUnless } from "../../support/needs.ts";
import { KEYS, type Pty, qwenPty } from "../../support/pty.ts";
import { type Machine, QWEN, qwen } from "../../support/qwen.ts";
import { answer, type Reply, scriptedServer, stream } from "../../support/scripted-server.ts";
import { chatMachine, KEY } from "./chat-machine.ts";
import { startSession } from "./session-machine.ts";

setDefaultTimeout(60_000);

const STOP = sse({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });

describe("qwen understands", () => {
  const whole = OPENAI.text("Hello") + OPENAI.finish;
  const json = { choices: [{ message: { content: "Hello" }, finish_reason: "stop" }] };
  const cases: readonly (readonly [name: string, reply: Reply])[] = [
    ["a stream without `[DONE]` and usage", stream([OPENAI.text("Hello"), STOP])],
    ["CRLF", stream([whole.replaceAll("\n", "\r\n")])],
    ["a BOM and comments", stream([`\ufeff: hi\n\n${whole}`])],
    ["JSON instead of a stream", answer(200, json)],
  ];
  test.each(cases)("%s", async (_name, reply) => {
    const { origin, requests } = await scriptedServer(reply);
    expect(await qwen(chatMachine(origin), ["-p", "Hi"])).toEqual({
      exitCode: 0,
      stdout: "Hello\n",
      stderr: "",
    });
    expect(requests).toHaveLength(1);
  });

  test("characters that are split over packets", async () => {
    const text = "é€😀\u001b[1m";
    const pieces = Array.from(Buffer.from(OPENAI.text(text) + STOP), (byte) => Uint8Array.of(byte));
    const { origin } = await scriptedServer(stream(pieces));
    const { stdout } = await qwen(chatMachine(origin), ["-p", "Hi"]);
    expect(stdout).toBe(`${text}\n`);
  });
});

describe("qwen writes", () => {
  function* forever(): Generator<string> {
    for (;;) {
      yield OPENAI.text("Hello, how are you? ".repeat(100));
    }
  }

  test("until nobody reads, and ends quietly", async () => {
    const { origin } = await scriptedServer(stream(forever()));
    const { project, env } = chatMachine(origin);
    const script = '{ "$0" "$@"; echo "exit $?" >&2; } | head -c 5';
    const child = Bun.spawn(["sh", "-c", script, QWEN, "-p", "Hi"], {
      cwd: project,
      env,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    expect([await child.stdout.text(), await child.stderr.text()]).toEqual(["Hello", "exit 0\n"]);
  });

  const noFullDisk = existsSync("/dev/full") ? undefined : "/dev/full is missing";
  testUnless(noFullDisk).each(["text", "json", "stream-json"])(
    "%s until the disk is full, and says so",
    async (format) => {
      const { origin } = await scriptedServer(stream([OPENAI.text("Hello"), OPENAI.finish]));
      const { project, env } = chatMachine(origin);
      const disk = openSync("/dev/full", "w");
      const child = Bun.spawn([QWEN, "-p", "Hi", "-o", format], {
        cwd: project,
        env,
        stdin: "ignore",
        stdout: disk,
        stderr: "pipe",
      });
      expect([await child.stderr.text(), await child.exited]).toEqual([
        "error: Cannot write to standard output: no space left on the device (ENOSPC)\n",
        1,
      ]);
      closeSync(disk);
    },
  );
});

describe("a terminal never gets the escapes of", () => {
  const TITLE = "\u001b]0;title\u0007";
  const ESCAPES = `${TITLE}\u009b2J\u202eevil`;
  const online = { env: { QWEN_OFFLINE: "" } };
  type Way = {
    readonly name: string;
    readonly reply: Reply;
    readonly open: (at: Machine) => Pty;
    /** What is typed once it has begun. */
    readonly keys?: string;
  };
  const says = stream([OPENAI.text(ESCAPES.slice(0, 3)), OPENAI.text(ESCAPES.slice(3)), STOP]);
  const refuses = answer(400, { error: { message: `no ${ESCAPES}`, code: ESCAPES } });
  const lists = answer(200, { data: [{ id: `x${ESCAPES}`, name: ESCAPES }] });
  const ask = (at: Machine) => qwenPty(at, ["-p", "Hi"], online);
  const ways: readonly Way[] = [
    { name: "an answer", reply: says, open: ask },
    { name: "an error", reply: refuses, open: ask },
    {
      name: "an error inside a stream",
      reply: stream([sse({ error: { message: ESCAPES, code: 400 } })]),
      open: ask,
    },
    {
      name: "the names of models",
      reply: lists,
      open: (at) => qwenPty(at, ["models", "--remote"], online),
    },
    {
      name: "the reason for which a key is refused",
      reply: answer(401, { error: { message: ESCAPES } }),
      open: (at) => qwenPty(at, ["auth", "status", "--verify"], online),
    },
    { name: "an answer in a session", reply: says, open: startSession, keys: "Hi\r" },
    { name: "an error in a session", reply: refuses, open: startSession, keys: "Hi\r" },
    {
      name: "what was typed in another session",
      reply: says,
      open: (at) => {
        at.write(".qwen/history", `old ${ESCAPES}\n`);
        return startSession(at);
      },
      keys: KEYS.up,
    },
  ];
  test.each(ways)("$name", async ({ reply, open, keys }) => {
    const { origin } = await scriptedServer(reply);
    const pty = open(chatMachine(origin, { generationConfig: { maxRetries: 0 } }));
    if (keys !== undefined) {
      await pty.waitFor("› ");
      pty.press(keys);
    }
    await pty.waitFor("\\x1b]0;title\\x07\\x9b2J\\u202eevil");
    if (keys !== undefined) {
      pty.press(KEYS.ctrlC + KEYS.ctrlD);
    }
    await pty.exitCode();
    expect([TITLE, "\u009b", "\u202e"].filter((raw) => pty.raw().includes(raw))).toEqual([]);
  });
});

describe("qwen writes JSON", () => {
  async function messages(reply: Reply, ...flags: readonly string[]) {
    const { origin } = await scriptedServer(reply);
    const { exitCode, stdout, stderr } = await qwen(chatMachine(origin), ["-p", "Hi", ...flags]);
    const parsed = stdout
      .trimEnd()
      .split("\n")
      .map((line) => ({ ...JSON.parse(line), session_id: "s", duration_ms: 0 }));
    return { exitCode, stderr, messages: parsed, host: new URL(origin).host };
  }
  const common = { session_id: "s", duration_ms: 0 };

  test("with one result for a success", async () => {
    const reply = stream([OPENAI.text("Hello"), OPENAI.finish]);
    expect(await messages(reply, "-o", "json")).toMatchObject({
      exitCode: 0,
      stderr: "",
      messages: [
        {
          type: "result",
          subtype: "success",
          is_error: false,
          result: "Hello",
          stop_reason: "stop",
          usage: { input_tokens: 5, output_tokens: 2, total_tokens: 7 },
          retries: 0,
          ...common,
        },
      ],
    });
  });

  test.each(["json", "stream-json"])("with one result for a failure: %s", async (format) => {
    const { host, ...ran } = await messages(stream([OPENAI.text("Hel")]), "-o", format);
    const result = {
      type: "result",
      subtype: "error_during_execution",
      is_error: true,
      error: {
        code: "stream-cut",
        message: `Cannot get the rest of the answer of "m": ${host}: the stream ended without a finish reason`,
        exitCode: 5,
      },
      partial_result: "Hel",
      retries: 0,
      ...common,
    };
    const content = [{ type: "text", text: "Hel" }];
    const before = [
      { type: "system", subtype: "init", model: "m", ...common },
      { type: "assistant", message: { role: "assistant", model: "m", content }, ...common },
    ];
    expect(ran).toEqual({
      exitCode: 5,
      stderr: "",
      messages: format === "json" ? [result] : [...before, result],
    });
  });

  test("without any credential of the base URL or of a server's words", async () => {
    const error = { message: `No: ${KEY}` };
    const { origin, requests } = await scriptedServer(answer(404, { error }));
    const at = chatMachine(origin, { entry: { baseUrl: `${origin}/v1?api_key=hidden-in-url` } });
    for (const format of ["text", "json", "stream-json"]) {
      const { exitCode, stdout, stderr } = await qwen(at, ["-p", "Hi", "-o", format]);
      expect(exitCode).toBe(1);
      expect(stdout + stderr).toContain(`${origin}/v1?api_key=*** (404: No: ***)`);
      expect(stdout + stderr).not.toContain("hidden-in-url");
      expect(stdout + stderr).not.toContain(KEY);
    }
    expect(requests[0]?.path).toBe("/v1/chat/completions?api_key=hidden-in-url");
  });

  test("with what Anthropic says, too", async () => {
    const { origin } = await scriptedServer(stream([ANTHROPIC.text("Hello"), ANTHROPIC.finish]));
    const at = chatMachine(origin, { speech: ANTHROPIC });
    const { exitCode, stdout } = await qwen(at, ["-p", "Hi", "-o", "json"]);
    expect([exitCode, JSON.parse(stdout).result]).toEqual([0, "Hello"]);
  });
});
