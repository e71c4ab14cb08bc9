import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { OPENAI } from "../../support/model-answers.ts";
import { missingPrograms, testUnless } from "../../support/needs.ts";
import { KEYS, qwenPty, shellPty } from "../../support/pty.ts";
import { machine } from "../../support/qwen.ts";
import {
  answer,
  type Reply,
  scriptedServer,
  silence,
  stream,
} from "../../support/scripted-server.ts";
import { enterEndpoint, KEY, settingsOf, startSession } from "./session-machine.ts";

setDefaultTimeout(60_000);

const says = (text: string): Reply => stream([OPENAI.text(text), OPENAI.finish]);

/** A machine with one model whose label on the screen is always the same. */
async function withModel(...replies: readonly Reply[]) {
  const { origin, requests } = await scriptedServer(...replies);
  const at = machine();
  const baseUrl = `${origin}/v1`;
  at.write(".qwen/settings.json", {
    modelProviders: {
      openai: [
        { id: "m", baseUrl, envKey: "M_KEY", name: "[DeepSeek] m" },
        { id: "wide 中文", baseUrl, envKey: "NO_KEY" },
      ],
      gemini: [{ id: "g", baseUrl, envKey: "M_KEY" }],
    },
    model: { name: "m" },
    security: { auth: { selectedType: "openai" } },
    env: { M_KEY: KEY },
  });
  const host = new URL(origin).host;
  return { at, host, requests };
}

const ANSWER = "# Title\n\nUse `ls`:\n\n- one\n- two\n\n```sh\nls -la\n```\nDone.";

describe.each([60, 120])("on a screen of %i columns", (cols) => {
  test("a session shows its header, an answer, an error and the picker", async () => {
    const { at, host } = await withModel(says(ANSWER), answer(400, { error: { message: "no" } }));
    const session = startSession(at, [], { cols });
    await session.waitFor("› ");
    expect(await session.screen()).toStartWith("qwen 0.1.0  m · DeepSeek\n");
    session.press(`show me${KEYS.enter}`);
    await session.waitFor("tokens in");
    session.press(`fail${KEYS.enter}`);
    await session.waitFor("error:");
    await session.waitFor("calls the message up again");
    const shown = (await session.screen()).replaceAll(host, "HOST");
    const first = shown.indexOf("› show me");
    expect(shown.slice(first).split("\n").slice(0, 13)).toEqual([
      "› show me",
      "",
      "Title",
      "",
      "Use ls:",
      "",
      "• one",
      "• two",
      "",
      "  sh",
      "  ls -la",
      "Done.",
      "",
    ]);
    expect(shown).toMatch(/Done\.\n\nm · 5 tokens in, 2 out · \d+\.\d s\n\n› fail\n\nerror: /);
    expect(shown.replaceAll(/\n */g, " ")).toContain(
      'error: Cannot ask "m": HOST does not understand the request (400: no)',
    );
    session.press(`/model${KEYS.enter}`);
    await session.waitFor("Esc leaves");
    const picker = (await session.screen()).replaceAll(host, "HOST");
    expect(picker).toContain("│  openai\n│  ● m  DeepSeek · http://HOST/v1 · active\n");
    expect(picker).toContain("│  gemini\n│  ○ g  http://HOST/v1\n");
    session.press(KEYS.escape);
    await session.waitFor("› ");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
  });
});

test.each([
  ["TERM=dumb", [], { TERM: "dumb" }, "a terminal with TERM=dumb cannot be asked"],
  ["CI", [], { CI: "true" }, "nothing is asked where `CI` is set"],
  ["--no-input", ["--no-input"], {}, "`--no-input` was given"],
])("says why no session opens: %s", async (_name, args, env, why) => {
  const { at } = await withModel();
  const session = startSession(at, args, { env: { ...env } });
  await session.waitFor(`error: Cannot open a session: ${why}`);
  await session.expectEnd(2);
});

