import { describe, expect, test } from "bun:test";
import { COMMANDS } from "../../src/cli/commands.ts";
import { chatCommand } from "../../src/commands/chat.ts";
import { createTranslator } from "../../src/words/translate.ts";
import { ZH_CN } from "../../src/words/zh-cn.ts";
import { findSentences, type Sentence } from "../support/find-sentences.ts";

/** Files whose texts nobody reads in another language, and why. */
const STAYS_ENGLISH: Readonly<Record<string, string>> = {
  "broker/": "read by tools, in answers and in a log",
  "cli/find-slip.ts": "words that are no slips",
  "cli/foreign-words.ts": "commands",
  "cli/offers-for.ts": "what shells show beside a completion comes through a pipe",
  "cli/trace-to.ts": "--debug",
  "connect/trace-resolution.ts": "--debug",
  "doctor/installation.ts": "commands",
  "protocols/failures/code-rows.ts": "words of services, and hints that the failure table has",
  "protocols/failures/window-rows.ts":
    "words of services, and sentences that the failure table has",
  "protocols/failures/word-rows.ts": "words of services, and hints that the failure table has",
};

/** Names, words of others, and what is put together from both. */
const NO_WORDS: ReadonlySet<string> = new Set([
  "openid profile email model.completion",
  "\b{} allocated quota exceeded",
  "ModelStudio Coding Plan for Global/Intl",
  "ModelStudio Token Plan for Global/Intl",
  "Coding plan",
  "npx @qwen-code/qwen-code",
  "libsecret not available",
  "autolaunch D-Bus",
  "Object does not exist",
  "\u001b[2K{} {} ({} left)",
  " at https://github.com/{}/issues",
  // So general that it would take sentences apart that are none of it.
  "{} is {}",
  // A bug of a caller.
  "a body in pieces is not sent this way",
  "{}M tokens",
  "{}k tokens",
  "gzip, deflate, br, zstd",
  // Told with --debug alone.
  "body in pieces",
  "body {} bytes",
  "no content type",
  "request id {}",
  "headers after {}ms",
  "given up",
  "redirect refused: {}",
  ", not read",
  ".env none",
  ".env passed over {}: another comes first",
  ".env warning: {}",
]);

const translate = createTranslator(ZH_CN, () => false);
const all = findSentences();
const entries = Object.entries(ZH_CN);

/** Two words at least, of which one is no name, flag, command or path. */
function isProse({ text }: Sentence): boolean {
  const words = text.replace(/`[^`]*`|\{\}|https?:\/\/\S+|--?[\w-]+|[A-Z]{2,}\w*/g, " ");
  return (
    /(?:^|[\s("])[a-z]{2,}(?:[\s,.;:?!)"']|$)/.test(words) &&
    /\w\W* \W*\w/.test(text) &&
    !/^(?:qwen|printf|export|set|sudo|npm|brew|curl) /.test(text)
  );
}

/** Stands for the host in sentences about services. */
const HOST = /\bHOST\b(?!:)/g;

const literalsOf = (text: string): string[] =>
  text
    .split(/\{\w*\}/)
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** Whether a text is shown in Chinese: by itself, or as a part of a sentence that is. */
function isTranslated({ text }: Sentence): boolean {
  const samples = ["X1", "11", "ask a model"].map((word) =>
    text.replaceAll("{}", word).replace(HOST, word).trim(),
  );
  const bare = text.replace(/^ \((.*)\)$/, "$1");
  const parts = literalsOf(bare.replace(HOST, "{}").replace(/^[✓⚠✗–•→│] /, ""));
  return (
    samples.some((sample) => translate(sample) !== sample) ||
    entries.some(([english]) => parts.every((part) => english.includes(part)))
  );
}

/** What stands below the summaries of help pages, paragraph by paragraph. */
const loaded = await Promise.all(COMMANDS.map(({ load }) => load()));
const details = [...loaded, chatCommand].flatMap((command) =>
  (command.details ?? []).join("\n").split("\n\n"),
);

describe("the words in Chinese", () => {
  test("has every paragraph of the help pages, whatever its lines", () => {
    const prose = details.filter((paragraph) => !/^ {2}/.test(paragraph));
    expect(
      prose.filter((paragraph) => translate(`A\n\n${paragraph}\n\nB`).includes(paragraph)),
    ).toEqual([]);
  });

  test("has every sentence that is shown to people", () => {
    const isPassedOver = ({ file }: Sentence): boolean =>
      Object.keys(STAYS_ENGLISH).some((begin) => file.startsWith(begin));
    const missing = all
      .filter((sentence) => isProse(sentence) && !isPassedOver(sentence))
      .filter(({ text }) => !NO_WORDS.has(text))
      .filter((sentence) => !isTranslated(sentence))
      .map(({ file, line, text }) => `src/${file}:${line}  ${JSON.stringify(text)}`);
    const toDo =
      "add a line for each text to a table in src/words/zh-cn/, with {name} for what changes, as docs/translating.md says";
    expect(missing, toDo).toEqual([]);
  });

  test("has nothing that the source does not say any more", () => {
    const texts = [
      ...all.map(({ text }) => text),
      ...details.map((each) => each.replaceAll("\n", " ")),
    ];
    const source = texts.map((text) => text.replace(HOST, "{}")).join("\n");
    /** A sentence may be put together from a few texts. */
    const stands = (part: string, joints = 6): boolean =>
      source.includes(part) ||
      (joints > 0 &&
        [...part.matchAll(/(?<=\S)(?=[ ,:;.%)\]])/g)].some(
          ({ index }) =>
            source.includes(part.slice(0, index)) &&
            stands(part.slice(index).trimStart(), joints - 1),
        ));
    const stale = entries.filter(([english]) => !literalsOf(english).every((part) => stands(part)));
    expect(stale.map(([english]) => english)).toEqual([]);
  });

  test.each(entries)("%j has the same places", (english, chinese) => {
    const places = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort();
    expect(places(chinese)).toEqual(places(english));
    expect(places(english).length).toBe((english.match(/\{\w+\}/g) ?? []).length);
  });

  test("parts Chinese from Latin letters and figures with a space, and has wide signs", () => {
    const wrong = entries
      .map(([, chinese]) => chinese)
      .filter((text) => text !== "华北2（北京）")
      .filter((text) =>
        /\p{Script=Han}[\w`]|[\w`]\p{Script=Han}|\p{Script=Han}[,;:?!]/u.test(text),
      );
    expect(wrong).toEqual([]);
  });
});
