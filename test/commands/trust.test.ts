import { describe, expect, test } from "bun:test";
import { trustCommand } from "../../src/commands/trust.ts";
import { toGlobals } from "../../src/flags/global-flags.ts";

const options = (values: Record<string, string | boolean>) =>
  trustCommand.toOptions(values, toGlobals(values));

describe("qwen trust understands", () => {
  test.each([
    [{}, { action: "TRUST_FOLDER", path: undefined, force: false, json: false }],
    [{ path: "a" }, { action: "TRUST_FOLDER", path: "a" }],
    [
      { parent: true, force: true },
      { action: "TRUST_PARENT", force: true },
    ],
    [
      { distrust: true, path: "a" },
      { action: "DO_NOT_TRUST", path: "a" },
    ],
    [
      { revoke: true, json: true },
      { action: "revoke", json: true },
    ],
    [{ list: true }, { action: "list" }],
  ])("%j", (values, expected) => {
    expect<object>(options(values)).toMatchObject(expected);
  });
});

describe("qwen trust refuses", () => {
  test.each([
    [{ revoke: true, list: true }, "Cannot use `--revoke` and `--list` together"],
    [{ parent: true, distrust: true }, "Cannot use `--parent` and `--distrust` together"],
    [{ parent: true, revoke: true }, "Cannot use `--parent` and `--revoke` together"],
    [{ list: true, path: "a" }, "Cannot list the rules of one folder"],
  ])("%j", (values, message) => {
    expect(() => options(values)).toThrow(message);
  });
});
