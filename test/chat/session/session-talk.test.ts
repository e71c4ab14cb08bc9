import { describe, expect, test } from "bun:test";
import { say, sayProblem, slashComplaint } from "../../../src/chat/session/session-talk.ts";
import { parseSlash } from "../../../src/chat/session/slash-commands.ts";
import { type ErrorCode, QwenError } from "../../../src/errors.ts";
import { PLAIN } from "../../../src/terminal/style.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";

test("say() ends each line as a raw terminal wants it, and says nothing of no lines", async () => {
  const runtime = fakeRuntime();
  await say(runtime, []);
  await say(runtime, ["one", "", "two"]);
  await say(runtime, [""]);
  expect(runtime.written.stdout).toBe("one\r\n\r\ntwo\r\n\r\n");
});

describe("sayProblem()", () => {
  const SET_UP = "type /auth to set up credentials, or /model to choose another model";
  test.each<readonly [ErrorCode, string | undefined, string | undefined]>([
    ["key-rejected", "run `qwen auth`", SET_UP],
    ["key-missing", undefined, SET_UP],
    ["not-configured", undefined, SET_UP],
    ["model-missing", undefined, SET_UP],
    ["unknown-model", "run it", "type /model to choose another one"],
    [
      "prompt-too-long",
      undefined,
      "type /clear to begin anew, or /model to choose one with a larger window",
    ],
    ["write-failed", "free some space", "free some space"],
    ["write-failed", undefined, undefined],
  ])("of %s with the hint %p says %p", async (code, hint, remedy) => {
    const runtime = fakeRuntime();
    await sayProblem(runtime, new QwenError("Cannot\u001b", { code, hint }), PLAIN);
    const rest = remedy === undefined ? "" : `hint: ${remedy}\r\n`;
    expect(runtime.written.stdout).toBe(`error: Cannot\\x1b\r\n${rest}`);
  });

  test.each([
    ["glm5", `hint: did you mean "glm-5"? Type /model glm-5 to ask it\r\n`],
    ["something-else", "hint: type /model to choose another one\r\n"],
  ])("of %s names what is meant", async (word, hint) => {
    const runtime = fakeRuntime();
    const suggest = { word, from: ["glm-5", "qwen3"] };
    await sayProblem(runtime, new QwenError("No", { code: "unknown-model", suggest }), PLAIN);
    expect(runtime.written.stdout).toBe(`error: No\r\n${hint}`);
  });
});

test.each([
  ["exit", "Leave with /quit or Ctrl+D."],
  ["?", "/help lists the commands."],
  ["/clear x", "/clear takes nothing behind it."],
  ["/sta", "There is no command /sta; did you mean /status?"],
  ["/STA", "There is no command /STA; did you mean /status?"],
  ["/hlep", "There is no command /hlep; did you mean /help?"],
  ["/xyzzyxyzzy", "There is no command /xyzzyxyzzy; /help lists the commands"],
  ["/", "There is no command /; /help lists the commands"],
])("slashComplaint() of %j", async (line, complaint) => {
  const slash = parseSlash(line);
  if (slash === undefined || slash.kind === "command") {
    throw new Error("no complaint");
  }
  expect(await slashComplaint(slash)).toBe(complaint);
});
