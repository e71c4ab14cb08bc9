import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { createOutput } from "../../src/cli/create-output.ts";
import type { Output } from "../../src/runtime.ts";
import { createRedactor } from "../../src/secrets/redact.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const SECRET = "own-secret-0123456789";
const KEY = "sk-0123456789abcdefghijklmnop";
const REVEAL = { placeholder: "(KEY)", secret: SECRET };

type Given = {
  readonly isTerminal?: boolean;
  readonly columns?: number;
  readonly hasWords?: boolean;
};

/** What is written where one thing is. */
async function written(
  act: (output: Output) => Promise<unknown>,
  { isTerminal = false, columns, hasWords = true }: Given = {},
): Promise<{ readonly text: string; readonly answer: unknown }> {
  const file = Bun.file(join(temporaryDirectory(), "out"));
  await Bun.write(file, "nothing");
  const redactor = createRedactor();
  redactor.add(SECRET);
  const output = createOutput(
    { file, descriptor: 1 },
    {
      redactor,
      terminals: { isTerminal: async () => isTerminal, columns: async () => columns },
      shorten: (text) => text.replaceAll("/home/me", "~"),
      words: async () => (hasWords ? (text: string) => text.toUpperCase() : undefined),
      isAscii: false,
    },
  );
  return { answer: await act(output), text: await file.text() };
}

describe("createOutput()", () => {
  const said = `a ${SECRET} ${KEY} /home/me\n`;
  test.each<readonly [name: string, act: (output: Output) => Promise<unknown>, text: string]>([
    ["write", (output) => output.write(said), "a *** *** ~\n"],
    ["write of data", (output) => output.write(said, "data"), "a *** *** ~\n"],
    ["writeExact", (output) => output.writeExact(said), "a *** *** /home/me\n"],
    ["writeAnswer", (output) => output.writeAnswer(said), `a *** ${KEY} /home/me\n`],
    ["writeSecret", (output) => output.writeSecret(said), said],
    [
      "writeSecret at one place",
      (output) => output.writeSecret(`${said}(KEY)`, REVEAL),
      `a *** *** ~\n${SECRET}`,
    ],
    ["writeJson", (output) => output.writeJson({ a: SECRET }), '{\n  "a": "***"\n}\n'],
    [
      "writeJson that reveals",
      (output) => output.writeJson({ a: SECRET, b: "(KEY)" }, REVEAL),
      `{\n  "a": "***",\n  "b": "${SECRET}"\n}\n`,
    ],
    [
      "writeJsonLines of an answer",
      (output) => output.writeJsonLines([{ a: SECRET }, { b: KEY }], { isAnswer: true }),
      `{"a":"***"}\n{"b":"${KEY}"}\n`,
    ],
    [
      "writeJsonLines of what a server says",
      (output) => output.writeJsonLines([{ b: KEY }], { isAnswer: false }),
      '{"b":"***"}\n',
    ],
    ["nothing", (output) => output.write(""), "nothing"],
  ])("hides in %s what it must", async (_name, act, text) => {
    expect((await written(act)).text).toBe(text);
  });

  const LONG = "one two three /home/me\n";
  test.each<readonly [string, Given, (output: Output) => Promise<unknown>, string]>([
    ["in words on a terminal", { isTerminal: true }, (o) => o.write(LONG), "ONE TWO THREE ~\n"],
    [
      "as it is where there are none",
      { isTerminal: true, hasWords: false },
      (o) => o.write(LONG),
      "one two three ~\n",
    ],
    ["data as it is", { isTerminal: true }, (o) => o.write(LONG, "data"), "one two three ~\n"],
    [
      "wrapped on a narrow one",
      { isTerminal: true, columns: 14 },
      (o) => o.write(LONG),
      "ONE TWO THREE\n~\n",
    ],
    [
      "whole on one that has just the room",
      { isTerminal: true, columns: 15 },
      (o) => o.write(LONG),
      "ONE TWO THREE ~\n",
    ],
    [
      "what reveals in words",
      { isTerminal: true },
      (o) => o.writeSecret("say (KEY)\n", REVEAL),
      `SAY ${SECRET}\n`,
    ],
  ])("shows %s", async (_name, given, act, text) => {
    expect((await written(act, given)).text).toBe(text);
  });

  test("says whether anybody reads", async () => {
    expect((await written((output) => output.writeAnswer("a"))).answer).toBe(true);
  });

  test.each([1, 2] as const)("throws of standard output alone: %i", async (descriptor) => {
    const output = createOutput(
      { file: Bun.file(temporaryDirectory()), descriptor },
      {
        redactor: createRedactor(),
        terminals: { isTerminal: async () => false, columns: async () => undefined },
        shorten: (text) => text,
        words: async () => undefined,
        isAscii: true,
      },
    );
    const answer = output.writeAnswer("a").catch((error: unknown) => error);
    expect(await answer).toEqual(
      descriptor === 1 ? expect.objectContaining({ code: "output-failed" }) : false,
    );
    expect(output.isAscii).toBe(true);
  });
});
