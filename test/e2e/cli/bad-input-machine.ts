import { expect } from "bun:test";
import { shortenHome } from "../../../src/lib/shorten-home.ts";
import { testUnless } from "../../support/needs.ts";
import { type Machine, qwen, type Ran, type RunOptions } from "../../support/qwen.ts";
import { snapshot } from "../../support/snapshot.ts";
import { cannotBeNobody } from "../../support/unprivileged.ts";

export const KEY = "sk-sp-0123456789abcdef0123456789a289";

export const STATUS = ["auth", "status"];

export const LOGIN = ["auth", "coding-plan", "--region", "china", "--key-stdin"];

export const NOBODY_TEST = testUnless(cannotBeNobody());

export const SETTINGS = ".qwen/settings.json";

export const login = { stdin: KEY };

/** Entries that work, with the model given. */
export const configured = (name: string, more: object = {}) => ({
  $version: 4,
  env: { MY_API_KEY: "my-key-0123456789" },
  modelProviders: {
    openai: [
      { id: "gpt-4o", baseUrl: "https://api.example.com/v1", envKey: "MY_API_KEY" },
      { id: "kimi-k2.5", baseUrl: "https://api.example.com/v1", envKey: "MY_API_KEY" },
    ],
  },
  model: { name },
  ...more,
});

export function expectNoStack({ stdout, stderr }: Ran): void {
  for (const text of [stdout, stderr]) {
    expect(text).not.toContain("    at ");
    expect(text).not.toContain("Unexpected failure");
    expect(text).not.toContain("Bun v");
  }
}

/** One failure, told in the one form of this run: text on stderr, or the object on stdout. */
export function failureOf(ran: Ran, isJson: boolean): { message: string; hint?: string } {
  expectNoStack(ran);
  if (!isJson) {
    expect(ran.stdout).toBe("");
    const [, message = "", hint] = /^error: (.*)\n(?:\nhint: (.*)\n)?$/m.exec(ran.stderr) ?? [];
    expect(message).toStartWith("Cannot ");
    return hint === undefined ? { message } : { message, hint };
  }
  const { error, ...rest } = JSON.parse(ran.stdout);
  expect(rest).toEqual({});
  expect(Object.keys(error)).toEqual(
    ["code", "message", "hint", "exitCode"].filter((name) => name in error),
  );
  expect(error.code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(error.exitCode).toBe(ran.exitCode);
  expect(error.message).toStartWith("Cannot ");
  return error;
}

/**
 * Runs a command as text and as JSON; both must fail alike, but for home as `~` in the text, and
 * leave everything as it was.
 */
export async function expectFailure(
  at: Machine,
  args: readonly string[],
  { exitCode, run = qwen, ...options }: RunOptions & { exitCode: number; run?: typeof qwen },
): Promise<{ message: string; hint?: string }> {
  const before = snapshot(at.home);
  const text = await run(at, args, options);
  const asJson = await run(at, [...args, "--json"], options);
  expect({ text: text.exitCode, json: asJson.exitCode }).toEqual({
    text: exitCode,
    json: exitCode,
  });
  const failure = failureOf(asJson, true);
  const { message, hint } = failure;
  expect(failureOf(text, false)).toEqual({
    message: shortenHome(message, at.home),
    ...(hint === undefined ? {} : { hint: shortenHome(hint, at.home) }),
  });
  expect(snapshot(at.home)).toEqual(before);
  return failure;
}
