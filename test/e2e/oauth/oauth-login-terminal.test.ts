import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { KEYS, qwenPty } from "../../support/pty.ts";
import { type Machine, qwen } from "../../support/qwen.ts";
import { answer, scriptedServer } from "../../support/scripted-server.ts";
import { startQwen } from "../../support/start-qwen.ts";
import { at, DEVICE, expectNothingWritten, LOGIN, PENDING, TOKENS } from "./oauth-login-machine.ts";

setDefaultTimeout(60_000);

describe("qwen auth qwen-oauth on a terminal", () => {
  const online = { QWEN_OFFLINE: "" };

  test("says first that the free tier has ended; a no writes nothing and asks nobody", async () => {
    const { origin, requests } = await scriptedServer(answer(200, DEVICE), PENDING);
    const m = at(origin);
    const terminal = qwenPty(m, ["auth", "qwen-oauth"], { env: online });
    await terminal.waitFor("its free tier was discontinued on 2026-04-15");
    await terminal.waitFor("Instead: qwen auth coding-plan, or qwen auth api-key");
    await terminal.waitFor("Go on with Qwen OAuth all the same?");
    // No is marked.
    terminal.press(KEYS.enter);
    expect(await terminal.exitCode()).toBe(130);
    expect(requests).toEqual([]);
    expectNothingWritten(m);
  });

  test("counts down after a yes; Ctrl+C leaves with 130 and nothing written", async () => {
    const { origin } = await scriptedServer(answer(200, DEVICE), PENDING);
    const m = at(origin);
    const terminal = qwenPty(m, ["auth", "qwen-oauth"], { env: online });
    await terminal.waitFor("all the same?");
    terminal.press("y");
    await terminal.waitFor(DEVICE.verification_uri_complete);
    await terminal.waitFor(DEVICE.user_code);
    await terminal.waitFor(/\(15:00 left\)|\(14:59 left\)/);
    await terminal.waitFor("(14:58 left)");
    terminal.press(KEYS.ctrlC);
    expect(await terminal.exitCode()).toBe(130);
    expectNothingWritten(m);
  });

  test("needs no question with --force, and Ctrl+C still is 130", async () => {
    const { origin } = await scriptedServer(answer(200, DEVICE), PENDING);
    const m = at(origin);
    const terminal = qwenPty(m, LOGIN, { env: online });
    await terminal.waitFor("left)");
    terminal.press(KEYS.ctrlC);
    expect(await terminal.exitCode()).toBe(130);
    expectNothingWritten(m);
  });

  test("a signal while waiting off a terminal is 130 too", async () => {
    const { origin } = await scriptedServer(answer(200, DEVICE), PENDING);
    const m = at(origin);
    const login = startQwen(m, LOGIN);
    await login.saw(/(Waiting)/);
    login.kill("SIGINT");
    expect((await login.ended).exitCode).toBe(130);
    expectNothingWritten(m);
  });
});

describe("the browser", () => {
  /** A machine whose opener writes down what it is given and what it can see. */
  async function withOpener(device: object = DEVICE) {
    const { origin } = await scriptedServer(answer(200, device), PENDING, answer(200, TOKENS));
    const m = at(origin);
    m.write(
      "bin/xdg-open",
      '#!/bin/sh\n{ printf "%s\\n" "$#" "$@"; env; } > "$HOME/opened.new"\nmv "$HOME/opened.new" "$HOME/opened"\n',
      0o755,
    );
    const env = { ...m.env, PATH: `${join(m.home, "bin")}:${m.env.PATH}`, DISPLAY: ":9" };
    return { ...m, env: { ...env, OPENAI_API_KEY: "sk-canary-0123456789abcdef" } };
  }

  async function openedText({ home }: Machine): Promise<string> {
    const path = join(home, "opened");
    for (let tries = 0; tries < 500 && !existsSync(path); tries += 1) {
      await Bun.sleep(10);
    }
    return readFileSync(path, "utf8");
  }

  test("is opened at the page, with one argument and without keys", async () => {
    const m = await withOpener();
    const ran = await qwen(m, LOGIN);
    expect(ran.stderr).toContain("The browser was opened.\n");
    const text = await openedText(m);
    expect(text).toStartWith(`1\n${DEVICE.verification_uri_complete}\n`);
    expect(text).toContain("DISPLAY=:9\n");
    expect(text).not.toContain("sk-canary");
    expect(text).not.toContain("QWEN_OAUTH");
  });

  test.each([
    ["with --no-browser", ["--no-browser"], {}],
    ["with NO_BROWSER", [], { NO_BROWSER: "1" }],
    ["with CI", [], { CI: "true" }],
    ["without a display", [], { DISPLAY: "" }],
  ])("is left alone %s", async (_name, flags, env) => {
    const m = await withOpener();
    const ran = await qwen(m, [...LOGIN, ...flags], { env });
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).not.toContain("The browser was opened.");
    expect(existsSync(join(m.home, "opened"))).toBe(false);
  });

  test.each([
    { uri: "file:///etc/\u001b[31m", page: DEVICE.verification_uri },
    { uri: "javascript:alert(1)", page: DEVICE.verification_uri },
    { uri: "http://chat.qwen.ai@evil.example/", page: DEVICE.verification_uri },
    { uri: "https://:x@evil.example/", page: DEVICE.verification_uri },
    { uri: "no page", page: DEVICE.verification_uri },
    {
      uri: "https://\u0430pi.example/a b\n\u001b[31m",
      page: "https://xn--pi-6kc.example/a%20b%1B[31m",
    },
    { uri: "HTTPS:\\\\evil.example\\@chat.qwen.ai", page: "https://evil.example/@chat.qwen.ai" },
  ])("gets of $uri a normal web address, which is what is shown", async ({ uri, page }) => {
    const m = await withOpener({ ...DEVICE, verification_uri_complete: uri });
    const ran = await qwen(m, LOGIN);
    expect(ran.stderr).toContain(`\n  ${page}\n`);
    expect(ran.stderr).not.toContain(uri);
    expect(await openedText(m)).toStartWith(`1\n${page}\n`);
  });

  test("gets nothing where a server names no web page", async () => {
    const uri = "file:///etc/passwd";
    const m = await withOpener({
      ...DEVICE,
      verification_uri: uri,
      verification_uri_complete: uri,
    });
    const ran = await qwen(m, LOGIN);
    expect(ran.exitCode).toBe(5);
    expect(ran.stderr).not.toContain(uri);
    expect(existsSync(join(m.home, "opened"))).toBe(false);
  });
});
