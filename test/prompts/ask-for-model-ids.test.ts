import { describe, expect, test } from "bun:test";
import { askForModelIds } from "../../src/prompts/ask-for-model-ids.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";

const BY_HAND = "Enter model ids, separated by commas:";
const LIST = "Select models with Tab; the first becomes the default:";

async function ask(texts: readonly string[], planned: readonly string[], listed: object[] = []) {
  const runtime = fakeRuntime({ answers: texts.map((text) => ({ kind: "value", value: text })) });
  const models = listed.map((model) => ({ id: "", ...model }));
  const answer = await askForModelIds(runtime, { planned, listed: models });
  return { answer, asked: runtime.asked, complaints: runtime.complaints, rows: runtime.rows };
}

describe("askForModelIds() without a list", () => {
  test.each<[text: string, planned: string[], expected: string[]]>([
    ["a", [], ["a"]],
    [" a, b ,,a", [], ["a", "b"]],
    ["", ["x", "y"], ["x", "y"]],
    ["a", ["x"], ["a"]],
  ])("takes %j over %j as %j", async (text, planned, expected) => {
    const { answer, asked, complaints } = await ask([text], planned);
    expect(answer).toEqual({ kind: "value", value: expected });
    expect([asked, complaints]).toEqual([[BY_HAND], []]);
  });

  test("complains of what is no list of ids", async () => {
    const { answer, complaints } = await ask(["", ",", "a b", "a"], []);
    expect(answer).toEqual({ kind: "value", value: ["a"] });
    expect(complaints).toEqual([
      "This is no list of models: it names no model.",
      "This is no list of models: it names no model.",
      'This is no list of models: the id "a b" contains white space.',
    ]);
  });
});

describe("askForModelIds() with a list", () => {
  const listed = [{ id: "a", name: "\u001bA" }, { id: "b" }, { id: "no id" }];

  test("offers what can be typed, and to type others", async () => {
    const { answer, asked, rows } = await ask(["b"], [], listed);
    expect(answer).toEqual({ kind: "value", value: ["b"] });
    expect(asked).toEqual([LIST]);
    expect(rows).toEqual([
      [
        { value: "a", label: "a", description: "\\x1bA" },
        { value: "b", label: "b" },
        { value: "", label: "Others", description: "type their ids" },
      ],
    ]);
  });

  test("asks for ids where others are chosen", async () => {
    const { answer, asked } = await ask(["", "c"], ["a"], listed);
    expect(answer).toEqual({ kind: "value", value: ["c"] });
    expect(asked).toEqual([LIST, BY_HAND]);
  });

  test("has no list where no id of it can be typed", async () => {
    expect((await ask(["c"], [], [{ id: "no id" }])).asked).toEqual([BY_HAND]);
  });

  test("passes on that a person leaves", async () => {
    expect((await ask([], [], listed)).answer).toEqual({ kind: "cancelled" });
  });
});