test("the list of models is searched by what is typed", async () => {
  const { at } = await withModel();
  const session = startSession(at);
  await session.waitFor("› ");
  session.press(`/model${KEYS.enter}`);
  await session.waitFor("Esc leaves");
  session.press("gem");
  await session.waitFor("● g");
  await session.waitFor("Search: gem");
  session.press(`${KEYS.backspace.repeat(3)}wide`);
  await session.waitFor("● wide");
  await session.waitFor("Search: wide");
  const screen = await session.screen();
  expect(screen).toContain("│  ● wide 中文");
  expect(screen).not.toContain("gemini");
  session.press(KEYS.enter);
  await session.waitFor("The next message goes to wide 中文");
  session.press(KEYS.ctrlD);
  await session.expectEnd(0);
});

describe("a session leaves the terminal as it was", () => {
  test.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    ["SIGINT", 130],
  ] as const)("at %s, at the prompt", async (signal, exitCode) => {
    const { at } = await withModel();
    const session = startSession(at);
    await session.waitFor("› ");
    process.kill(session.pid(), signal);
    await session.expectEnd(exitCode);
  });

  test("at SIGTERM, in an answer", async () => {
    const { at } = await withModel(stream([OPENAI.text("half")], silence));
    const session = startSession(at);
    await session.waitFor("› ");
    session.press(`hello${KEYS.enter}`);
    await session.waitFor("half");
    process.kill(session.pid(), "SIGTERM");
    await session.expectEnd(143);
  });

  test("at SIGTERM, in the list of models", async () => {
    const { at } = await withModel();
    const session = startSession(at);
    await session.waitFor("› ");
    session.press(`/model${KEYS.enter}`);
    await session.waitFor("Esc leaves");
    process.kill(session.pid(), "SIGTERM");
    await session.expectEnd(143);
  });

  test("when it is stopped, and takes it again when it goes on", async () => {
    const { at } = await withModel(says("back"));
    const session = startSession(at);
    await session.waitFor("› ");
    process.kill(session.pid(), "SIGTSTP");
    await session.waitForRaw("\u001b[?2004l");
    await stopped(session.pid());
    process.kill(session.pid(), "SIGCONT");
    await session.waitForRaw("\u001b[?2004h");
    session.press(`hello${KEYS.enter}`);
    await session.waitFor("back");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
  });
});

/** Until a process is stopped: one that goes on before that stops after it. */
async function stopped(pid: number): Promise<void> {
  const state = () => Bun.spawnSync(["ps", "-o", "state=", "-p", `${pid}`]).stdout.toString();
  while (!state().startsWith("T")) {
    await Bun.sleep(5);
  }
}

/** Why nothing can run as the first process of a container here. */
function cannotBeFirst(): string | undefined {
  const missing = missingPrograms("unshare");
  if (missing !== undefined) {
    return missing;
  }
  const { exitCode } = Bun.spawnSync(["unshare", "-rpf", "true"], { stderr: "ignore" });
  return exitCode === 0 ? undefined : "`unshare -rpf` is not permitted";
}

describe("as the first process of a container, which nothing stops", () => {
  const testFirst = testUnless(cannotBeFirst());

  testFirst("a session goes on at Ctrl+Z", async () => {
    const { at } = await withModel(says("back"));
    const session = shellPty(at, "unshare -rpf qwen", { env: { QWEN_OFFLINE: "" } });
    await session.waitFor("› ");
    session.press("\u001a");
    await session.waitForRaw("\u001b[?2004l");
    session.press(`hello${KEYS.enter}`);
    await session.waitFor("back");
    await session.waitFor("› ");
    session.press(KEYS.ctrlD);
    expect(await session.exitCode()).toBe(0);
  });

  testFirst("a prompt takes single keys after Ctrl+Z", async () => {
    const { at } = await withModel();
    const prompt = shellPty(at, "unshare -rpf qwen auth");
    await prompt.waitFor("Select authentication method:");
    prompt.press("\u001a");
    await prompt.waitForRaw("\u001b[?25h");
    prompt.press(KEYS.down);
    await prompt.waitFor("● API Key");
    prompt.press(KEYS.ctrlC);
    expect(await prompt.exitCode()).toBe(130);
  });
});

