import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readAccountResponse } from "../src/auth/oauth/account-response.ts";
import { layOutNear } from "../src/chat/editor/lay-out-draft.ts";
import { draftOf, edit, insert } from "../src/chat/editor/line-editor.ts";
import { expandChips } from "../src/chat/editor/paste-chips.ts";
import { createMarkdownRenderer } from "../src/chat/markdown/render-markdown.ts";
import { rememberLine } from "../src/chat/session/history.ts";
import { headLine, parseSession } from "../src/chat/stored/session-text.ts";
import { parseDotenv } from "../src/env/parse-dotenv.ts";
import { readKeyFile } from "../src/env/read-key-file.ts";
import { ConfigError } from "../src/errors.ts";
import type { OwnRule } from "../src/lib/files/open-own-file.ts";
import { loadJsonc } from "../src/lib/json/load-jsonc.ts";
import { shorten, visibleAnswer, visibleText, withoutLastWord } from "../src/lib/visible-text.ts";
import { answerFailure } from "../src/protocols/failures/answer-failure.ts";
import { createEventReader } from "../src/protocols/server-sent-events.ts";
import { hideCredentials } from "../src/secrets/credentials.ts";
import { looksLikeKey } from "../src/secrets/looks-like-key.ts";
import { parseKey } from "../src/secrets/parse-key.ts";
import { createRedactor } from "../src/secrets/redact.ts";
import { interpolateSettings, referencedNames } from "../src/settings/interpolate-settings.ts";
import { PLAIN } from "../src/terminal/style.ts";
import { folderDistrust } from "../src/trust/folder-trust.ts";
import { loadTrust, trustFilePath } from "../src/trust/trusted-folders.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";

setDefaultTimeout(120_000);

const MIB = 1024 * 1024;

/** What takes less is noise, in microseconds; a reader that is not linear takes minutes. */
const NOISE_US = 20_000;

const filled = (unit: string, size: number) => unit.repeat(Math.ceil(size / unit.length));

/** Microseconds of processor time, of whatever ran meanwhile: the wall clock is the machine's. */
async function work(read: (text: string) => unknown, text: string): Promise<number> {
  const before = process.cpuUsage();
  await read(text);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

type Reader = {
  readonly name: string;
  readonly read: (text: string) => unknown;
  /** What makes it look furthest. */
  readonly worst: readonly string[];
  /** Bytes of the largest text that it reads; 8 MiB, unless it takes less. */
  readonly largest?: number;
};

const redactor = createRedactor();
redactor.add("aaaaaaaa");
redactor.add("sk-canary-USERSECRET0123456789abcdef");

const OWN: OwnRule = { uid: process.geteuid?.(), homes: [], isShared: false };

/** Writes a file for a reader that opens it itself. */
function written(name: string, text: string): string {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, name), text, { mode: 0o600 });
  return directory;
}

/** As the text of an answer arrives: in many small pieces. */
function inPieces(text: string, push: (piece: string) => unknown): void {
  for (let at = 0; at < text.length; at += 64) {
    push(text.slice(at, at + 64));
  }
}

const account = (body: string) =>
  readAccountResponse({ status: 500, headers: new Headers(), body }, Date.now());

