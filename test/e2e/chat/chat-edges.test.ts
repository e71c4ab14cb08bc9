import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mappingProxy } from "../../support/mapping-proxy.ts";
import { OPENAI, sse } from "../../support/model-answers.ts";
import { machine, qwen } from "../../support/qwen.ts";
import { scriptedServer, stream } from "../../support/scripted-server.ts";
import { selfSigned, serveLoopback } from "../../support/tls-server.ts";
import { chatMachine, KEY } from "./chat-machine.ts";

setDefaultTimeout(60_000);

const delta = (part: object) => sse({ choices: [{ index: 0, delta: part }] });

describe("nothing of an answer is lost:", () => {
  test.each([
    ["what the model says instead", [delta({ refusal: "I will not" })], "I will not\n"],
    [
      "a text in parts",
      [
        delta({
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
          ],
        }),
      ],
      "ab\n",
    ],
    [
      "a character that the server cuts in two",
      [delta({ content: "a\ud83d" }), delta({ content: "\ude00b" })],
      "a😀b\n",
    ],
  ])("%s", async (_name, pieces, stdout) => {
    const { origin } = await scriptedServer(stream([...pieces, OPENAI.finish]));
    const ran = await qwen(chatMachine(origin), ["-p", "Hi"]);
    expect(ran).toEqual({ exitCode: 0, stdout, stderr: "" });
  });

  test("that there is none is said", async () => {
    const { origin } = await scriptedServer(stream([OPENAI.finish]));
    const ran = await qwen(chatMachine(origin), ["-p", "Hi"]);
    expect(ran).toEqual({ exitCode: 0, stdout: "", stderr: "the answer holds no text\n" });
  });
});

test("an error that never ends is told all the same, with what came of it", async () => {
  const { origin } = await scriptedServer(async (socket) => {
    socket.write("HTTP/1.1 401 No\r\ncontent-type: text/plain\r\n\r\nno such key ");
    while (!socket.destroyed) {
      socket.write(".");
      await Bun.sleep(20);
    }
  });
  const ran = await qwen(chatMachine(origin), ["-p", "Hi"]);
  expect(ran.exitCode).toBe(4);
  expect(ran.stderr).toContain("(401: no such key)");
});

test("half of a key that a server repeats is not shown either", async () => {
  for (const length of [150, 170, 185, 199]) {
    const { port } = serveLoopback(
      () => new Response(`${"x ".repeat(length / 2)}${KEY} and more`, { status: 401 }),
    );
    for (const more of [[], ["-o", "json"]]) {
      const ran = await qwen(chatMachine(`http://127.0.0.1:${port}`), ["-p", "Hi", ...more]);
      expect(ran.stdout + ran.stderr).not.toContain(KEY.slice(0, 8));
    }
  }
});

describe("words that only look like something else are", () => {
  test.each([
    [["constructor", "injection", "explained"], "constructor injection explained"],
    [["valueOf", "what", "is", "it"], "valueOf what is it"],
    [["--", "auth", "status"], "auth status"],
    [["--", "what", "does", "--help", "show"], "what does --help show"],
    [["--no-input", "--", "-v"], "-v"],
    [["explain", "--", "-h"], "explain -h"],
  ])("a question: %j", async (args, question) => {
    const { origin, requests } = await scriptedServer(stream([OPENAI.text("x"), OPENAI.finish]));
    expect((await qwen(chatMachine(origin), args)).exitCode).toBe(0);
    expect(JSON.parse(requests[0]?.body ?? "").messages.at(-1).content).toBe(question);
  });

  test.each([
    [["-prompt", "hello"], "Cannot read `-prompt`: a flag of several letters has two dashes"],
    [
      ["auth", "api-key", "-provider", "deepseek"],
      "Cannot read `-provider`: a flag of several letters has two dashes",
    ],
    [["help", "constructor"], "Cannot explain `constructor`: there is no such command"],
  ])("a mistake: %j", async (args, message) => {
    const ran = await qwen(machine(), args);
    expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ran.stderr).toStartWith(`error: ${message}`);
  });
});

test.each([
  [["-o", "json", "-p", ""], 2, "missing-input"],
  [["-o", "json", "--bogus"], 2, "unknown-flag"],
  [["--output-format=stream-json", "auht"], 2, "unknown-command"],
  [["-ojson", "-p", "hi"], 4, "not-configured"],
])("%j prints a result on standard output", async (args, exitCode, code) => {
  const ran = await qwen(machine(), args);
  expect(ran).toMatchObject({ exitCode, stderr: "" });
  const result = JSON.parse(ran.stdout);
  expect(result).toMatchObject({ type: "result", is_error: true, error: { code, exitCode } });
});

test("a key is not sent where it may not belong by `auth list --verify`", async () => {
  const hosts = ["coding.dashscope.aliyuncs.com", "dashscope.aliyuncs.com", "api.openai.com"];
  const certificate = await selfSigned([
    ...hosts,
    "coding-intl.dashscope.aliyuncs.com",
    "gateway.example.com",
  ]);
  const { port, seen } = serveLoopback(() => new Response("", { status: 401 }), certificate);
  const proxy = await mappingProxy(port);
  const at = machine();
  at.write(".qwen/settings.json", {
    modelProviders: { anthropic: [{ id: "m", baseUrl: "http://127.0.0.1:1" }] },
    model: { name: "m" },
    codingPlan: { region: "global" },
  });
  const env = {
    HTTPS_PROXY: proxy.url,
    QWEN_CA_CERT: certificate.file,
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: "https://gateway.example.com/v1",
    BAILIAN_CODING_PLAN_API_KEY: KEY,
    DASHSCOPE_API_KEY: KEY,
  };
  const ran = await qwen(at, ["auth", "list", "--verify", "--json"], { env });
  const states = Object.fromEntries(
    JSON.parse(ran.stdout).providers.map(
      ({ envKey, verified }: { envKey: string; verified: { state: string } }) => [
        envKey,
        verified.state,
      ],
    ),
  );
  expect(states).toMatchObject({
    OPENAI_API_KEY: "rejected",
    BAILIAN_CODING_PLAN_API_KEY: "rejected",
    DASHSCOPE_API_KEY: "unchecked",
  });
  expect(seen.toSorted()).toEqual([
    "GET coding-intl.dashscope.aliyuncs.com/v1/models",
    "GET gateway.example.com/v1/models",
  ]);
});
