import { describe, expect, test } from "bun:test";
import { createAnswerChoice } from "../../src/protocols/choose-answer.ts";

type Pieces = readonly (readonly { readonly index?: number; readonly text: string }[])[];

/** The text of the pieces that are chosen from these events. */
function chosen(events: Pieces): string {
  const choose = createAnswerChoice();
  return events.map((pieces) => choose(pieces)?.text ?? "").join("");
}

describe("createAnswerChoice() gives", () => {
  const cases: readonly (readonly [name: string, events: Pieces, text: string])[] = [
    ["the only answer, numbered or not", [[{ text: "a" }], [{ index: 0, text: "b" }]], "ab"],
    ["one that is counted from 1", [[{ index: 1, text: "a" }], [{ index: 1, text: "b" }]], "ab"],
    ["the one that came first", [[{ index: 1, text: "a" }], [{ index: 0, text: "b" }]], "a"],
    [
      "the first in number of those that come at once",
      [
        [
          { index: 1, text: "b" },
          { index: 0, text: "a" },
        ],
      ],
      "a",
    ],
    ["the first of those without a number", [[{ text: "a" }, { text: "b" }]], "a"],
    [
      "the first where none is the first in number",
      [
        [
          { index: 2, text: "a" },
          { index: 3, text: "b" },
        ],
      ],
      "a",
    ],
    [
      "nothing of others alone",
      [
        [{ index: 0, text: "a" }],
        [
          { index: 1, text: "b" },
          { index: 2, text: "c" },
        ],
      ],
      "a",
    ],
  ];
  test.each(cases)("%s", (_name, events, text) => {
    expect(chosen(events)).toBe(text);
  });

  test("nothing of what is no list of pieces", () => {
    const none = [undefined, null, "text", {}, [], [null], ["text"]];
    expect(none.map((pieces) => createAnswerChoice()(pieces))).toEqual(none.map(() => undefined));
  });
});
