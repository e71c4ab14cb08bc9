import { describe, expect, test } from "bun:test";
import { askSteps, mapAnswer, type Step } from "../../src/prompts/ask-steps.ts";
import type { Answer } from "../../src/runtime.ts";

const BACK = { kind: "back" } as const;
const CANCELLED = { kind: "cancelled" } as const;

/** A dialogue whose answers are given beforehand; the state is the list of what was answered. */
function dialogue(answers: readonly (string | typeof BACK | typeof CANCELLED)[]) {
  const asked: string[] = [];
  const queue = [...answers];
  const ask =
    (name: string): Step<readonly string[]> =>
    async (state) => {
      asked.push(name);
      const answer = queue.shift() ?? CANCELLED;
      return typeof answer === "string" ? { kind: "value", value: [...state, answer] } : answer;
    };
  return { asked, ask };
}

const nothing: Step<readonly string[]> = () => undefined;
const given: Step<readonly string[]> = async (state) => ({
  kind: "given",
  value: [...state, "given"],
});

describe("askSteps()", () => {
  test("asks one question after the other and passes over what is known", async () => {
    const { asked, ask } = dialogue(["1", "2"]);
    const answer = await askSteps<readonly string[]>([], [ask("a"), nothing, given, ask("b")]);
    expect(answer).toEqual({ kind: "value", value: ["1", "given", "2"] });
    expect(asked).toEqual(["a", "b"]);
  });

  test("goes back to the question before, past what was known", async () => {
    const { asked, ask } = dialogue(["1", BACK, "one", "2"]);
    const answer = await askSteps<readonly string[]>([], [ask("a"), nothing, given, ask("b")]);
    expect(answer).toEqual({ kind: "value", value: ["one", "given", "2"] });
    expect(asked).toEqual(["a", "b", "a", "b"]);
  });

  test("answers back at the first question, and cancelled at each", async () => {
    const first = dialogue([BACK]);
    expect(await askSteps([], [given, first.ask("a"), first.ask("b")])).toEqual(BACK);
    const second = dialogue(["1", CANCELLED]);
    expect(await askSteps([], [second.ask("a"), second.ask("b")])).toEqual(CANCELLED);
  });

  test("has an answer when there is nothing to ask", async () => {
    expect(await askSteps("start", [])).toEqual({ kind: "value", value: "start" });
  });
});

test("mapAnswer() changes a value and nothing else", async () => {
  const twice = (answer: Answer<number>) =>
    mapAnswer(Promise.resolve(answer), (value) => value * 2);
  expect(await twice({ kind: "value", value: 2 })).toEqual({ kind: "value", value: 4 });
  expect(await twice(BACK)).toEqual(BACK);
  expect(await twice(CANCELLED)).toEqual(CANCELLED);
});