test("a line is edited in 20 columns, over wide characters and emoji", async () => {
  const { at, requests } = await withModel(says("ok"));
  const session = startSession(at, [], { cols: 20 });
  await session.waitFor("› ");
  session.press("中文中文中文中文中文 👨‍👩‍👧 end");
  await session.waitFor("end");
  session.press(`${KEYS.left.repeat(4)}${KEYS.backspace}X`);
  await session.waitFor("X");
  session.press(KEYS.enter);
  await session.waitFor("ok");
  session.press(KEYS.ctrlD);
  await session.expectEnd(0);
  const sent = JSON.parse(requests[0]?.body ?? "").messages.at(-1).content;
  expect(sent).toBe("中文中文中文中文中文 X end");
});

test("a session asks again and again, and its keys are in no list", async () => {
  const { at } = await withModel(says("still here"));
  const session = startSession(at);
  await session.waitFor("› ");
  for (const key of [KEYS.ctrlC, KEYS.escape]) {
    session.press(`/auth${KEYS.enter}`);
    await session.waitFor("● Alibaba Cloud Coding Plan");
    session.press(key);
    await session.waitFor("› ");
    session.press(`/model${KEYS.enter}`);
    await session.waitFor("● m ");
    session.press(key);
    await session.waitFor("› ");
  }
  session.press(`hello${KEYS.enter}`);
  await session.waitFor("still here");
  session.press(KEYS.ctrlD);
  await session.expectEnd(0);
});

describe("/auth", () => {
  test.each([
    ["of the settings", () => []],
    ["of a model of the command line", () => ["-m", "m"]],
    [
      "of the command line",
      (host: string) => ["--openai-api-key", KEY, "--openai-base-url", `http://${host}/v1`],
    ],
  ])(
    "repairs the key %s; the message that was refused goes with the new one",
    async (_name, argv) => {
      const { at, requests, host } = await withModel(
        answer(401, { error: { message: "old key" } }),
        says("welcome back"),
      );
      const session = startSession(at, argv(host), { env: { QWEN_OFFLINE: "1" } });
      await session.waitFor("› ");
      session.press(`hello${KEYS.enter}`);
      await session.waitFor("type /auth to set up credentials");
      await session.waitFor("calls the message up again");
      session.press(`/auth${KEYS.enter}`);
      await enterEndpoint(session, {
        baseUrl: `http://${host}/v1`,
        key: "sk-new-0123456789abcdef",
      });
      await session.waitFor("Enter model ids");
      session.press(`fresh${KEYS.enter}`);
      await session.waitFor("Save this?");
      session.press(KEYS.enter);
      await session.waitFor("is set up, default model fresh");
      await session.waitFor("› ");
      session.press(KEYS.up + KEYS.up);
      await session.waitFor("› hello");
      session.press(KEYS.enter);
      await session.waitFor("welcome back");
      session.press(KEYS.ctrlD);
      await session.expectEnd(0);
      expect(requests.map(({ headers }) => headers.authorization)).toEqual([
        `Bearer ${KEY}`,
        "Bearer sk-new-0123456789abcdef",
      ]);
      expect(JSON.parse(requests[1]?.body ?? "").model).toBe("fresh");
    },
  );

  test.each([
    ["Ctrl+C", KEYS.ctrlC],
    ["Esc", KEYS.escape],
  ])("returns to the session at %s, and writes nothing", async (_name, key) => {
    const { at } = await withModel(says("still here"));
    const before = readFileSync(at.settings, "utf8");
    const session = startSession(at);
    await session.waitFor("› ");
    session.press(`/auth${KEYS.enter}`);
    await session.waitFor("Select authentication method:");
    session.press(key);
    await session.waitFor("› ");
    session.press(`hello${KEYS.enter}`);
    await session.waitFor("still here");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
    expect(readFileSync(at.settings, "utf8")).toBe(before);
  });
});

