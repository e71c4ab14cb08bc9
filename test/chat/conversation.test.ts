import { expect, test } from "bun:test";
import { withTurn } from "../../src/chat/conversation.ts";

const BEFORE = [
  { role: "user", text: "a" },
  { role: "assistant", text: "b" },
] as const;

test("withTurn() adds a question and its answer", () => {
  expect(withTurn(BEFORE, "c", "d")).toEqual([
    ...BEFORE,
    { role: "user", text: "c" },
    { role: "assistant", text: "d" },
  ]);
});

test.each(["", "\n", " \t\n"])("withTurn() forgets a question that was answered %j", (answer) => {
  expect(withTurn(BEFORE, "c", answer)).toBe(BEFORE);
});
