import { expect, test } from "bun:test";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { testUnless } from "../../support/needs.ts";
import type { Machine } from "../../support/qwen.ts";
import { cannotBeNobody, giveAway, qwenAsNobody } from "../../support/unprivileged.ts";
import { brokerMachine, KEY, serve } from "./broker-machine.ts";
import { toolService, WORD } from "./tool-service.ts";

test("the SDKs of OpenAI and Anthropic talk through the broker, with either credential", async () => {
  const service = toolService();
  const own = await serve(brokerMachine(service.origin), ["--anthropic-base-url", service.origin]);
  const openai = new OpenAI({ baseURL: `${own.url}/openai/v1`, apiKey: own.token, maxRetries: 0 });
  const messages = [{ role: "user" as const, content: "hi" }];
  const chat = await openai.chat.completions.create({ model: "glm-5", messages });
  expect(chat.choices[0]?.message.content).toBe(WORD);
  let streamed = "";
  for await (const event of await openai.responses.create({
    model: "glm-5",
    input: "hi",
    stream: true,
  })) {
    streamed += event.type === "response.output_text.delta" ? event.delta : "";
  }
  expect(streamed).toBe(WORD);
  const wrong = new OpenAI({ baseURL: `${own.url}/openai/v1`, apiKey: "no", maxRetries: 0 });
  const refused = await wrong.models.list().then(() => "answered", String);
  expect(refused).toContain("qwen auth run:");
  for (const credential of [
    { apiKey: own.token, authToken: null },
    { authToken: own.token, apiKey: null },
  ]) {
    const anthropic = new Anthropic({
      baseURL: `${own.url}/anthropic`,
      ...credential,
      maxRetries: 0,
    });
    const message = await anthropic.messages
      .stream({ model: "glm-5", max_tokens: 10, messages })
      .finalMessage();
    expect(message.content[0]).toMatchObject({ type: "text", text: WORD });
  }
  for (const { headers } of service.received) {
    expect([...headers.values()].join("\n")).not.toContain(own.token);
    expect(headers.get("authorization")).toBe(`Bearer ${KEY}`);
  }
  await own.stop();
});

test("so does Google's, with a model in the path", async () => {
  const service = toolService();
  const set: Machine = brokerMachine(service.origin);
  set.write(".qwen/settings.json", {
    modelProviders: { gemini: [{ id: "g-pro", baseUrl: service.origin, envKey: "LENT_KEY" }] },
    env: { LENT_KEY: KEY },
    model: { name: "g-pro" },
    security: { auth: { selectedType: "gemini" } },
  });
  const own = await serve(set);
  const google = new GoogleGenAI({
    apiKey: own.token,
    httpOptions: { baseUrl: `${own.url}/gemini` },
  });
  const answer = await google.models.generateContent({
    model: "gemini-of-their-own",
    contents: "hi",
  });
  expect(answer.text).toBe(WORD);
  expect(service.received.map(({ path }) => path)).toEqual([
    "/v1beta/models/g-pro:generateContent",
  ]);
  expect(service.received[0]?.headers.get("x-goog-api-key")).toBe(KEY);
  await own.stop();
});

testUnless(cannotBeNobody())("a tool cannot read the environment of the broker", async () => {
  const set = brokerMachine("http://127.0.0.1:9");
  giveAway(set.home);
  const script =
    "cat /proc/$PPID/environ && echo read; cat /proc/self/environ > /dev/null && echo own";
  const ran = await qwenAsNobody(set, ["auth", "run", "--", "sh", "-c", script], {
    env: { LENT_KEY: KEY },
  });
  expect([ran.exitCode, ran.stdout]).toEqual([0, "own\n"]);
});
