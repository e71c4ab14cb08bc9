import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ANTHROPIC, OPENAI } from "../../support/model-answers.ts";
import { KEYS } from "../../support/pty.ts";
import { type Machine, machine, qwen } from "../../support/qwen.ts";
import {
  answer,
  type Reply,
  scriptedServer,
  silence,
  stream,
} from "../../support/scripted-server.ts";
import { enterEndpoint, KEY, settingsOf, startSession } from "./session-machine.ts";

setDefaultTimeout(60_000);

const says = (text: string, speech = OPENAI): Reply => stream([speech.text(text), speech.finish]);

/** A machine with a model "m" of an OpenAI-compatible server and "c" of an Anthropic one. */
async function withModels(...replies: readonly Reply[]) {
  const server = await scriptedServer(...replies);
  const at = machine();
  at.write(".qwen/settings.json", {
    modelProviders: {
      openai: [
        { id: "m", baseUrl: `${server.origin}/v1`, envKey: "M_KEY" },
        { id: "n", baseUrl: `${server.origin}/v1`, envKey: "M_KEY" },
      ],
      anthropic: [{ id: "c", baseUrl: server.origin, envKey: "C_KEY" }],
    },
    model: { name: "m" },
    security: { auth: { selectedType: "openai" } },
    env: { M_KEY: KEY, C_KEY: KEY },
  });
  const host = new URL(server.origin).host;
  return { at, host, ...server };
}

const chosen = (at: Machine) => {
  const { model, security } = settingsOf(at);
  return [security.auth.selectedType, model];
};

