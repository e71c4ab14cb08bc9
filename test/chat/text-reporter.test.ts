import { expect, test } from "bun:test";
import { textReporter } from "../../src/chat/text-reporter.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";

const DONE = { kind: "done", finish: undefined, usage: undefined } as const;

test.each<readonly [name: string, pieces: readonly string[], text: string, isTerminal?: true]>([
  ["a text, with a line break", ["one", " two"], "one two\n"],
  ["a text that ends with one", ["one", "\n"], "one\n"],
  ["a text with a break in the middle", ["one\n", "two"], "one\ntwo\n"],
  ["nothing of nothing", [], ""],
  ["nothing of empty pieces", ["", ""], ""],
  ["a character that came in two", ["a\ud83d", "\ude00"], "a😀\n"],
  ["half of one that never came whole", ["a\ud83d"], "a\ud83d\n"],
  ["a return that nothing follows", ["a\r"], "a\r\n"],
  ["what a model says as it is", ["\u001b[2Ja"], "\u001b[2Ja\n"],
])("textReporter() writes %s", async (_name, pieces, text) => {
  const { stdout, written } = fakeRuntime();
  const reporter = textReporter(stdout);
  await reporter.begin({ model: "m" });
  for (const piece of pieces) {
    expect(await reporter.events([{ kind: "text-delta", text: piece }])).toBe(true);
  }
  await reporter.events([{ kind: "reasoning-delta", text: "thought" }]);
  await reporter.end(DONE);
  expect(written.stdout).toBe(text);
});

test("textReporter() lets nothing move the cursor of a terminal", async () => {
  const { stdout, written } = fakeRuntime({ terminals: ["stdout"] });
  const reporter = textReporter(stdout);
  await reporter.begin({ model: "m" });
  await reporter.events([{ kind: "text-delta", text: "\u001b[2Ja\r" }]);
  await reporter.end(DONE);
  expect(written.stdout).not.toContain("\u001b");
  expect(written.stdout).toMatch(/\[2Ja.*\n$/);
});

test("textReporter() says that nobody reads any more", async () => {
  const { stdout } = fakeRuntime();
  const reporter = textReporter({ ...stdout, writeAnswer: async () => false });
  await reporter.begin({ model: "m" });
  expect(await reporter.events([{ kind: "text-delta", text: "a" }])).toBe(false);
  expect(await reporter.events([{ kind: "text-delta", text: "" }])).toBe(true);
});
