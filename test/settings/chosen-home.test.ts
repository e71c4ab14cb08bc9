import { expect, test } from "bun:test";
import { chosenHome } from "../../src/settings/chosen-home.ts";

test.each([
  [undefined, "/home/me/.qwen"],
  ["", "/home/me/.qwen"],
  ["~", "/home/me"],
  ["~/q/", "/home/me/q/"],
  ["~me", "/repo/~me"],
  ["/q", "/q"],
  ["\\q", "\\q"],
  ["C:\\q", "C:\\q"],
  ["c:q", "c:q"],
  ["q", "/repo/q"],
  ["../q", "/repo/../q"],
])("chosenHome() of %j is %s", (chosen, path) => {
  expect(chosenHome({ env: { QWEN_HOME: chosen }, cwd: "/repo", home: "/home/me" })).toBe(path);
});
