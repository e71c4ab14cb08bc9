import { expect, test } from "bun:test";
import { findSlip } from "../../src/cli/find-slip.ts";

const NAMES = ["auth", "models", "trust", "doctor", "completion", "env"];

test.each([
  // Two for words of six letters and more, one for four and five, none for fewer.
  ["doctr", "doctor"],
  ["dctr", undefined],
  ["docotrx", "doctor"],
  ["docxyr", "doctor"],
  ["doxyz", undefined],
  ["trusr", "trust"],
  ["truzz", undefined],
  ["auht", "auth"],
  ["aut", undefined],
  ["authxy", "auth"],
  ["authxyz", undefined],
  ["evn", undefined],
  ["env", "env"],
  ["Modles", "models"],
  // Another first letter is another word.
  ["podels", undefined],
  ["bodels", undefined],
  ["trust!", undefined],
  ["-trust", undefined],
  ["tru5t", undefined],
  // A word that people say.
  ["thrust", undefined],
  ["modest", undefined],
  ["compleiton", "completion"],
  ["completely", undefined],
  ["", undefined],
])("findSlip(%j) is %p", (word, name) => {
  expect(findSlip(word, NAMES)).toBe(name);
});

test("findSlip() takes the nearest", () => {
  expect(findSlip("modelx", ["modern-x", "modelxy", "models"])).toBe("modelxy");
  expect(findSlip("modelxx", ["modela", "modelxa"])).toBe("modelxa");
});