describe("a session", () => {
  test("holds a conversation, also when the model changes across protocols", async () => {
    const { at, requests } = await withModels(
      says("one"),
      says("two"),
      says("three", ANTHROPIC),
      says("four"),
    );
    const session = startSession(at);
    await session.waitFor("› ");
    session.press(`first${KEYS.enter}`);
    await session.waitFor("one");
    session.press(`second${KEYS.enter}`);
    await session.waitFor("two");
    session.press(`/model${KEYS.enter}`);
    await session.waitFor("○ c ");
    session.press(KEYS.down + KEYS.down + KEYS.enter);
    await session.waitFor("The next message goes to c");
    expect(chosen(at)).toEqual(["anthropic", { name: "c" }]);
    session.press(`third${KEYS.enter}`);
    await session.waitFor("three");
    session.press(`/model n${KEYS.enter}`);
    await session.waitFor("The next message goes to n");
    expect(chosen(at)).toEqual(["openai", { name: "n" }]);
    session.press(`fourth${KEYS.enter}`);
    await session.waitFor("four");
    session.press(`/quit${KEYS.enter}`);
    await session.expectEnd(0);

    const bodies = requests.map(({ body }) => JSON.parse(body));
    expect(bodies[1].messages).toEqual([
      { role: "user", content: "first" },
      { role: "assistant", content: "one" },
      { role: "user", content: "second" },
    ]);
    expect(requests[2]?.path).toBe("/v1/messages");
    expect(bodies[2].messages.map(({ content }: { content: string }) => content)).toEqual([
      "first",
      "one",
      "second",
      "two",
      "third",
    ]);
    expect([bodies[3].model, bodies[3].messages.length]).toEqual(["n", 7]);
    expect(session.raw()).not.toContain(KEY);
  });

  test("stops only the answer at Ctrl+C, and keeps what came of it", async () => {
    const { at, requests } = await withModels(
      stream([OPENAI.text("half of it")], silence),
      says("more"),
    );
    const session = startSession(at);
    await session.waitFor("› ");
    session.press(`tell me${KEYS.enter}`);
    await session.waitFor("half of it");
    session.press(KEYS.ctrlC);
    await session.waitFor("interrupted");
    session.press(`go on${KEYS.enter}`);
    await session.waitFor("more");
    await session.waitFor("tokens in");
    await session.waitFor("› ");
    session.press(KEYS.ctrlC);
    await session.waitFor("(Ctrl+C again to leave)");
    session.press(KEYS.ctrlC);
    await session.expectEnd(130);
    expect(JSON.parse(requests[1]?.body ?? "").messages).toEqual([
      { role: "user", content: "tell me" },
      { role: "assistant", content: "half of it" },
      { role: "user", content: "go on" },
    ]);
  });

  test("survives a key that is rejected; the same message goes with the next one", async () => {
    const rejected = answer(401, { error: { message: "no such key" } });
    const { at, host } = await withModels(rejected, says("welcome"));
    const session = startSession(at);
    await session.waitFor("› ");
    session.press(`hello${KEYS.enter}`);
    await session.waitFor(`${host} does not accept the key`);
    await session.waitFor("hint: type /auth to set up credentials");
    await session.waitFor("calls the message up again");
    session.press(KEYS.up + KEYS.enter);
    await session.waitFor("welcome");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
  });

  test.each([
    ["a server that is down", answer(500, "no"), "has a problem"],
    ["an endpoint that is none", answer(200, "<html></html>"), "is not the interface of a model"],
    ["a used-up quota", answer(402, "no"), "has nothing left to spend"],
  ])("survives %s, with the message one key away", async (_name, reply, why) => {
    const { at } = await withModels(...Array.from({ length: 4 }, () => reply));
    const session = startSession(at);
    await session.waitFor("› ");
    session.press(`hello${KEYS.enter}`);
    await session.waitFor(why);
    await session.waitFor("calls the message up again");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
  });

  test("goes on with what it had when the settings are broken meanwhile", async () => {
    const { at } = await withModels(says("still here"));
    const session = startSession(at);
    await session.waitFor("› ");
    writeFileSync(at.settings, "{ broken");
    session.press(`/model n${KEYS.enter}`);
    await session.waitFor("error: Cannot use");
    session.press(`hello${KEYS.enter}`);
    await session.waitFor("still here");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
    expect(readFileSync(at.settings, "utf8")).toBe("{ broken");
  });

  test("says of itself what it uses, not what later sessions or the command line say", async () => {
    const { at } = await withModels(says("hi"));
    const session = startSession(at, ["-m", "m"]);
    await session.waitFor("› ");
    session.press(`/status${KEYS.enter}`);
    await session.waitFor(/Model +m /);
    session.press(`/model n${KEYS.enter}`);
    await session.waitFor("The next message goes to n");
    session.press(`/status${KEYS.enter}`);
    await session.waitFor(/Model +n /);
    session.press(`/model${KEYS.enter}`);
    await session.waitFor("● n ");
    session.press(KEYS.escape);
    await session.waitFor("› ");
    const settings = settingsOf(at);
    at.write(".qwen/settings.json", { ...settings, model: { name: "m" } });
    session.press(`/status${KEYS.enter}`);
    await session.waitFor(/Model +n /);
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
  });

  test("answers a slash that is none, an unknown model, and a word too many", async () => {
    const { at, requests } = await withModels();
    const session = startSession(at);
    await session.waitFor("› ");
    for (const [line, said] of [
      ["/statsu", "There is no command /statsu; did you mean /status?"],
      ["/x", "There is no command /x; /help lists the commands"],
      ["/", "There is no command /; /help lists the commands"],
      ["/mod", "There is no command /mod; did you mean /model?"],
      ["/clear all", "/clear takes nothing behind it."],
      ["/model nonsense", 'error: Cannot switch to "nonsense"'],
      ["/help", "Show this list"],
      ["/status", "is configured"],
    ] as const) {
      session.press(line + KEYS.enter);
      await session.waitFor(said);
      await session.waitFor("› ");
    }
    session.press(`/exit${KEYS.enter}`);
    await session.expectEnd(0);
    expect(requests).toEqual([]);
    expect(chosen(at)).toEqual(["openai", { name: "m" }]);
  });

  test("asks what `-i` says, then stays", async () => {
    const { at, requests } = await withModels(says("first"), says("second"));
    const session = startSession(at, ["-i", "begin"]);
    await session.waitFor("first");
    session.press(`next${KEYS.enter}`);
    await session.waitFor("second");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
    expect(requests).toHaveLength(2);
  });

  test("takes a paste as one message and a backslash as a line break", async () => {
    const { at, requests } = await withModels(says("ok"), says("well"));
    const session = startSession(at);
    await session.waitFor("› ");
    session.press("\u001b[200~one\rtwo\u001b[201~");
    await session.waitFor("two");
    session.press(KEYS.enter);
    await session.waitFor("ok");
    session.press(`three\\${KEYS.enter}four${KEYS.enter}`);
    await session.waitFor("well");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
    const sent = requests.map(({ body }) => JSON.parse(body).messages.at(-1).content);
    expect(sent).toEqual(["one\ntwo", "three\nfour"]);
  });

  test("remembers lines for the next session in a private file, but no key", async () => {
    const { at } = await withModels(says("a"), says("b"), says("d"), says("c"));
    at.write(".qwen/.env", "OTHER_KEY='like no key'\n");
    const first = startSession(at);
    await first.waitFor("› ");
    first.press(`remember this${KEYS.enter}`);
    await first.waitFor("a");
    first.press(`my key is ${KEY}${KEYS.enter}`);
    await first.waitFor("b");
    first.press(`the other is like no key${KEYS.enter}`);
    await first.waitFor("d");
    first.press(KEYS.ctrlD);
    await first.expectEnd(0);
    const path = join(at.home, ".qwen", "history");
    expect(readFileSync(path, "utf8")).toBe("remember this\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const second = startSession(at);
    await second.waitFor("› ");
    second.press(KEYS.up);
    await second.waitFor("remember this");
    second.press(KEYS.enter);
    await second.waitFor("c");
    second.press(KEYS.ctrlD);
    await second.expectEnd(0);
  });

  test("without a terminal is one question, never a hang", async () => {
    const { at } = await withModels(says("once"));
    expect(await qwen(at, ["-i", "hello"])).toMatchObject({ exitCode: 0, stdout: "once\n" });
    expect(await qwen(at, [])).toMatchObject({ exitCode: 2, stdout: "" });
  });
});

describe("the first session", () => {
  test("begins with the menu, and goes on when a model is set up", async () => {
    const { origin } = await scriptedServer(says("hello there"));
    const at = machine();
    const session = startSession(at, [], { env: { QWEN_OFFLINE: "1" } });
    await enterEndpoint(session, { baseUrl: `${origin}/v1`, key: KEY });
    await session.waitFor("Enter model ids");
    session.press(`m${KEYS.enter}`);
    await session.waitFor("Save this?");
    session.press(KEYS.enter);
    await session.waitFor("· /help ·");
    session.press(`hi${KEYS.enter}`);
    await session.waitFor("hello there");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
  });

  test("leaves with 130 at Ctrl+C in the menu, and writes nothing", async () => {
    const at = machine();
    const session = startSession(at);
    await session.waitFor("Select authentication method:");
    session.press(KEYS.ctrlC);
    await session.expectEnd(130);
    expect(existsSync(join(at.home, ".qwen"))).toBe(false);
  });
});
