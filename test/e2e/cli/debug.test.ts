import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { CANARIES, found } from "../../support/canary.ts";
import { checkingProxy } from "../../support/checking-proxy.ts";
import { OPENAI } from "../../support/model-answers.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import { runAll } from "../../support/run-all.ts";
import { answer, cut, type Reply, scriptedServer, stream } from "../../support/scripted-server.ts";
import { chatMachine } from "../chat/chat-machine.ts";

setDefaultTimeout(60_000);

const SPOKEN = stream([OPENAI.text("Hello"), OPENAI.text(" you"), OPENAI.finish]);

/** The lines of a trace, with one stamp, one home and one origin, and without stacks. */
function traceOf(stderr: string, at: Machine, origin = "http://none"): string[] {
  const lines = stderr.split("\n").filter((line) => line.startsWith("debug: "));
  for (const line of lines) {
    expect(line).toMatch(/^debug: \d+ms \S| {4}at /);
  }
  return lines
    .map((line) => line.replace(/^debug: \d+ms /, "").replace(/after \d+ms/, "after Nms"))
    .map((line) => line.replaceAll(at.home, "~").replaceAll(origin, "http://HOST"))
    .filter((line) => !line.startsWith("    at "));
}

const settingsLines = [
  "settings system-defaults ~/system/system-defaults.json, not read",
  "settings user ~/.qwen/settings.json",
  "settings project ~/p/.qwen/settings.json, not read",
  "settings system ~/system/settings.json, not read",
];

const HEADERS = "headers accept authorization content-type user-agent";

describe("--debug", () => {
  test("tells the way of a question from settings to events; stdout stays clean", async () => {
    const busy = answer(429, "{}", { "retry-after-ms": "20", "x-request-id": "req-1" });
    const { origin, requests } = await scriptedServer(busy, SPOKEN);
    const at = chatMachine(origin);
    at.write("p/.env", "X=1\n");
    at.write(".env", "TEST_KEY=sk-shadowed-0123456789\n");
    const ran = await qwen(at, ["-p", "Hi", "-o", "json", "--debug"]);
    expect(JSON.parse(ran.stdout)).toMatchObject({ result: "Hello you" });
    const post = `POST http://HOST/v1/chat/completions, no proxy, ${HEADERS}`;
    const body = `body ${requests[0]?.body.length} bytes`;
    const [first, ...lines] = traceOf(ran.stderr, at, origin);
    expect(first).toMatch(/^qwen \d+\.\d+\.\d+ \(\w+ \w+\) in ~\/p$/);
    expect(lines).toEqual([
      ...settingsLines,
      ".env ~/p/.env (project)",
      ".env passed over ~/.env: another comes first",
      "protocol openai from ~/.qwen/settings.json (security.auth.selectedType)",
      "model m from ~/.qwen/settings.json (model.name)",
      "endpoint http://HOST/v1 from ~/.qwen/settings.json (modelProviders.openai[0].baseUrl)",
      "key sk-…0123 from ~/.qwen/settings.json (env.TEST_KEY)",
      `${post}, ${body}`,
      "answer 429, application/json, request id req-1, headers after Nms",
      "try 1 failed, the next one in 20ms",
      `${post}, ${body}`,
      "answer 200, text/event-stream, headers after Nms",
      "events text-delta 2, finish 1, usage 1",
    ]);
  });

  test("tells nothing without it, nor behind --", async () => {
    const { origin } = await scriptedServer(SPOKEN);
    const at = chatMachine(origin);
    for (const args of [["-p", "Hi"], ["--", "Hi", "--debug"], ["--prompt=-d"]]) {
      expect((await qwen(at, args)).stderr).toBe("");
    }
  });

  test("names the proxy without its credentials", async () => {
    const proxy = await checkingProxy("user:pass-0123456789");
    const { origin } = await scriptedServer(SPOKEN);
    const at = chatMachine(origin);
    const flag = `http://user:pass-0123456789@${proxy.host}`;
    const ran = await qwen(at, ["-p", "Hi", "-d", "--proxy", flag]);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain(`, proxy http://${proxy.host}, `);
    expect(ran.stderr).not.toMatch(/pass-0123456789|user:/);
  });

  test.each<[name: string, reply: Reply, line: string]>([
    ["a refused redirect", answer(307, "", { location: "https://evil.test/x?k=1" }), "redirect"],
    ["a lost connection", cut, "failed: reset"],
  ])("tells %s", async (_name, reply, line) => {
    const { origin } = await scriptedServer(reply);
    const at = chatMachine(origin, { generationConfig: { maxRetries: 0 } });
    const lines = traceOf((await qwen(at, ["-p", "Hi", "-d"])).stderr, at, origin);
    expect(lines.filter((each) => each.startsWith(line))).toEqual([
      line === "redirect"
        ? "redirect refused: http://HOST redirects to https://evil.test, where no key is sent"
        : expect.stringMatching(/^failed: reset/),
    ]);
  });

  test("tells locks and writes", async () => {
    const at = machine();
    const login = ["auth", "coding-plan", "-r", "china", "--key-stdin", "-d"];
    const options = { stdin: "sk-sp-0123456789abcdef" };
    const about = (stderr: string) =>
      traceOf(stderr, at).filter((line) => /^(?:lock|unlock|wrote|left)/.test(line));
    const path = "~/.qwen/settings.json";
    expect(about((await qwen(at, login, options)).stderr)).toEqual([
      `lock ${path}.lock`,
      `locked ${path}.lock`,
      `wrote ${path}`,
      `unlocked ${path}.lock`,
    ]);
    expect(about((await qwen(at, login, options)).stderr)).toContain(`left as it was ${path}`);
  });

  test("tells of a missing key which variables were looked for", async () => {
    const at = machine();
    at.write(".qwen/settings.json", {
      modelProviders: { openai: [{ id: "m", baseUrl: "https://a.test/v1", envKey: "MY_KEY" }] },
    });
    const ran = await qwen(at, ["auth", "status", "-d"]);
    expect(traceOf(ran.stderr, at)).toContain("key missing: MY_KEY");
  });
});

