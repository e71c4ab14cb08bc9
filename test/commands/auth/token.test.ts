import { describe, expect, test } from "bun:test";
import { tokenCommand } from "../../../src/commands/auth/token.ts";
import { optionsOf } from "../../support/read-line.ts";

const NONE = { model: undefined, authType: undefined, apiKey: undefined, baseUrl: undefined };

describe("tokenCommand.toOptions()", () => {
  test.each([
    ["auth token", { json: false, quiet: false, connection: NONE }],
    ["auth token --json -q", { json: true, quiet: true, connection: NONE }],
    ["auth token -m glm-5", { connection: { ...NONE, model: "glm-5" } }],
    ["-m glm-5 auth token", { connection: { ...NONE, model: "glm-5" } }],
    ["auth token -mglm-5 -m=qwen", { connection: { ...NONE, model: "qwen" } }],
    ["auth token --model=", { connection: NONE }],
    ["auth token --trust --no-project", { trust: true, noProject: true }],
    ["auth token --color never --proxy p", { color: "never", proxy: "p" }],
  ])("reads `%s`", async (line, expected) => {
    expect(await optionsOf(tokenCommand, line)).toMatchObject(expected);
  });

  test.each([
    ["auth token glm-5", "Cannot use an extra word: this command takes flags only"],
    ["auth token --model", "Cannot read `--model`: its value is missing"],
    ["auth token --show-token", "Cannot read `--show-token`: this flag is unknown"],
    ["auth token --color red", 'Cannot use the colour "red": it is unknown'],
  ])("refuses `%s`", async (line, message) => {
    await expect(optionsOf(tokenCommand, line)).rejects.toThrow(message);
  });
});
