import { expect, setDefaultTimeout, test } from "bun:test";
import { machine, qwen } from "../../support/qwen.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";

setDefaultTimeout(60_000);

const REPLY = answer(200, {
  choices: [{ message: { role: "assistant", content: "pong" }, finish_reason: "stop" }],
});

async function asked(word: string) {
  const server = await scriptedServer(REPLY);
  const at = machine();
  const baseUrl = `${server.origin}/v1`;
  at.write(".qwen/settings.json", {
    modelProviders: { openai: [{ id: "m", baseUrl }] },
    model: { name: "m" },
  });
  const ran = await qwen(at, [word]);
  return { ...ran, bodies: server.requests.map(({ body }) => JSON.parse(body).messages) };
}

test.each(["hello", "hey", "test", "why", "thanks", "last", "你好"])(
  "`qwen %s` asks the model",
  async (word) => {
    const { exitCode, stdout, bodies } = await asked(word);
    expect({ exitCode, stdout, bodies }).toEqual({
      exitCode: 0,
      stdout: "pong\n",
      bodies: [[{ role: "user", content: word }]],
    });
  },
);

test.each(["statsu", "doctr", "modles", "login", "/about"])(
  "`qwen %s` is sent nowhere",
  async (word) => {
    const { exitCode, stdout, bodies } = await asked(word);
    expect({ exitCode, stdout, bodies }).toEqual({ exitCode: 2, stdout: "", bodies: [] });
  },
);
