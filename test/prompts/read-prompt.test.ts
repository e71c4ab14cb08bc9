import { describe, expect, test } from "bun:test";
import { keyQuestion } from "../../src/prompts/key-question.ts";
import { readPrompt } from "../../src/prompts/read-prompt.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";
import { laterProblemOf } from "../support/problem-of.ts";

type Case = {
  readonly given?: string;
  /** `undefined`: a terminal. */
  readonly stdin?: string;
  readonly noSession?: string;
};

async function read({ given, stdin, noSession }: Case) {
  const runtime = fakeRuntime(stdin === undefined ? { terminals: ["stdin"] } : { stdin });
  return readPrompt(runtime, given, { tell: async () => undefined, noSession });
}

describe("readPrompt()", () => {
  test.each<[Case, string]>([
    [{ given: "a" }, "a"],
    [{ stdin: "a" }, "a"],
    [{ stdin: "\ufeffa\n b\r\n\n" }, "a\n b"],
    [{ given: "a", stdin: "" }, "a"],
    [{ given: "a", stdin: " \n" }, "a"],
    [{ given: "a", stdin: "b\n" }, "a\n\nb"],
  ])("of %j is %j", async (given, expected) => {
    expect(await read(given)).toBe(expected);
  });

  const nothing = "Cannot ask nothing: there is no prompt";
  test.each<[Case, string]>([
    [{ stdin: "" }, nothing],
    [{ stdin: " \n" }, nothing],
    [{ stdin: "", noSession: "`--no-input` was given" }, nothing],
    [{}, nothing],
    [{ noSession: "`--no-input` was given" }, "Cannot open a session: `--no-input` was given"],
  ])("refuses %j", async (given, message) => {
    expect(await laterProblemOf(() => read(given))).toEqual({
      name: "UsageError",
      code: "missing-input",
      message,
      hint: 'write `qwen "your question"`, or pipe the question in',
    });
  });

  test("leaves standard input alone where nothing comes within a second", async () => {
    const runtime = fakeRuntime();
    const told: string[] = [];
    const limits: unknown[] = [];
    const readIfAny = async (given: object) => {
      limits.push(given);
      return undefined;
    };
    const at = { stdin: { ...runtime.stdin, readIfAny } };
    const tell = async (line: string) => {
      told.push(line);
    };
    expect(await readPrompt(at, "a", { tell, noSession: undefined })).toBe("a");
    expect(told).toEqual(["standard input is left alone: nothing came on it within 1 s"]);
    expect(limits).toEqual([{ maxBytes: 10_485_760, timeoutMs: 600_000, firstByteMs: 1000 }]);
  });
});

test.each([
  [undefined, undefined, ["Key:"]],
  [{ keyPrefix: "sk-" }, undefined, ["Key:", "it begins with sk-"]],
  [{ consoleUrl: "https://p" }, undefined, ["Key:", "made at https://p"]],
  [
    { consoleUrl: "https://p", keyPrefix: "k" },
    "https://e",
    ["Key:", "it begins with k", "made at https://e"],
  ],
])("keyQuestion() for %j at %p", (provider, consoleUrl, lines) => {
  const endpoint = consoleUrl === undefined ? undefined : { baseUrl: "https://b/v1", consoleUrl };
  expect(keyQuestion("Key:", provider as never, endpoint)).toBe(lines.join("\n"));
});
