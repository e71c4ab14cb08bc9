import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { KEYS } from "../../support/pty.ts";
import type { Machine } from "../../support/qwen.ts";
import { answer } from "../../support/scripted-server.ts";
import { oauthMachine } from "../oauth/oauth-machine.ts";
import { startSession, withModel } from "./session-machine.ts";

/** What a session says to do: its own commands, or that it is for a shell. */
setDefaultTimeout(60_000);

const COMMAND_OF_A_SHELL = /`?qwen (?:auth|models|trust|doctor)[^\n]*/g;

async function after(
  at: Machine,
  [line, shows]: readonly [line: string, shows: string],
  lang = "en",
): Promise<string> {
  const session = startSession(at, [], { cols: 100, rows: 40, env: { QWEN_CODE_LANG: lang } });
  await session.waitFor("› ");
  session.press(`${line}${KEYS.enter}`);
  await session.waitFor(shows);
  await session.waitFor("› ");
  const screen = await session.screen();
  session.press(KEYS.ctrlD);
  await session.expectEnd(0);
  return screen;
}

describe("/status says how to verify it", () => {
  test.each([
    ["en", "`qwen auth status --verify` (in a shell) asks the service"],
    ["zh", "`qwen auth status --verify`（在 shell 中）向服务验证"],
  ])("in %s", async (lang, told) => {
    const { at } = await withModel();
    expect(await after(at, ["/status", ".env"], lang)).toContain(told);
  });
});

test("/status tells when a token of Qwen OAuth expires as a person counts it", async () => {
  const hours = 3 * 3_600_000 + 30_000;
  const at = oauthMachine({ account: "", tokens: { expiry_date: Date.now() + hours } });
  const screen = await after(at, ["/status", "To go on without it"]);
  expect(screen).toMatch(/Token +expires in 3 h \(\d\d:\d\d\)\n/);
  expect(screen).toContain("To go on without it: /auth\n");
});

describe("what a failure says to do", () => {
  const bodyOf = (message: string) => ({ error: { message } });
  test.each([
    ["nothing at the address", answer(404, bodyOf("Not Found"))],
    ["a model that is none", answer(404, bodyOf("model `m` does not exist"))],
    ["a key that is refused", answer(401, bodyOf("no"))],
  ])("names no command of a shell: %s", async (_name, reply) => {
    const { at } = await withModel(reply);
    const screen = await after(at, ["hi", "calls the message up"]);
    expect(screen).toContain("hint:");
    expect(screen.match(COMMAND_OF_A_SHELL)).toBeNull();
  });
});
