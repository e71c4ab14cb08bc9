import { describe, expect, test } from "bun:test";
import { foreignFailure, type Speaker, speakerOf } from "../../src/protocols/foreign-answer.ts";

test.each<[Readonly<Record<string, unknown>>, Speaker | undefined]>([
  [{ choices: [] }, "openai"],
  [{ candidates: [] }, "gemini"],
  [{ type: "message_start" }, "anthropic"],
  [{ type: "content_block_delta" }, "anthropic"],
  [{ type: "message", content: [] }, "anthropic"],
  [{ type: "message", content: "text" }, undefined],
  [{ type: "response.created" }, "responses"],
  [{ object: "response", output: [] }, "responses"],
  [{ object: "response" }, undefined],
  [{ object: "list", output: [] }, undefined],
  [{ done: false, message: {} }, "ollama"],
  [{ done: true, response: "" }, "ollama"],
  [{ done: true }, undefined],
  [{ message: {} }, undefined],
  [{ done: "yes", response: "" }, undefined],
  [{ choices: {}, type: 3 }, undefined],
  [{}, undefined],
])("speakerOf(%j) is %p", (event, speaker) => {
  expect(speakerOf(event)).toBe(speaker);
});

describe("foreignFailure()", () => {
  const otherwise = { kind: "failure", reason: "ended-early", message: "why" } as const;
  const own = "openai";
  test.each<Speaker | undefined>([undefined, "openai"])("leaves what %p says", (speaker) => {
    expect<unknown>(foreignFailure({ speaker, own }, otherwise)).toBe(otherwise);
  });

  test.each<[Speaker, string, string]>([
    [
      "anthropic",
      "HOST speaks Anthropic's protocol",
      "set it up again with `qwen auth api-key --protocol anthropic`",
    ],
    [
      "gemini",
      "HOST speaks Gemini's protocol",
      "set it up again with `qwen auth api-key --protocol gemini`",
    ],
    [
      "responses",
      "HOST speaks OpenAI's Responses protocol, which is not supported",
      "give a base URL at which `/chat/completions` is answered",
    ],
    [
      "ollama",
      "HOST speaks Ollama's own protocol, which is not supported",
      "give its OpenAI-compatible base URL, which ends in /v1",
    ],
  ])("tells what to do with %s", (speaker, says, hint) => {
    expect<unknown>(foreignFailure({ speaker, own }, otherwise)).toEqual({
      ...otherwise,
      reason: "not-an-api",
      says,
      hint,
    });
  });
});