test("Ctrl+C in /auth returns to the session also while the service is waited for", async () => {
  const { at } = await withModel(says("still here"));
  const before = readFileSync(at.settings, "utf8");
  const silent = await scriptedServer(silence);
  // Without a shell around it, which would take the signal, too.
  const session = qwenPty(at, [], { env: { QWEN_OFFLINE: "" } });
  await session.waitFor("› ");
  session.press(`/auth${KEYS.enter}`);
  await enterEndpoint(session, { baseUrl: `${silent.origin}/v1`, key: "sk-new-0123456789abcdef" });
  await session.waitFor("Asking ");
  session.press(KEYS.ctrlC);
  await session.waitFor("› ");
  expect(session.text()).not.toContain("could not be checked");
  session.press(`hello${KEYS.enter}`);
  await session.waitFor("still here");
  session.press(KEYS.ctrlD);
  expect(await session.exitCode()).toBe(0);
  expect(readFileSync(at.settings, "utf8")).toBe(before);
});

describe("a repository that names an endpoint for the user's key", () => {
  async function untrusted() {
    const { origin, requests } = await scriptedServer(says("hello"));
    const at = machine();
    at.write("p/.env", `OPENAI_BASE_URL=${origin}/v1\nOPENAI_MODEL=m\n`);
    const env = { OPENAI_API_KEY: KEY };
    return { at, requests, session: startSession(at, [], { env }) };
  }

  test("is asked about once, and trusted from then on", async () => {
    const { at, requests, session } = await untrusted();
    await session.waitFor("is withheld from");
    await session.waitFor("What do you want to do?");
    session.press(KEYS.down + KEYS.enter);
    await session.waitFor("(folder trusted)");
    session.press(`hi${KEYS.enter}`);
    await session.waitFor("hello");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
    expect(requests).toHaveLength(1);
    const path = join(at.home, ".qwen", "trustedFolders.json");
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ [at.project]: "TRUST_FOLDER" });
    const again = startSession(at, [], { env: { OPENAI_API_KEY: KEY } });
    await again.waitFor("(folder trusted)");
    again.press(KEYS.ctrlD);
    await again.expectEnd(0);
  });

  test("is asked about in the session, too, which has the terminal again afterwards", async () => {
    const { origin, requests } = await scriptedServer(says("hello"));
    const at = machine();
    const security = { auth: { selectedType: "openai" } };
    at.write("p/.env", `OPENAI_BASE_URL=${origin}/v1\n`);
    at.write(".qwen/settings.json", { security });
    const session = startSession(at);
    await session.waitFor("no model is chosen");
    at.write(".qwen/settings.json", {
      security,
      env: { OPENAI_API_KEY: KEY },
      model: { name: "m" },
    });
    session.press(`first${KEYS.enter}`);
    await session.waitFor("What do you want to do?");
    session.press(KEYS.down + KEYS.enter);
    await session.waitFor("(folder trusted)");
    await session.waitFor("hello");
    session.press(`second${KEYS.enter}`);
    await session.waitFor("hello");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
    expect(requests).toHaveLength(2);
  });

  test.each([
    ["leaves", KEYS.up + KEYS.enter, 130],
    ["presses Ctrl+C", KEYS.ctrlC, 130],
  ])("gets nothing when the person %s", async (_name, keys, exitCode) => {
    const { at, requests, session } = await untrusted();
    await session.waitFor("What do you want to do?");
    session.press(keys);
    await session.expectEnd(exitCode);
    expect(requests).toEqual([]);
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
  });
});

test("the choice of a model is kept as the settings name it, and keys typed ahead count", async () => {
  const { at } = await withModel();
  const session = startSession(at);
  await session.waitFor("› ");
  session.press(`/model g${KEYS.enter}/status${KEYS.enter}${KEYS.ctrlD}`);
  await session.waitFor("The next message goes to g");
  await session.expectEnd(0);
  const { model, security, env } = settingsOf(at);
  expect([model, security.auth.selectedType, env]).toEqual([
    { name: "g" },
    "gemini",
    { M_KEY: KEY },
  ]);
});