/** Says the key back in every way that a server can. */
function echo(status: number, key: string): Reply {
  const encoded = encodeURIComponent(key);
  const hex = Buffer.from(key).toString("hex");
  const all = [key, btoa(key), encoded, encoded.replace(/%../g, (it) => it.toLowerCase()), hex];
  return answer(
    status,
    { error: { message: `no: ${all.join(", ")}`, code: key } },
    { "x-request-id": key, "content-type": `application/json; ${key}` },
  );
}

const bytesOf = (text: string) => Array.from(Buffer.from(text), (byte) => Uint8Array.of(byte));

describe.each(CANARIES)("--debug never tells the key %s", (key) => {
  const inUrl = encodeURIComponent(key);
  const replies: readonly (readonly [name: string, reply: Reply])[] = [
    ["is answered", SPOKEN],
    ["is repeated with 400", echo(400, key)],
    ["is rejected", echo(401, key)],
    ["is repeated with 500", echo(500, key)],
    ["is redirected", answer(307, "", { location: `https://evil.test/${inUrl}?key=${inUrl}` })],
    ["is redirected to itself", answer(307, "", { location: `/v1/x?token=${inUrl}` })],
    ["is cut off", cut],
    ["is answered with, in packets of one byte", stream(bytesOf(OPENAI.text(key) + OPENAI.finish))],
    ["is repeated in a stream", stream([`data: {"error":{"message":${JSON.stringify(key)}}}\n\n`])],
  ];
  const asking: readonly string[][] = [
    ["-p", "Hi"],
    ["-p", "Hi", "-o", "json"],
    ["-p", "Hi", "-o", "stream-json"],
    ["-p", "Hi", "--openai-api-key", key],
    ["auth", "status", "--verify"],
    ["auth", "list", "--verify"],
    ["models", "--remote"],
    ["auth", "status", "--verify", "--json"],
    ["auth", "list", "--verify", "--json"],
    ["models", "--remote", "--json"],
    ["doctor", "--network"],
    ["doctor", "--network", "--json"],
  ];
  /** What comes to no server, whatever that would answer. */
  const alone: readonly string[][] = [
    ["models", "--remote", "--proxy", `http://u:${inUrl}@127.0.0.1:9`],
    ["auth", "token", "--nonsense"],
    ["auth", "coding-plan", "--key", key, "--region", "mars"],
    ["auth", "switch", "nonsense"],
  ];
  const PROTOCOLS = ["openai", "anthropic", "gemini"];

  test.each(replies)("when a request %s", async (_name, reply) => {
    const { origin } = await scriptedServer(reply);
    for (const protocol of PROTOCOLS) {
      const at = withKey(origin, protocol);
      await expectSilence(at, asking);
      await expectSilence(at, [["auth", "status", "--show-token", "--verify"]], { reveals: true });
    }
  });

  test.each(PROTOCOLS)("when no request is answered, with %s", async (protocol) => {
    const { origin } = await scriptedServer(cut);
    const at = withKey(origin, protocol);
    await expectSilence(at, alone);
    await expectSilence(
      at,
      [
        ["auth", "token"],
        ["auth", "env"],
      ],
      { reveals: true },
    );
    await expectSilence(at, [["auth", "logout"]]);
  });

  function withKey(origin: string, protocol: string): Machine {
    const at = machine();
    at.write(".qwen/settings.json", {
      modelProviders: {
        [protocol]: [
          {
            id: "m",
            envKey: "MY_KEY",
            baseUrl: `${origin}/v1?api_key=${inUrl}`,
            generationConfig: {
              maxRetries: 0,
              customHeaders: { "X-Token": key, Cookie: `a=${key}`, "X-Basic": btoa(key) },
            },
          },
        ],
      },
      model: { name: "m" },
      security: { auth: { selectedType: protocol } },
    });
    return at;
  }

  /** Neither stream tells the key; one that `reveals` it does so on stdout. */
  async function expectSilence(
    at: Machine,
    commands: readonly string[][],
    { reveals = false } = {},
  ): Promise<void> {
    const debug = commands.map((args) => [...args, "--debug"]);
    for (const [args, { stdout, stderr }] of await runAll(at, debug, { env: { MY_KEY: key } })) {
      expect(stderr).toContain("debug: ");
      const leaks = found((reveals ? "" : stdout) + stderr, key);
      expect({ args, leaks }).toEqual({ args, leaks: [] });
    }
  }
});
