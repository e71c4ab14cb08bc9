import { describe, expect, test } from "bun:test";
import { RequestError, type RequestFailure } from "../../src/http/request-failure.ts";
import { createAnswerReader } from "../../src/protocols/answer-reader.ts";

const MIB = 1024 * 1024;

function read(pieces: readonly (string | Uint8Array)[]): readonly string[] {
  const reader = createAnswerReader();
  const encoder = new TextEncoder();
  const all = pieces.flatMap((piece) =>
    reader.push(typeof piece === "string" ? encoder.encode(piece) : piece),
  );
  return [...all, ...reader.end()];
}

function failureOf(pieces: readonly (string | Uint8Array)[]): RequestFailure {
  try {
    throw new Error(`no failure: ${JSON.stringify(read(pieces))}`);
  } catch (error) {
    if (error instanceof RequestError) {
      return error.failure;
    }
    throw error;
  }
}

describe("createAnswerReader() takes the events out of", () => {
  const cases: readonly (readonly [
    name: string,
    pieces: readonly string[],
    events: readonly string[],
  ])[] = [
    ["nothing", [], []],
    ["white space", [" \n", "\r\n"], []],
    ["a stream", ["data: a\n\nda", "ta: b\n\n"], ["a", "b"]],
    ["a stream with a comment first", [": hi\n\n", "data: a\n\n"], ["a"]],
    ["a stream after white space", ["\n\n", "data: a\n\n"], ["a"]],
    ["a stream without its last blank line", ["data: a"], ["a"]],
    ["a stream with a BOM", ["\ufeffdata: a\n\n"], ["a"]],
    ["a document", ['{"a":', " 1}\n"], ['{"a": 1}\n']],
    ["a document after white space", ["\n ", '{"a":1}'], ['{"a":1}']],
    ["a document with a BOM", ['\ufeff{"a":1}'], ['{"a":1}']],
    ["a document over lines", ['{\n\n"data": ', "1\n\n}"], ['{\n\n"data": 1\n\n}']],
    ["an array of documents", ['[{"a":1},\n', '{"b":2}]'], ['{"a":1}', '{"b":2}']],
    ["an empty array", ["[]"], []],
    ["a broken document", ['{"a":'], ['{"a":']],
    ["a broken array", ['[{"a":1},'], ['[{"a":1},']],
  ];
  test.each(cases)("%s", (_name, pieces, events) => {
    expect(read(pieces)).toEqual([...events]);
  });

  test("a document whose characters are split", () => {
    const bytes = new TextEncoder().encode('{"a":"é€😀"}');
    expect(read(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(['{"a":"é€😀"}']);
  });
});

describe("createAnswerReader() refuses", () => {
  const piece = new Uint8Array(MIB).fill(97);
  const tooMany = Array.from({ length: 9 }, () => piece);
  const cases: readonly (readonly [string, readonly (string | Uint8Array)[], RequestFailure])[] = [
    [
      "a web page",
      ["\n <!doctype html><p>"],
      { kind: "not-an-api", message: "the answer is a web page" },
    ],
    [
      "other XML",
      ["<error/>"],
      { kind: "not-an-api", message: "the answer is neither a stream nor JSON" },
    ],
    [
      "an endless line",
      ["data: ", ...tooMany],
      { kind: "malformed", message: "a line of the stream is longer than 8 MiB" },
    ],
    [
      "an endless document",
      ['{"a":"', ...tooMany],
      { kind: "malformed", message: "the answer is a JSON document of more than 8 MiB" },
    ],
  ];
  test.each(cases)("%s", (_name, pieces, failure) => {
    expect(failureOf(pieces)).toEqual(failure);
  });

  test("no stream for its length as a whole", () => {
    const line = `data: ${"a".repeat(MIB - 8)}\n\n`;
    expect(read(Array.from({ length: 10 }, () => line))).toHaveLength(10);
  });
});
