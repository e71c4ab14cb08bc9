import { describe, expect, test } from "bun:test";
import { statusCommand } from "../../src/commands/auth-status.ts";
import { toGlobals } from "../../src/commands/command.ts";
import { UsageError } from "../../src/errors.ts";

describe("statusCommand.toOptions()", () => {
  test("reads the connection's flags; an empty one counts as not given", () => {
    const values = { json: true, model: "m", "openai-base-url": "", "auth-type": "gemini" };
    expect(statusCommand.toOptions(values, toGlobals({ trust: true }))).toMatchObject({
      json: true,
      trust: true,
      connection: { model: "m", baseUrl: undefined, authType: "gemini", apiKey: undefined },
    });
  });
});

describe("toGlobals()", () => {
  test("refuses an unknown colour", () => {
    expect(() => toGlobals({ color: "red" })).toThrow(UsageError);
  });
});
