import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readAnswer } from "../src/auth/oauth/account-answer.ts";
import { rememberLine } from "../src/chat/history.ts";
import { parseDotenv } from "../src/env/parse-dotenv.ts";
import { loadJsonc } from "../src/lib/load-jsonc.ts";
import { shorten, withoutLastWord } from "../src/lib/shorten.ts";
import { visibleAnswer, visibleText } from "../src/lib/visible-text.ts";
import { answerFailure } from "../src/protocols/answer-failure.ts";
import { createEventReader } from "../src/protocols/server-sent-events.ts";
import { hideCredentials } from "../src/secrets/credentials.ts";
import { looksLikeKey } from "../src/secrets/looks-like-key.ts";
import { parseKey } from "../src/secrets/parse-key.ts";
import { createRedactor } from "../src/secrets/redact.ts";
import { interpolateSettings, referencedNames } from "../src/settings/interpolate-settings.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";

setDefaultTimeout(120_000);

const LARGE = 8 * 1024 * 1024;

/** What takes less is noise; a reader that is not linear takes minutes. */
const NOISE_US = 400_000;

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
};

const redactor = createRedactor();
redactor.add("aaaaaaaa");
redactor.add("sk-canary-USERSECRET0123456789abcdef");

const account = (body: string) =>
  readAnswer({ status: 500, headers: new Headers(), body }, Date.now());

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
    worst: ["model", "exceeded your ", "<", "{", " ", "a", "credit balance is ", "[{"],
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
];

describe.each(readers)("linear time for $name:", ({ read, worst }) => {
  test.each(worst.map((unit) => ({ unit })))("8 MiB of %j", async ({ unit }) => {
    const large = await work(read, filled(unit, LARGE));
    if (large > NOISE_US) {
      // Four times the text: four times the work, sixteen times where it is quadratic.
      const small = await work(read, filled(unit, LARGE / 4));
      expect(large).toBeLessThan(Math.max(small, NOISE_US) * 9);
    }
  });
});
