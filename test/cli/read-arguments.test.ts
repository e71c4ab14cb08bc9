import { expect, test } from "bun:test";
import { colorOf } from "../../src/cli/color-of.ts";
import { readArguments } from "../../src/cli/read-arguments.ts";
import { takeArguments } from "../../src/cli/take-arguments.ts";
import { readLine } from "../support/read-line.ts";

test.each(["auth status --json", "auth token", "auth status --model m", "models x", "hello you"])(
  "readArguments() reads `%s` as it is read",
  async (line) => {
    expect(await readArguments(line.split(" "))).toEqual(await readLine(line));
  },
);

test.each([
  ["--color always", "always"],
  ["--color never", "never"],
  ["--color auto", "auto"],
  ["--color purple", "auto"],
  ["", "auto"],
] as const)("colorOf() of `%s` is %s", async (line, color) => {
  expect(colorOf(await readLine(line))).toBe(color);
});

test.each([
  [undefined, false],
  // No pipe with arguments: standard streams, a descriptor that is not open, no number.
  ["0", false],
  ["2", false],
  ["9999", false],
  ["x", false],
])("takeArguments() takes what stands there where nothing was handed on: %p", async (variable) => {
  const env: Record<string, string> = variable === undefined ? {} : { QWEN_ARGUMENTS_FD: variable };
  const taken = await takeArguments({ argv: ["bun", "qwen", "a", "b"], env });
  expect(taken).toEqual({ argv: ["a", "b"], isHidden: false });
  expect(env).toEqual({});
});

test.each([
  [[[1, "key"]], { argv: ["a", "key", "c"], isHidden: true }],
  [[], { argv: ["a", "b", "c"], isHidden: true }],
  ["nonsense", { argv: ["a", "b", "c"], isHidden: false }],
])("takeArguments() takes %j from a pipe", async (handed, expected) => {
  const script = `
    const { takeArguments } = await import(${JSON.stringify(`${import.meta.dir}/../../src/cli/take-arguments.ts`)});
    const env = { QWEN_ARGUMENTS_FD: "3" };
    console.log(JSON.stringify([await takeArguments({ argv: ["", "", "a", "b", "c"], env }), env]));
  `;
  const child = Bun.spawnSync([
    "sh",
    "-c",
    `printf %s "$1" | { exec 3<&0; exec "$0" -e "$2" </dev/null; }`,
    process.execPath,
    JSON.stringify(handed),
    script,
  ]);
  expect(JSON.parse(child.stdout.toString())).toEqual([expected, {}]);
});