const readers: readonly Reader[] = [
  {
    name: "references in settings",
    read: (text) => {
      referencedNames({ x: text });
      return interpolateSettings({ x: text }, () => undefined);
    },
    worst: ["$", "{", "}", "a"].flatMap((last) => [`${"$"}{${last}`, `$${last}`]),
  },
  {
    name: ".env",
    read: parseDotenv,
    worst: ["\n", " ", '"', "A=", 'A="\n', "A='\\'", "export ", "A=`#", "a:"],
  },
  {
    name: "JSON with comments",
    read: loadJsonc,
    worst: ["[", '{"a":', '"', "/*", "//", "/", " ", "\\", "[],", '"a",'],
  },
  {
    name: "output",
    read: redactor.redact,
    worst: ["a", "aaaaaaa ", "sk-", "AIza", "://", "://a", "@", "?key=", "&a-key", "/", " ", "a/"],
  },
  {
    name: "the words of others",
    read: hideCredentials,
    worst: [
      "cookie",
      "cookie:",
      'cookie":"',
      "cookie\": '",
      '"cookie',
      "cookie\\",
      "cookie ",
      "authorization: ***",
      "api-key",
      "sk-",
      "://",
      "?key",
      "\"'",
    ],
  },
  {
    name: "a line of a session",
    read: (line) =>
      rememberLine(
        { uid: process.geteuid?.(), sleep: Bun.sleep },
        `${temporaryDirectory()}/history`,
        line,
      ),
    worst: ["key", "key ", "--a-", "set ", "setx KEY", '"key', "key=", "KEY:", "\\", "\n"],
  },
  {
    name: "a stored conversation",
    read: (text) => parseSession(`${headLine({ id: "a", folder: "/", model: "m" })}${text}`),
    worst: [
      `${JSON.stringify({ kind: "turn", user: "a", assistant: "b", model: "m" })}\n`,
      '{"kind":"drop"}\n',
      "\n",
      '{"kind":',
    ],
  },
  {
    name: "a message that is edited",
    read: (text) => {
      let draft = insert(draftOf(text), "x");
      for (const name of [
        "left",
        "backspace",
        "ctrl-left",
        "right",
        "ctrl-right",
        "ctrl-w",
        "up",
      ]) {
        draft = edit(draft, { kind: "key", name }) ?? draft;
        layOutNear(draft, { prompts: { first: "> ", others: "  " }, columns: 80, room: 23 });
      }
      return expandChips(draft.text, new Map());
    },
    worst: [
      "a",
      "a ",
      " ",
      "\n",
      "\n ",
      "快",
      "e\u0301",
      "🇨🇳",
      "👩‍👩‍👧",
      "\u0301",
      "[1",
      "[1 lines pasted",
    ],
  },
  {
    name: "text that is made visible",
    read: (text) => visibleText(text) + visibleAnswer(text),
    worst: ["\u001b", "\r", "\r\n", "\u202e", "a"],
  },
  {
    name: "text that is shortened",
    read: (text) => withoutLastWord(text) + shorten(text, text.length - 1),
    worst: ["a", " ", "a "],
  },
  {
    name: "the body of an error",
    read: (body) => answerFailure({ status: 400, headers: new Headers(), body, now: 0 }),
    worst: [
      "model",
      "exceeded your ",
      "<",
      "{",
      " ",
      "a",
      "credit balance is ",
      "[{",
      "<message",
      "<message> ",
    ],
  },
  {
    name: "an answer of the account service",
    read: account,
    worst: ["{", "<", '"', " ", '{"error":'],
  },
  {
    name: "a stream",
    read: (text) => {
      const reader = createEventReader();
      for (let at = 0; at < text.length; at += 64 * 1024) {
        reader.push(new TextEncoder().encode(text.slice(at, at + 64 * 1024)));
      }
      return reader.end();
    },
    worst: ["\n", "\r", "\r\n", ":", "data:\n", "data: a\n", ": ping\n\n", "event:a\n"],
  },
  {
    name: "a key",
    read: (text) => [parseKey(text), looksLikeKey(text)],
    worst: ["\n", "\r\n", "a", "-a", "1-", " ", "\ufeff"],
  },
  {
    name: "a file with a key",
    read: (text) => {
      const file = readKeyFile(join(written("key", text), "key"));
      return file.kind === "text" && parseKey(file.text);
    },
    worst: ["a", " ", "x-", "your-", "\n", "\0a", "a-", '"', "sk-", "my-"],
    largest: 64 * 1024,
  },
  {
    name: "the trust file",
    read: async (text) => {
      const loaded = loadTrust(dirname(trustFilePath(written("trustedFolders.json", text))), OWN);
      return loaded.catch((error: unknown) => expect(error).toBeInstanceOf(ConfigError));
    },
    worst: ["[", '{"a":', '"', "/*", "//", " ", "\\"],
  },
  {
    name: "an answer in Markdown",
    read: (text) => {
      const markdown = createMarkdownRenderer({ style: PLAIN, width: () => 80, links: false });
      inPieces(text, markdown.push);
      return markdown.end();
    },
    worst: [
      ..."`~# \n[<>|_*a快".split(""),
      ...[
        "~~~ a",
        "``` a",
        "# ",
        "* ",
        "- ",
        "`a`",
        "** ",
        "*a_",
        "[a](",
        "| a ",
        "|-|\n",
        "> ",
        "1. ",
      ],
    ],
    largest: MIB / 2,
  },
];

describe.each(readers)("linear time for $name:", ({ read, worst, largest = 8 * MIB }) => {
  test.each(worst.map((unit) => ({ unit })))("much of %j", async ({ unit }) => {
    const text = filled(unit, largest);
    const part = await work(read, text.slice(0, largest / 16));
    // Of a sixteenth that is work enough, a fourth tells as much: 4 times the work, or 16 times.
    const less = part < NOISE_US ? 0 : await work(read, text.slice(0, largest / 64));
    const isTold = part >= NOISE_US && part <= Math.max(less, NOISE_US / 4) * 10;
    // Sixteen times the text: sixteen times the work, 256 times where it is quadratic.
    const growth = isTold ? 16 : (await work(read, text)) / Math.max(part, NOISE_US);
    expect(growth).toBeLessThan(64);
  });
});

test("linear time for the trust file: thousands of folders", async () => {
  const home = temporaryDirectory();
  const read = async (folders: number) => {
    const rules = Array.from({ length: folders }, (_, at) => [
      `/f${at}/./..//f${at}`,
      "DO_NOT_TRUST",
    ]);
    writeFileSync(trustFilePath(home), JSON.stringify(Object.fromEntries(rules)), { mode: 0o600 });
    const loaded = await loadTrust(home, OWN);
    expect(Object.keys(loaded.rules).length).toBe(folders);
    folderDistrust({ trustAll: false, rules: loaded.rules })?.(home);
  };
  const few = await work(() => read(4_000), "");
  expect(await work(() => read(16_000), "")).toBeLessThan(Math.max(few, NOISE_US) * 10);
});
