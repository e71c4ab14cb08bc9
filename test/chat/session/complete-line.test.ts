import { expect, test } from "bun:test";
import { completeLine } from "../../../src/chat/session/complete-line.ts";

const PORTS = {
  modelIds: () => ["glm-5", "glm-5-air", "qwen3"],
  accountWords: () => ["work", "home"],
  pathsLike: (begun: string) =>
    begun === "many" ? Array.from({ length: 25 }, (_, n) => `many${n + 10}`) : ["src/", "sum.md"],
};

test.each<readonly [line: string, completed: string, candidates: readonly string[]]>([
  ["/model q", "/model qwen3 ", []],
  ["/model  q", "/model  qwen3 ", []],
  ["/model gl", "/model glm-5", ["glm-5", "glm-5-air"]],
  ["/model glm-5", "/model glm-5", ["glm-5", "glm-5-air"]],
  ["/model x", "/model x", []],
  ["/model ", "/model ", ["glm-5", "glm-5-air", "qwen3"]],
  ["／model q", "／model qwen3 ", []],
  ["/account w", "/account work ", []],
  ["/account ", "/account ", ["work", "home"]],
  ["/model glm-5 and @su", "/model glm-5 and @sum.md", []],
  ["see @s", "see @s", ["src/", "sum.md"]],
  ["see @sr", "see @src/", []],
  ["@sum", "@sum.md", []],
  ["a\nb @sum", "a\nb @sum.md", []],
  ["a@sum", "a@sum", []],
  ["/save su", "/save sum.md", []],
  ["/save  sr", "/save  src/", []],
  ["/save x", "/save x", []],
  ["@many", "@many", Array.from({ length: 20 }, (_, n) => `many${n + 10}`)],
  ["/sta", "/status ", []],
  ["hello", "hello", []],
])("completeLine() makes %j %j", (line, completed, candidates) => {
  expect(completeLine(line, PORTS)).toEqual({ line: completed, candidates });
});
