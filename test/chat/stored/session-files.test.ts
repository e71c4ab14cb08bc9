import { describe, expect, test } from "bun:test";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import {
  findSession,
  listSessions,
  readHead,
  readSession,
  recordEvents,
} from "../../../src/chat/stored/session-files.ts";
import { createSessionId, isSessionId } from "../../../src/chat/stored/session-id.ts";
import type { SessionEvent } from "../../../src/chat/stored/session-text.ts";
import { ownRule } from "../../../src/settings/paths.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";
import { laterProblemOf, problemOf } from "../../support/problem-of.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const ID = "20260102T030405-aaaaaa";
const HEAD = { id: ID, folder: "/repo", model: "m" };
const HEAD_LINE = `${JSON.stringify({ schemaVersion: 1, ...HEAD })}\n`;
const TURN: SessionEvent = { kind: "turn", user: "hi", assistant: "hello", model: "m" };

/** A folder of conversations with these files. */
function folder(files: Readonly<Record<string, string>> = {}) {
  const path = join(temporaryDirectory(), "sessions");
  mkdirSync(path, { mode: 0o700 });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(path, name), text, { mode: 0o600 });
  }
  const machine = fakeRuntime();
  return { machine, path, own: ownRule(machine) };
}

describe("recordEvents()", () => {
  test("begins a private file with its head, and adds to it", async () => {
    const at = folder();
    await recordEvents(at, HEAD, [TURN]);
    await recordEvents(at, HEAD, [{ kind: "drop" }]);
    const path = join(at.path, `${ID}.jsonl`);
    expect(readFileSync(path, "utf8")).toBe(
      `${HEAD_LINE}${JSON.stringify(TURN)}\n{"kind":"drop"}\n`,
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("ends a line that was cut off before it adds one", async () => {
    const at = folder({ [`${ID}.jsonl`]: `${HEAD_LINE}{"kind":` });
    await recordEvents(at, HEAD, [TURN]);
    expect(readSession(at, ID)).toMatchObject({ damaged: 1, conversation: [{}, {}] });
  });

  test("keeps a hundred, and removes the oldest where a new one begins", async () => {
    const ids = Array.from(
      { length: 101 },
      (_, at) => `20250101T000${String(at).padStart(3, "0")}-aaaaaa`,
    );
    const at = folder(Object.fromEntries(ids.map((id) => [`${id}.jsonl`, HEAD_LINE])));
    const last = ids.at(-1) ?? "";
    await recordEvents(at, { ...HEAD, id: last }, [TURN]);
    expect(listSessions(at)).toHaveLength(101);
    await recordEvents(at, HEAD, [TURN]);
    expect(listSessions(at)).toEqual([ID, ...ids.slice(2).reverse()]);
  });
});

describe("listSessions()", () => {
  test("has the newest first, and only conversations", () => {
    const names = [
      "20260101T000000-aaaaaa.jsonl",
      "20260102T000000-aaaaaa.jsonl",
      "20260101T000000-bbbbbb.jsonl.tmp",
      "notes.jsonl",
      "20260101T000000-cccccc.json",
    ];
    expect(listSessions(folder(Object.fromEntries(names.map((name) => [name, ""]))))).toEqual([
      "20260102T000000-aaaaaa",
      "20260101T000000-aaaaaa",
    ]);
  });

  test("is empty where there is no folder", () => {
    const { path } = folder({ file: "" });
    expect(listSessions({ path: join(path, "none") })).toEqual([]);
    expect(listSessions({ path: join(path, "file") })).toEqual([]);
  });

  test("fails where the folder cannot be read", () => {
    const { path } = folder();
    symlinkSync("loop", join(path, "loop"));
    expect(problemOf(() => listSessions({ path: join(path, "loop") }))).toMatchObject({
      name: "QwenError",
      message: `Cannot list the conversations in \`${join(path, "loop")}\``,
    });
  });
});

describe("readHead()", () => {
  test.each([
    ["a whole file", `${HEAD_LINE}${"x".repeat(20_000)}`, HEAD],
    ["a head alone", HEAD_LINE.trimEnd(), HEAD],
    ["an empty file", "", undefined],
    ["another version", HEAD_LINE.replace(":1,", ":2,"), undefined],
    ["a head that is too long", HEAD_LINE.replace("/repo", "x".repeat(16 * 1024)), undefined],
  ])("of %s", (_name, text, expected) => {
    expect(readHead(folder({ [`${ID}.jsonl`]: text }), ID)).toEqual(expected);
  });

  test("is none where there is no file", () => {
    const at = folder();
    expect(readHead(at, ID)).toBeUndefined();
    mkdirSync(join(at.path, `${ID}.jsonl`));
    expect(readHead(at, ID)).toBeUndefined();
  });
});

describe("readSession()", () => {
  const LARGEST = 16 * 1024 * 1024;

  test("reads what was said", () => {
    const at = folder({ [`${ID}.jsonl`]: `${HEAD_LINE}${JSON.stringify(TURN)}\n` });
    expect(readSession(at, ID)).toEqual({
      head: HEAD,
      damaged: 0,
      conversation: [
        { role: "user", text: "hi" },
        { role: "assistant", text: "hello" },
      ],
    });
  });

  test("takes one of 16 MiB, and none that is longer", () => {
    const full = HEAD_LINE + "x".repeat(LARGEST - HEAD_LINE.length);
    const at = folder({ [`${ID}.jsonl`]: full });
    expect(readSession(at, ID)).toMatchObject({ conversation: [], damaged: 1 });
    writeFileSync(join(at.path, `${ID}.jsonl`), `${full}x`);
    expect(problemOf(() => readSession(at, ID))?.message).toStartWith(
      `Cannot go on with the conversation ${ID}: `,
    );
  });

  test.each([
    ["a damaged head", { [`${ID}.jsonl`]: "{\n" }, "its first line is damaged"],
    [
      "another version",
      { [`${ID}.jsonl`]: HEAD_LINE.replace(":1,", ":2,") },
      "it has version 2, and this program reads version 1",
    ],
    ["no file", {}, ""],
  ])("says why it cannot: %s", (_name, files, why) => {
    expect(problemOf(() => readSession(folder(files), ID))).toEqual({
      name: "QwenError",
      code: "session-unusable",
      message: expect.stringContaining(`Cannot go on with the conversation ${ID}: ${why}`),
      hint: "choose another one with `qwen --resume`",
    });
  });

  test("says what stands there that is no file", async () => {
    const at = folder();
    mkdirSync(join(at.path, `${ID}.jsonl`));
    const expected = `Cannot go on with the conversation ${ID}: it is a directory`;
    expect(problemOf(() => readSession(at, ID))?.message).toBe(expected);
    expect(await laterProblemOf(() => recordEvents(at, HEAD, [TURN]))).toBeDefined();
    expect(readdirSync(join(at.path, `${ID}.jsonl`))).toEqual([]);
  });
});

describe("findSession()", () => {
  const at = folder(
    Object.fromEntries(
      ["20260101T000000-aaaaaa", "20260101T000000-aaabbb", "20260202T000000-cccccc"].map((id) => [
        `${id}.jsonl`,
        "",
      ]),
    ),
  );

  test.each([
    ["20260202", "20260202T000000-cccccc"],
    ["20260202T000000-cccccc", "20260202T000000-cccccc"],
    ["20260101T000000-aaab", "20260101T000000-aaabbb"],
  ])("%s is %s", (begun, expected) => {
    expect(findSession(at, begun)).toBe(expected);
  });

  test.each([
    ["", 'Cannot go on with the conversation "": there is none', "choose one with `qwen --resume`"],
    [
      "2027",
      'Cannot go on with the conversation "2027": there is none',
      "choose one with `qwen --resume`",
    ],
    [
      "20260101",
      'Cannot go on with the conversation "20260101": 2 begin like that',
      "write more of it, as 20260101T000000-aaabbb",
    ],
  ])("%j is none", (begun, message, hint) => {
    expect(problemOf(() => findSession(at, begun))).toEqual({
      name: "QwenError",
      code: "session-unusable",
      message,
      hint,
    });
  });
});

test("createSessionId() has the time, and letters that chance decides", () => {
  const now = Date.parse("2026-01-02T03:04:05.678Z");
  expect(createSessionId(now, () => 0)).toBe("20260102T030405-aaaaaa");
  expect(createSessionId(now, () => 0.999)).toBe("20260102T030405-999999");
  expect(isSessionId(createSessionId(now, Math.random))).toBe(true);
  expect(["20260102T030405-aaaaa", "x20260102T030405-aaaaaa", ""].map(isSessionId)).toEqual([
    false,
    false,
    false,
  ]);
});
