import { expect, test } from "bun:test";
import type { Prompter } from "../../src/runtime.ts";
import { translatePrompts } from "../../src/terminal/translate-prompts.ts";

const loud = (text: string): string => text.toUpperCase();

/** A prompter that keeps what it is asked, and answers nothing. */
function recorder() {
  const asked: unknown[] = [];
  const keep = async (question: unknown): Promise<{ readonly kind: "cancelled" }> => {
    asked.push(question);
    return { kind: "cancelled" };
  };
  const prompter: Prompter = {
    ...{ select: keep, search: keep, pick: keep, searchMany: keep },
    ...{ text: keep, password: keep, confirm: keep },
  };
  return { asked, prompter: translatePrompts(prompter, loud) };
}

const CHOICES = [
  { value: "a", label: "alpha", description: "first" },
  { value: "b", label: "beta" },
] as const;
const ROWS = [
  { value: "a", label: "ALPHA", description: "FIRST" },
  { value: "b", label: "BETA" },
];

const refuse = (value: string) => (value === "" ? "empty" : undefined);

test.each<readonly [string, (prompter: Prompter) => Promise<unknown>, object]>([
  [
    "select",
    ({ select }) => select({ message: "which?", choices: CHOICES, initial: "b" }),
    { message: "WHICH?", choices: ROWS, initial: "b" },
  ],
  [
    "search",
    ({ search }) => search({ message: "which?", choices: CHOICES, initial: "b" }),
    { message: "WHICH?", choices: ROWS, initial: "b" },
  ],
  [
    "pick",
    ({ pick }) =>
      pick({
        message: "which?",
        groups: [
          { heading: "china", choices: CHOICES },
          { heading: "", choices: [] },
        ],
        initial: "a",
      }),
    {
      message: "WHICH?",
      groups: [
        { heading: "CHINA", choices: ROWS },
        { heading: "", choices: [] },
      ],
      initial: "a",
    },
  ],
  [
    "searchMany",
    ({ searchMany }) => searchMany({ message: "which?", choices: CHOICES, initial: ["b"] }),
    { message: "WHICH?", choices: ROWS, initial: ["b"] },
  ],
  [
    "confirm",
    ({ confirm }) => confirm({ message: "really?", yes: "yes", no: "no", initial: false }),
    { message: "REALLY?", yes: "YES", no: "NO", initial: false },
  ],
])(
  "translatePrompts() says in other words what %s asks, and no value",
  async (_n, ask, expected) => {
    const { asked, prompter } = recorder();
    await ask(prompter);
    expect(asked).toEqual([expected]);
  },
);

test.each([
  ["text", { message: "name?", remark: "none", fallback: "x" }, { remark: "NONE", fallback: "x" }],
  ["text", { message: "name?" }, {}],
  ["password", { message: "name?" }, {}],
] as const)("translatePrompts() complains in other words: %s", async (kind, question, rest) => {
  const { asked, prompter } = recorder();
  await prompter[kind]({ ...question, validate: refuse });
  expect(asked).toEqual([{ message: "NAME?", ...rest, validate: expect.any(Function) }]);
  const [{ validate }] = asked as [{ validate: typeof refuse }];
  expect([validate(""), validate("x")]).toEqual(["EMPTY", undefined]);
});
