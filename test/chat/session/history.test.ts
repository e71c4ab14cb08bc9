import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { loadHistory, rememberLine } from "../../../src/chat/session/history.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const MACHINE = { uid: process.geteuid?.(), sleep: Bun.sleep };
const KEY = "sk-0123456789abcdef";

function historyIn(text?: string): string {
  const path = join(temporaryDirectory(), "history");
  if (text !== undefined) {
    writeFileSync(path, text, { mode: 0o600 });
  }
  return path;
}

async function remember(path: string, ...lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    await rememberLine(MACHINE, path, line);
  }
}

describe("rememberLine() leaves out what gives a key to a name, such as", () => {
  const lines = [
    "export DEEPSEEK_API_KEY=dddddddddd1234567890abcdef",
    "DEEPSEEK_API_KEY='a b c'",
    'token = "abc"',
    "$env:X_KEY = 'abc'",
    "set -gx OPENAI_API_KEY abc",
    "setx OPENAI_API_KEY abc",
    "DB_PASSWORD: hunter2",
    '{"apiKey": "abc"}',
    "curl --api-key abc",
    "my password=hunter2",
    "curl -H 'Authorization: Bearer abc' https://h/",
    "x-api-key: abc",
    "Cookie: session=abc",
    "https://user:pass@h.test/",
    "https://h.test/?access_token=abc",
    "my deepseek key is dddddddddd1234567890abcdef",
    "use the token hunter2hunter2 for it",
    "password is hunter2hunter2",
    "密码：hunter2hunter2",
    "api_key -> hunter2hunter2",
    "token:hunter2hunter2",
    "pw=hunter2hunter2",
    "send it with Bearer hunter2hunter2",
    "Basic dXNlcjpodW50ZXIy",
    "curl -u me:hunter2 https://h.test/",
    "curl --user=me:hunter2 https://h.test/",
    "-----BEGIN RSA PRIVATE KEY-----",
    "aws configure AKIAIOSFODNN7EXAMPLE",
    "xoxb-1234567890-abcdefghij",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-def_ghi",
  ];
  for (const line of lines) {
    test(line, async () => {
      const path = historyIn();
      await remember(path, "one", line);
      expect(readFileSync(path, "utf8")).toBe("one\n");
    });
  }
});

describe("rememberLine() keeps what only speaks of keys, such as", () => {
  const lines = [
    "what is an API key?",
    "if (key == other) return token === null",
    "const f = (key) => token => 1",
    "the next token: is it a word?",
    "set the key to the left",
    "explain --key-file to me",
    "why is authorization so hard",
    "KEY is a constant",
    "what is a bearer token",
    "basic arithmetic in 3 steps",
    "the password is required here",
    "sort -u names: then count",
    "token 12 of 4096",
  ];
  for (const line of lines) {
    test(line, async () => {
      const path = historyIn();
      await remember(path, line);
      expect(readFileSync(path, "utf8")).toBe(`${line}\n`);
    });
  }
});

describe("rememberLine() keeps", () => {
  const cases: readonly (readonly [name: string, lines: readonly string[], text: string])[] = [
    ["lines in their order", ["one", "two"], "one\ntwo\n"],
    ["line breaks and backslashes escaped", ["a\nb\\n\\"], "a\\nb\\\\n\\\\\n"],
    ["slash commands", ["/model glm-5"], "/model glm-5\n"],
    ["blanks at both ends", ["  a "], "  a \n"],
    ["no line twice in a row", ["one", "one", "two", "one"], "one\ntwo\none\n"],
    ["no key", ["one", `/auth ${KEY}`, KEY], "one\n"],
    ["no key within something else", [`use "${KEY}"`, `A_KEY=${KEY}`, `(${KEY}).`], ""],
    ["no key on another line", [`why?\nAuthorization: Bearer ${KEY}`], ""],
    [
      "what only looks a little like one",
      ["the task-force sk-1", "sk-learn"],
      "the task-force sk-1\nsk-learn\n",
    ],
  ];
  test.each(cases)("%s", async (_name, lines, text) => {
    const path = historyIn();
    await remember(path, ...lines);
    expect(existsSync(path) ? readFileSync(path, "utf8") : "").toBe(text);
  });

  test("what it reads again", async () => {
    const path = historyIn();
    const lines = ["a\nb", "\\n", "\\\\\nc\\", "世界 👍🏽", "a\u2028b", "tab\there"];
    await remember(path, ...lines);
    expect(loadHistory(path)).toEqual(lines);
  });

  test("the last thousand", async () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `line ${index}`);
    const path = historyIn(`${lines.join("\n")}\n`);
    await remember(path, "new");
    expect(loadHistory(path)).toEqual([...lines.slice(1), "new"]);
  });

  test("the last ones that a file holds, however long they are", async () => {
    const path = historyIn();
    const lines = ["a", "b", "c"].map((letter) => letter.repeat(3 * 1024 * 1024));
    await remember(path, "old", ...lines);
    expect(loadHistory(path)).toEqual(lines.slice(1));
    await remember(path, "x".repeat(9 * 1024 * 1024), "new");
    expect(loadHistory(path)).toEqual([...lines.slice(1), "new"]);
  });

  test("a file for its owner alone, also where it was not", async () => {
    const path = historyIn();
    await remember(path, "one");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    await remember(path, "two");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("a link, and what it leads to", async () => {
    const target = historyIn("one\n");
    const path = join(temporaryDirectory(), "history");
    symlinkSync(target, path);
    await remember(path, "two");
    expect(loadHistory(target)).toEqual(["one", "two"]);
    expect(loadHistory(path)).toEqual(["one", "two"]);
  });
});

describe("loadHistory() reads", () => {
  const cases: readonly (readonly [name: string, text: string, lines: readonly string[]])[] = [
    ["nothing of an empty file", "", []],
    ["no blank lines", "\none\n\ntwo", ["one", "two"]],
    ["unknown escapes as they are written", "a\\tb\\", ["atb\\"]],
  ];
  test.each(cases)("%s", (_name, text, lines) => {
    expect(loadHistory(historyIn(text))).toEqual([...lines]);
  });
});

describe("a history that cannot be used is none, and is left alone:", () => {
  test("no directory", () => {
    expect(loadHistory("/nowhere/history")).toEqual([]);
  });

  test("a directory", async () => {
    const path = historyIn();
    mkdirSync(path);
    expect(loadHistory(path)).toEqual([]);
    await remember(path, "one");
    expect(statSync(path).isDirectory()).toBe(true);
  });

  test("a path through a file", async () => {
    const path = join(historyIn("one\n"), "history");
    expect(loadHistory(path)).toEqual([]);
    await remember(path, "one");
  });

  test("a loop of links", async () => {
    const path = historyIn();
    symlinkSync("history", path);
    expect(loadHistory(path)).toEqual([]);
    await remember(path, "one");
  });

  test("another's file", async () => {
    const path = historyIn("one\n");
    await rememberLine({ ...MACHINE, uid: 4_000_000 }, path, "two");
    expect(readFileSync(path, "utf8")).toBe("one\n");
  });

  test("a file that is far too long", async () => {
    const path = historyIn("one\n");
    const size = 8 * 1024 * 1024 + 1;
    truncateSync(path, size);
    expect(loadHistory(path)).toEqual([]);
    await remember(path, "two");
    expect(statSync(path).size).toBe(size);
  });
});
