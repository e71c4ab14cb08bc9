import { expect, setDefaultTimeout, test } from "bun:test";
import { machine, qwen } from "../../support/qwen.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";

setDefaultTimeout(60_000);

const REPLY = answer(200, {
  choices: [{ message: { role: "assistant", content: "pong" }, finish_reason: "stop" }],
});

const WAYS: readonly (readonly [
  string,
  (url: string) => { args: string[]; env: Record<string, string> },
])[] = [
  ["flags", (url) => ({ args: ["--openai-base-url", url, "-m", "m"], env: {} })],
  ["variables", (url) => ({ args: [], env: { OPENAI_BASE_URL: url, OPENAI_MODEL: "m" } })],
  ["a variable and a flag", (url) => ({ args: ["-m", "m"], env: { OPENAI_BASE_URL: url } })],
  [
    "variables with blanks",
    (url) => ({
      args: [],
      env: { OPENAI_BASE_URL: `${url}\r`, OPENAI_MODEL: "m\n", OPENAI_API_KEY: " " },
    }),
  ],
];

test.each(WAYS)("a local server that %s name is asked without a key", async (_, given) => {
  const server = await scriptedServer(REPLY);
  const at = machine();
  const { args, env } = given(`${server.origin}/v1`);
  const ran = await qwen(at, [...args, "-p", "hi"], { env });
  expect([ran.exitCode, ran.stdout]).toEqual([0, "pong\n"]);
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  const status = await qwen(at, ["auth", "status", ...args], { env });
  expect([status.exitCode, status.stdout]).toEqual([0, expect.stringContaining("none needed")]);
});
