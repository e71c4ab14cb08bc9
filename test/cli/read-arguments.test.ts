import { describe, expect, test } from "bun:test";
import { readArguments } from "../../src/cli/read-arguments.ts";
import { UsageError } from "../../src/errors.ts";
import type { Flags } from "../../src/flags/flag.ts";

const FLAGS: Flags = {
  region: { type: "string", alias: ["r"], value: "NAME", description: "" },
  "key-stdin": { type: "boolean", alias: ["with-token"], description: "" },
  json: { type: "boolean", description: "" },
  model: { type: "list", alias: ["m"], value: "ID", description: "" },
  secret: { type: "string", hidden: true, description: "" },
};

describe("readArguments()", () => {
  test.each([
    [["--region", "china"], ["--region=china"]],
    [["--region=china"], ["--region=china"]],
    [["-r", "china"], ["--region=china"]],
    [["-rchina"], ["--region=china"]],
    [["-r=china"], ["--region=china"]],
    [["--region="], ["--region="]],
    [["--region=--x"], ["--region=--x"]],
    [["--region", "-"], ["--region=-"]],
    [["--region=a=b"], ["--region=a=b"]],
    [["--with-token"], ["--key-stdin"]],
    [["--json=true"], ["--json"]],
    [["--json=false"], []],
    [["--"], []],
    [["--model", "a", "-m", "b,c"], ["--model=a,b,c"]],
    [
      ["--json", "--region", "x"],
      ["--json", "--region=x"],
    ],
  ])("spells %j as %j", (argv, expected) => {
    expect(readArguments(argv, FLAGS)).toEqual(expected);
  });

  test.each([
    [["--regio", "x"], "unknown-flag", "Cannot read `--regio`: this flag is unknown"],
    [["-x"], "unknown-flag", "Cannot read `-x`: this flag is unknown"],
    [["--r", "x"], "unknown-flag", "Cannot read `--r`: this flag is unknown"],
    [["--version"], "unknown-flag", "Cannot read `--version`: it stands alone"],
    [["--help=x"], "unknown-flag", "Cannot read `--help`: it has no value"],
    [["--region"], "missing-value", "Cannot read `--region`: its value is missing"],
    [["--region", "--json"], "missing-value", "Cannot read `--region`: its value is missing"],
    [["--json=yes"], "invalid-value", "Cannot give `--json` a value: it is a switch"],
    [["sk-sp-0123456789abcdef"], "usage", undefined],
    [["--", "sk-sp-0123456789abcdef"], "usage", undefined],
  ])("refuses %j as %s", (argv, code, message) => {
    const error = catchUsageError(() => readArguments(argv, FLAGS));
    expect(error?.code).toBe(code as UsageError["code"]);
    if (message !== undefined) {
      expect(error?.message).toBe(message);
    }
    expect(error?.message).not.toContain("sk-sp");
  });

  test.each([
    [["glm-5"], ["--id=glm-5"]],
    [
      ["--json", "glm-5"],
      ["--json", "--id=glm-5"],
    ],
    [
      ["glm-5", "--json"],
      ["--json", "--id=glm-5"],
    ],
    [["--", "-odd"], ["--id=-odd"]],
    [[], []],
  ])("spells %j as %j where a word is taken", (argv, expected) => {
    expect(readArguments(argv, FLAGS, { name: "id" })).toEqual(expected);
  });

  test("refuses a second word without repeating it", () => {
    const error = catchUsageError(() => readArguments(["a", "sk-secret"], FLAGS, { name: "id" }));
    expect(error?.message).toBe("Cannot use an extra word: this command takes flags and one word");
  });

  test("says where a key goes only where a command takes one", () => {
    const hint = (flags: Flags) => catchUsageError(() => readArguments(["list"], flags))?.hint;
    const { json } = FLAGS;
    expect(hint(FLAGS)).toBe("add `--help` to see what it takes; a key goes to `--key-stdin`");
    expect(hint(json === undefined ? {} : { json })).toBe("add `--help` to see what it takes");
  });

  test("suggests flags that help lists, and no hidden ones", () => {
    const error = catchUsageError(() => readArguments(["--x"], FLAGS));
    expect(error?.suggest).toEqual({
      word: "--x",
      from: ["--region", "--key-stdin", "--json", "--model", "--help", "--version"],
    });
  });
});

function catchUsageError(call: () => unknown): UsageError | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) {
      return error;
    }
    throw error;
  }
}
