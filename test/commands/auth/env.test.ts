import { describe, expect, test } from "bun:test";
import { envCommand } from "../../../src/commands/auth/env.ts";
import { optionsOf } from "../../support/read-line.ts";

describe("envCommand.toOptions()", () => {
  test.each([
    ["auth env", "sh"],
    ["auth env --shell sh", "sh"],
    ["auth env --shell bash", "sh"],
    ["auth env --shell zsh", "sh"],
    ["auth env --shell=dash", "sh"],
    ["auth env --shell fish", "fish"],
    ["auth env --shell pwsh", "pwsh"],
    ["auth env --shell powershell", "pwsh"],
  ])("writes for the shell of `%s`: %s", async (line, shell) => {
    expect(await optionsOf(envCommand, line)).toMatchObject({ shell });
  });

  test("takes what decides the connection", async () => {
    const line = "auth env -m glm-5 --auth-type openai --openai-api-key k --openai-base-url u";
    expect((await optionsOf(envCommand, line)).connection).toEqual({
      model: "glm-5",
      authType: "openai",
      apiKey: "k",
      baseUrl: "u",
    });
  });

  test.each([
    ["auth env --shell tcsh", 'Cannot write for the shell "tcsh": it is unknown'],
    ["auth env --shell", "Cannot read `--shell`: its value is missing"],
    ["auth env --json", "Cannot read `--json`: this flag is unknown"],
    ["auth env fish", "Cannot use an extra word: this command takes flags only"],
  ])("refuses `%s`", async (line, message) => {
    await expect(optionsOf(envCommand, line)).rejects.toThrow(message);
  });
});
