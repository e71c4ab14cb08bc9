import { describe, expect, test } from "bun:test";
import { qwenOauthCommand, runQwenOauth } from "../../../src/commands/auth/qwen-oauth.ts";
import { CancelledError, UsageError } from "../../../src/errors.ts";
import { toGlobals } from "../../../src/flags/global-flags.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";

const optionsOf = (values: Readonly<Record<string, boolean>>) =>
  qwenOauthCommand.toOptions(values, toGlobals(values));

describe("auth qwen-oauth", () => {
  test.each<readonly [values: Record<string, boolean>, options: object]>([
    [{}, { force: false, browser: true, json: false }],
    [{ force: true }, { force: true }],
    [{ "no-browser": true }, { browser: false }],
    [{ json: true }, { json: true }],
  ])("takes %j", (values, options) => {
    expect(optionsOf(values)).toMatchObject(options);
  });

  const terminals = ["stdin", "stderr"] as const;
  test.each([
    ["without a terminal", {}],
    ["with CI", { terminals, env: { CI: "1" } }],
    ["on a dumb terminal", { terminals, env: { TERM: "dumb" } }],
  ])("needs --force %s, and names the alternatives", async (_name, settings) => {
    const runtime = fakeRuntime(settings);
    const refused = runQwenOauth(runtime, optionsOf({}));
    await expect(refused).rejects.toBeInstanceOf(UsageError);
    await expect(refused).rejects.toMatchObject({
      message: expect.stringContaining("its free tier was discontinued on 2026-04-15"),
      hint: "run `qwen auth coding-plan` or `qwen auth api-key`; add `--force` to try all the same",
    });
    expect(runtime.asked).toEqual([]);
  });

  test("asks on a terminal, and a left question cancels", async () => {
    const runtime = fakeRuntime({ terminals, env: { NO_COLOR: "1" } });
    await expect(runQwenOauth(runtime, optionsOf({}))).rejects.toBeInstanceOf(CancelledError);
    expect(runtime.asked).toEqual(["Go on with Qwen OAuth all the same?"]);
    expect(runtime.written.stderr).toStartWith("⚠ Qwen OAuth: its free tier was discontinued");
  });
});
