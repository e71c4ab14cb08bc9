import { describe, expect, test } from "bun:test";
import { inSession, sessionOutput } from "../../../src/chat/session/in-session.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";

const said = (text: string): string => inSession(text, "(in a shell)");

describe("inSession() says what to type in a session:", () => {
  test.each([
    ["check the base URL in `qwen auth status`, and `X`", "check the base URL in /status, and `X`"],
    ["run `qwen auth switch glm-5`", "run /model"],
    ["set another one with `qwen auth`", "set another one with /auth"],
    ["choose one that `qwen models --remote` lists", "choose one that /models lists"],
    ["choose another one with `qwen --resume`", "choose another one with /resume"],
    ["run `qwen auth coding-plan` or `qwen auth api-key`", "run /auth"],
    ["运行 `qwen auth coding-plan` 或 `qwen auth api-key`", "运行 /auth"],
    [
      "To go on without it: qwen auth coding-plan, or qwen auth api-key",
      "To go on without it: /auth",
    ],
    ["Run: qwen auth api-key --provider zai --region china", "Run: /auth"],
  ])("%j", (text, expected) => {
    expect(said(text)).toBe(expected);
  });
});

describe("inSession() says of what only a shell has that it is for one:", () => {
  test.each([
    [
      "no; `qwen auth status --verify` asks the service",
      "`qwen auth status --verify` (in a shell)",
    ],
    ["run `qwen trust '/a b'` first", "run `qwen trust '/a b'` (in a shell) first"],
    ["`qwen auth logout --all` removes it", "`qwen auth logout --all` (in a shell) removes it"],
    ["add it: `qwen auth api-key --provider p --model m`", "--model m` (in a shell)"],
    [
      "  Check it: qwen auth status --verify\n",
      "  Check it: qwen auth status --verify (in a shell)\n",
    ],
    ["If you trust:      qwen auth status --trust", "qwen auth status --trust (in a shell)"],
  ])("%j", (text, expected) => {
    expect(said(text)).toContain(expected);
  });
});

test("inSession() leaves alone what is no command", () => {
  for (const text of ["qwen 0.1.0  m · Test", "ask qwen auth about it", "`qwen`", "`other auth`"]) {
    expect(said(text)).toBe(text);
  }
});

test.each([
  ["run `qwen auth`\n", undefined, "run /auth\n"],
  ["run `qwen trust`\n", undefined, "run `qwen trust` (in a shell)\n"],
  // What is somebody's own is shown as it is, as is what names no command.
  ["run `qwen auth`\n", "data" as const, "run `qwen auth`\n"],
  ["`glm` (（a） b\n", undefined, "`glm` (（a） b\n"],
])("sessionOutput() writes %j as %p as %j", async (text, of, shown) => {
  const { stdout, written } = fakeRuntime();
  await sessionOutput(stdout).write(text, of);
  expect(written.stdout).toBe(shown);
});
