import { describe, expect, test } from "bun:test";
import { CALL_UP } from "../../../src/chat/session/session-talk.ts";
import type { ExitCode } from "../../../src/errors.ts";
import { chatService } from "../../support/chat-service.ts";
import { OPENAI } from "../../support/model-answers.ts";
import {
  answer,
  type RecordedRequest,
  type Reply,
  silence,
  stream,
} from "../../support/scripted-server.ts";
import type { ScriptedKeys } from "../../support/scripted-terminal.ts";
import { COST, CTRL_C, CTRL_D, connected, hold } from "./session-machine.ts";

function says(text: string): Reply {
  return stream([OPENAI.text(text), OPENAI.finish]);
}

/** What a request says, as `user: Hi`. */
function said({ body }: RecordedRequest): string[] {
  const { messages } = JSON.parse(body);
  return messages.map((it: { role: string; content: string }) => `${it.role}: ${it.content}`);
}

type Given = {
  readonly keys: ScriptedKeys;
  readonly replies: readonly Reply[];
  readonly question?: string;
};

/** A session with one model, and what was asked of it. */
async function chat({ keys, replies, question }: Given) {
  const { service, requests, host } = await chatService(...replies);
  const session = await hold({
    keys,
    ports: { connect: async () => connected(service) },
    ...(question === undefined ? {} : { question }),
  });
  return { ...session, asked: requests.map(said), host };
}

describe("runSession() asks", () => {
  test("again with what was said before", async () => {
    const { exitCode, screen, remembered, asked } = await chat({
      replies: [says("One."), says("Two.")],
      keys: [
        ["› ", "first\r"],
        [COST, "second\r"],
        [COST, CTRL_D],
      ],
    });
    expect(exitCode).toBe(0);
    expect(asked).toEqual([["user: first"], ["user: first", "assistant: One.", "user: second"]]);
    expect(remembered).toEqual(["first", "second"]);
    expect(screen.split("\n")).toEqual([
      "qwen m · Test",
      "› first",
      "One.",
      COST,
      "› second",
      "Two.",
      COST,
      "›",
    ]);
  });

  test("the question of the command line first", async () => {
    const { screen, asked } = await chat({
      replies: [says("One.")],
      question: "first",
      keys: [[COST, CTRL_D]],
    });
    expect(asked).toEqual([["user: first"]]);
    expect(screen).toBe(`qwen m · Test\n› first\nOne.\n${COST}\n›`);
  });

  test("what begins with a slash but is no command", async () => {
    const { asked } = await chat({
      replies: [says("One.")],
      keys: [
        ["› ", "/usr/bin/env?\r"],
        [COST, CTRL_D],
      ],
    });
    expect(asked).toEqual([["user: /usr/bin/env?"]]);
  });

  test("without what was forgotten", async () => {
    const { asked, screen } = await chat({
      replies: [says("One."), says("Two.")],
      keys: [
        ["› ", "first\r"],
        [COST, "/clear\r"],
        ["anew", "second\r"],
        [COST, CTRL_D],
      ],
    });
    expect(asked).toEqual([["user: first"], ["user: second"]]);
    expect(screen).toBe(`The conversation begins anew.\n› second\nTwo.\n${COST}\n›`);
  });
});

