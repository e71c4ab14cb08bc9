import { describe, expect, test } from "bun:test";
import { slashComplaint } from "../../../src/chat/session/session-talk.ts";
import {
  completeSlash,
  parseSlash,
  slashHelp,
  slashNames,
} from "../../../src/chat/session/slash-commands.ts";

describe("parseSlash() reads", () => {
  const command = (name: string, argument?: string) => ({ kind: "command", name, argument });
  const unknown = (word: string) => ({ kind: "unknown", word });
  const cases: readonly (readonly [line: string, parsed: object | undefined])[] = [
    ["/auth", command("auth")],
    ["/model", command("model")],
    ["/model glm-5", command("model", "glm-5")],
    ["/model  id@host  ", command("model", "id@host")],
    ["/status", command("status")],
    ["/clear", command("clear")],
    ["/help", command("help")],
    ["/quit", command("quit")],
    ["/exit", command("quit")],
    ["  /QUIT ", command("quit")],
    ["/clear now", { kind: "extra", name: "clear" }],
    ["/exit now", { kind: "extra", name: "quit" }],
    ["/auth\nsk-1", { kind: "extra", name: "auth" }],
    ["/mdel", unknown("mdel")],
    ["/?", unknown("?")],
    ["/constructor", unknown("constructor")],
    ["/", unknown("")],
    ["//", undefined],
    ["/ model", undefined],
    ["/usr/bin/env is what?", undefined],
    ["/etc/hosts", undefined],
    ["/1", undefined],
    ["what is /model?", undefined],
    ["", undefined],
  ];
  test.each(cases)("%j", (line, parsed) => {
    expect<unknown>(parseSlash(line)).toEqual(parsed);
  });
});

describe("completeSlash() makes of", () => {
  const all = [
    ...[
      "/auth",
      "/model",
      "/account",
      "/models",
      "/status",
      "/think",
      "/retry",
      "/copy",
      "/save",
      "/resume",
    ],
    ...["/clear", "/help", "/quit", "/exit"],
  ];
  const cases: readonly (readonly [typed: string, line: string, candidates: readonly string[]])[] =
    [
      ["/", "/", all],
      ["/a", "/a", ["/auth", "/account"]],
      ["/au", "/auth ", []],
      ["/ac", "/account ", []],
      ["/auth", "/auth ", []],
      ["/st", "/status ", []],
      ["/mo", "/model", ["/model", "/models"]],
      ["/ex", "/exit ", []],
      ["/x", "/x", []],
      ["/auth ", "/auth ", []],
      ["/model g", "/model g", []],
      ["hello", "hello", []],
      ["", "", []],
    ];
  test.each(cases)("%j", (typed, line, candidates) => {
    expect(completeSlash(typed)).toEqual({ line, candidates });
  });
});

test("slashHelp() has a row for each command, in columns", () => {
  expect(slashHelp()).toEqual([
    "/auth               Set up credentials, or repair them",
    "/model [id [text]]  Choose another model, or ask it this once",
    "/account [name]     Use another account for this session",
    "/models             List what the endpoint offers",
    "/status             Show what is in force and where it comes from",
    "/think              Show or hide what the model thinks",
    "/retry              Ask the last message again",
    "/copy               Copy the last answer",
    "/save FILE          Write the conversation to a file",
    "/resume [id]        Go on with an earlier conversation",
    "/clear              Begin a new conversation",
    "/help               Show this list",
    "/quit, /exit        Leave",
  ]);
});

test("slashNames() are all understood", () => {
  const kinds = slashNames().map((name) => parseSlash(`/${name}`)?.kind);
  expect(new Set(kinds)).toEqual(new Set(["command"]));
});

describe("slashComplaint() of", () => {
  const cases: readonly (readonly [line: string, complaint: string])[] = [
    ["/clear now", "/clear takes nothing behind it."],
    ["/modle", "There is no command /modle; did you mean /model?"],
    ["/exi", "There is no command /exi; did you mean /exit?"],
    ["/frobnicate", "There is no command /frobnicate; /help lists the commands"],
    ["/sta", "There is no command /sta; did you mean /status?"],
    ["/", "There is no command /; /help lists the commands"],
    ["/?", "There is no command /?; /help lists the commands"],
  ];
  test.each(cases)("%s", async (line, complaint) => {
    const slash = parseSlash(line);
    expect(slash?.kind).not.toBe("command");
    if (slash !== undefined && slash.kind !== "command") {
      expect(await slashComplaint(slash)).toBe(complaint);
    }
  });
});
