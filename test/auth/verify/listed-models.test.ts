import { describe, expect, test } from "bun:test";
import {
  chatModels,
  configurableModels,
  describeList,
  hasModel,
} from "../../../src/auth/verify/listed-models.ts";

const list = (...ids: readonly string[]) => ids.map((id) => ({ id }));

test.each([
  ["m", ["m"], true],
  ["m", ["n", "mm"], false],
  ["m", ["m:latest"], true],
  ["m:latest", ["m"], false],
  ["models/m", ["m"], true],
  ["m", ["models/m"], false],
  ["z/m:nitro", ["z/m"], true],
  ["z/m:floor", ["z/m"], true],
  ["z/m:online", ["z/m"], true],
  ["z/m:exacto", ["z/m"], true],
  ["z/m:free", ["z/m"], false],
  ["z/m:free", ["z/m:free"], true],
  ["m", [], false],
])("hasModel() of %j in %j is %p", (model, ids, expected) => {
  expect(hasModel(list(...ids), model)).toBe(expected);
});

describe("chatModels()", () => {
  test.each([
    "text-embedding-3-small",
    "bge-rerank",
    "qwen3-ranking",
    "whisper-1",
    "tts-1",
    "gpt-4o-mini-tts",
    "qwen3-asr-flash",
    "dall-e-3",
    "imagen-4",
    "gpt-image-1",
    "veo-3",
    "sora-2",
    "omni-moderation-latest",
    "gpt-4o-transcribe",
    "gpt-audio",
    "gpt-realtime",
    "davinci-002",
    "babbage-002",
    "qwen-vl-ocr",
    "speech-02",
    "wan/video.1",
  ])("leaves out %s", (id) => {
    expect(chatModels(list(id, "m"))).toEqual(list("m"));
  });

  test("keeps what only sounds alike, and what the list says of itself", () => {
    const kept = list("frankly", "embassy", "asrama", "qwen3-max", "imagine", "sorana", "veolia");
    const models = [...kept, { id: "y", canChat: false } as const];
    expect(chatModels(models)).toEqual(kept);
  });
});

test("configurableModels() are those that may stand in settings", () => {
  expect(configurableModels(list("m", "$HOME", "a b", "tts-1", "x".repeat(257)))).toEqual(
    list("m"),
  );
});

test.each([
  [[], undefined, "0 models listed"],
  [["m"], undefined, "1 model listed"],
  [["m", "n"], undefined, "2 models listed"],
  [["m", "n"], "m", '2 models listed, "m" among them'],
  [["m"], "qwen3-max", '1 model listed, but not "qwen3-max"'],
  [
    ["qwen3-mix", "m"],
    "qwen3-max",
    '2 models listed, but not "qwen3-max"; did you mean "qwen3-mix"?',
  ],
  [
    ["qwen3-mix", "qwen3-maxi"],
    "qwen3-max",
    '2 models listed, but not "qwen3-max"; did you mean "qwen3-mix" or "qwen3-maxi"?',
  ],
])("describeList() of %j for %j", (ids, model, told) => {
  expect(describeList(list(...ids), model)).toBe(told);
});