describe("runSession() has a message one key away", () => {
  test("that failed, and keeps the conversation as it was", async () => {
    const { asked, screen, host } = await chat({
      replies: [says("One."), answer(500, "away"), stream([OPENAI.text("T")]), says("Two.")],
      keys: [
        ["› ", "first\r"],
        [COST, "second\r"],
        [CALL_UP, "\u001b[A!\r"],
        ["reason", ""],
        [CALL_UP, "\u001b[A\r"],
        [COST, CTRL_D],
      ],
    });
    const [first, again] = ["user: first", "user: second!"];
    expect(asked).toEqual([
      [first],
      [first, "assistant: One.", "user: second"],
      [first, "assistant: One.", again],
      [first, "assistant: One.", again],
    ]);
    expect(screen).toContain(
      [
        "› second",
        `error: Cannot ask "m": ${host} has a problem (500: away)`,
        CALL_UP,
        "› second!",
        "T",
      ].join("\n"),
    );
  });

  test("and sends another without it", async () => {
    const { asked, screen } = await chat({
      replies: [answer(500, "away"), says("Two."), answer(500, "away"), says("Two.")],
      keys: [
        ["› ", "first\rsecond\r"],
        [COST, "third\r"],
        [CALL_UP, CTRL_D],
      ],
    });
    expect(asked).toEqual([
      ["user: first"],
      ["user: second"],
      ["user: second", "assistant: Two.", "user: third"],
    ]);
    expect(screen).toContain(`(500: away)\n${CALL_UP}\n› second\nTwo.`);
  });

  test("whose key is rejected, with a way to repair that", async () => {
    const { screen, host, exitCode } = await chat({
      replies: [answer(401, { error: { message: "no" } })],
      keys: [
        ["› ", "Hi\r"],
        [CALL_UP, CTRL_D],
      ],
    });
    expect(exitCode).toBe(0);
    expect(screen).toBe(
      [
        "qwen m · Test",
        "› Hi",
        `error: Cannot ask "m": ${host} wants a key (401: no)`,
        "hint: type /auth to set up credentials, or /model to choose another model",
        CALL_UP,
        "›",
      ].join("\n"),
    );
  });
});

describe("runSession() stops an answer with Ctrl+C", () => {
  test("and keeps what came of it", async () => {
    const { exitCode, asked, screen } = await chat({
      replies: [stream([OPENAI.text("Hel")], silence), says("Two.")],
      keys: [
        ["› ", "first\r"],
        ["Hel", CTRL_C],
        ["interrupted", "second\r"],
        [COST, CTRL_D],
      ],
    });
    expect(exitCode).toBe(0);
    expect(asked[1]).toEqual(["user: first", "assistant: Hel", "user: second"]);
    expect(screen).toBe(`qwen m · Test\n› first\nHel\ninterrupted\n› second\nTwo.\n${COST}\n›`);
  });

  test("and forgets a question without one", async () => {
    const { asked, screen } = await chat({
      replies: [silence, says("Two.")],
      keys: [
        ["› ", "first\r"],
        ["waiting", CTRL_C],
        ["interrupted", "second\r"],
        [COST, CTRL_D],
      ],
    });
    expect(asked).toEqual([["user: first"], ["user: second"]]);
    expect(screen).toBe(`qwen m · Test\n› first\ninterrupted\n› second\nTwo.\n${COST}\n›`);
  });

  test("also where the keyboard is gone, and leaves", async () => {
    const { exitCode, screen } = await chat({
      replies: [stream([OPENAI.text("Hel")], silence)],
      keys: [
        ["› ", "first\r"],
        ["Hel", undefined],
      ],
    });
    expect(exitCode).toBe(0);
    expect(screen).toBe("qwen m · Test\n› first\nHel\ninterrupted\n›");
  });
});

describe("runSession() leaves", () => {
  const cases: readonly (readonly [name: string, typed: string | undefined, exitCode: ExitCode])[] =
    [
      ["with /quit", "/quit\r", 0],
      ["with /exit", "/exit\r", 0],
      ["with Ctrl+D", CTRL_D, 0],
      ["with Ctrl+C twice", CTRL_C + CTRL_C, 130],
      ["where the keyboard is gone", undefined, 0],
    ];
  test.each(cases)("%s", async (_name, typed, exitCode) => {
    const session = await chat({ replies: [], keys: [["› ", typed]] });
    expect(session).toMatchObject({ exitCode, asked: [] });
  });
});

test("runSession() types on while an answer arrives", async () => {
  const { asked } = await chat({
    replies: [says("One."), says("Two.")],
    keys: [
      ["› ", "first\rsecond\r"],
      ["Two.", CTRL_D],
    ],
  });
  expect(asked[1]).toEqual(["user: first", "assistant: One.", "user: second"]);
});

test("runSession() calls up what was typed, a line that was repeated once", async () => {
  const { asked } = await chat({
    replies: [says("Hello")],
    keys: [
      ["› ", "one\r"],
      [COST, "two\r"],
      [COST, "two\r"],
      [COST, "\u001b[A\u001b[A\r"],
      [COST, CTRL_D],
    ],
  });
  expect(asked.map((messages) => messages.at(-1))).toEqual([
    "user: one",
    "user: two",
    "user: two",
    "user: one",
  ]);
});
