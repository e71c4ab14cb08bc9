import { expect, test } from "bun:test";
import { isConfigurableId, modelIdsComplaint } from "../../../src/models/entries/model-ids.ts";

test.each<[readonly string[], string | undefined]>([
  [["qwen3-max"], undefined],
  [["a", "z-ai/glm-5:free", "模型"], undefined],
  [[], "it names no model"],
  [["a", "b c"], 'the id "b c" contains white space'],
  [["a\tb"], 'the id "a\tb" contains white space'],
  [["a\u0000"], 'the id "a\u0000" contains white space'],
  [["a\u001f"], 'the id "a\u001f" contains white space'],
  [["a\u007f"], 'the id "a\u007f" contains white space'],
  [["a\u009f"], 'the id "a\u009f" contains white space'],
  [["a", "b\u200b"], 'the id "b\u200b" has characters that nobody sees'],
  [["a\ud800"], 'the id "a\ud800" has characters that nobody sees'],
  [["a\u200b", "b c"], 'the id "b c" contains white space'],
])("modelIdsComplaint(%j) is %j", (ids, complaint) => {
  expect(modelIdsComplaint(ids)).toBe(complaint as never);
});

test.each([
  ["qwen3-max", true],
  ["x".repeat(256), true],
  ["x".repeat(257), false],
  ["a b", false],
  ["$HOME", false],
  [`a$${"{HOME}"}b`, false],
  ["a$", true],
])("isConfigurableId(%j) is %p", (id, expected) => {
  expect(isConfigurableId(id)).toBe(expected);
});
