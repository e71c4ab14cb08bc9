import { describe, expect, test } from "bun:test";
import type { SessionModel, SessionPorts } from "../../../src/chat/session/session-ports.ts";
import { CALL_UP, KEYS_HELP } from "../../../src/chat/session/session-talk.ts";
import { slashHelp } from "../../../src/chat/session/slash-commands.ts";
import {
  AuthError,
  CancelledError,
  ConfigError,
  QwenError,
  UsageError,
} from "../../../src/errors.ts";
import { chatService } from "../../support/chat-service.ts";
import { OPENAI } from "../../support/model-answers.ts";
import { stream } from "../../support/scripted-server.ts";
import { COST, CTRL_C, CTRL_D, connected, hold } from "./session-machine.ts";

const ANSWER = stream([OPENAI.text("Hello"), OPENAI.finish]);

/** Types a line in a session and leaves; what stands below the line. */
async function below(line: string, ports: Partial<SessionPorts> = {}): Promise<string> {
  const { service } = await chatService(ANSWER);
  const { screen } = await hold({
    ports: { connect: async () => connected(service), ...ports },
    keys: [
      ["› ", `${line}\r`],
      [`› ${line}`, undefined],
      ["› ", CTRL_D],
    ],
  });
  return screen.slice(screen.indexOf(line) + line.length + 1).replace(/\n?›$/, "");
}

describe("in a session", () => {
  const cases: readonly (readonly [line: string, shown: string])[] = [
    ["/help", [...slashHelp(), ...KEYS_HELP].filter(Boolean).join("\n")],
    ["/hlep", "There is no command /hlep; did you mean /help?"],
    ["/help me", "/help takes nothing behind it."],
    ["\uff0fhlep", "There is no command /hlep; did you mean /help?"],
    ["\uff0fhelp", [...slashHelp(), ...KEYS_HELP].filter(Boolean).join("\n")],
    ["exit", "Leave with /quit or Ctrl+D."],
    ["QUIT", "Leave with /quit or Ctrl+D."],
    [":q", "Leave with /quit or Ctrl+D."],
    ["help", "/help lists the commands."],
    ["\uff1f", "/help lists the commands."],
  ];
  test.each(cases)("%s", async (line, shown) => {
    expect(await below(line)).toBe(shown);
  });
});

describe("a command of a session that goes wrong is told, and the session goes on:", () => {
  const fail = (error: Error) => () => Promise.reject(error);
  const told = 'error: Cannot do "\\x1b": why\nhint: do this';
  const error = new UsageError('Cannot do "\u001b": why', { hint: "do this" });
  const cases: readonly (readonly [line: string, ports: Partial<SessionPorts>, shown: string])[] = [
    ["/model x", { chooseModel: fail(error) }, told],
    ["/status", { showStatus: fail(error) }, told],
    ["/auth", { authenticate: fail(error) }, told],
    ["/model", { chooseModel: fail(new CancelledError()) }, ""],
    ["/auth", { authenticate: fail(new CancelledError()) }, ""],
    ["/model", { chooseModel: async () => undefined }, ""],
    [
      "/model y",
      { chooseModel: fail(new AuthError("Cannot x: y", { code: "key-missing", hint: "z" })) },
      "error: Cannot x: y\nhint: type /auth to set up credentials, or /model to choose another model",
    ],
  ];
  test.each(cases)("%s", async (line, ports, shown) => {
    expect(await below(line, ports)).toBe(shown);
  });

  const bugs: readonly (readonly [line: string, ports: Partial<SessionPorts>])[] = [
    ["/status", { showStatus: () => Promise.reject(new TypeError("x is undefined")) }],
    ["/auth", { authenticate: () => Promise.reject(new RangeError("x is undefined")) }],
    ["/model x", { chooseModel: () => Promise.reject("x is undefined") }],
  ];
  test.each(bugs)("also a bug of %s", async (line, ports) => {
    expect(await below(line, ports)).toStartWith("error: Unexpected failure in qwen ");
    expect(await below(line, ports)).toContain("x is undefined (a bug: report it");
  });

  test("and a bug while a question is asked", async () => {
    const { service } = await chatService(ANSWER);
    const broken = {
      ...service,
      get endpoint(): never {
        throw new TypeError("x is undefined");
      },
    };
    const { screen } = await hold({
      ports: { connect: async () => connected(broken) },
      keys: [
        ["› ", "hi\r"],
        [CALL_UP, CTRL_D],
      ],
    });
    expect(screen).toContain("error: Unexpected failure in qwen ");
  });
});

describe("a session goes on with", () => {
  /** Two models; the second is there after `line`. */
  async function change(line: string, ports: (second: SessionModel) => Partial<SessionPorts>) {
    const first = await chatService(ANSWER);
    const second = await chatService(ANSWER);
    const model = connected(second.service, ["\u001b a notice"]);
    const session = await hold({
      ports: { connect: async () => connected(first.service), ...ports(model) },
      keys: [
        ["› ", "one\r"],
        [COST, `${line}\r`],
        ["a notice", "two\r"],
        [COST, CTRL_D],
      ],
    });
    const messages = second.requests.map(({ body }) => JSON.parse(body).messages);
    return { ...session, messages };
  }
  const conversation = [
    { role: "user", content: "one" },
    { role: "assistant", content: "Hello" },
    { role: "user", content: "two" },
  ];

  test("the model that was chosen", async () => {
    const words: (string | undefined)[] = [];
    const { messages, screen } = await change("/model glm-5", (second) => ({
      chooseModel: async (word) => {
        words.push(word);
        return second;
      },
    }));
    expect([words, messages]).toEqual([["glm-5"], [conversation]]);
    expect(screen).toContain(
      "› /model glm-5\n\\x1b a notice\nThe next message goes to m · Test.\n› two\nHello",
    );
  });

  test("the credentials that were set up", async () => {
    let isSetUp = false;
    const { service } = await chatService(ANSWER);
    const { messages } = await change("/auth", (second) => ({
      connect: async () => (isSetUp ? second : connected(service)),
      authenticate: async () => {
        isSetUp = true;
      },
    }));
    expect(messages).toEqual([conversation]);
  });
});

describe("a session that begins", () => {
  const MISSING = new AuthError("Cannot ask: no key", { code: "key-missing" });
  const NOTHING = new AuthError("Cannot ask: nothing", { code: "not-configured" });

  test("without anything opens the menu, and goes on", async () => {
    const { service } = await chatService(ANSWER);
    let isSetUp = false;
    const { screen } = await hold({
      ports: {
        connect: async () => (isSetUp ? connected(service) : Promise.reject(NOTHING)),
        authenticate: async () => {
          isSetUp = true;
        },
      },
      keys: [["› ", CTRL_D]],
    });
    expect(screen).toBe("qwen m · Test\n›");
  });

  test("without a key says so, and asks once there is one", async () => {
    const { service, requests } = await chatService(ANSWER);
    const answers = [MISSING, MISSING, undefined];
    const { screen } = await hold({
      ports: {
        connect: async () => {
          const problem = answers.shift();
          return problem === undefined ? connected(service, ["a notice"]) : Promise.reject(problem);
        },
      },
      keys: [
        ["› ", "Hi\r"],
        ["hint:", "\u001b[A\r"],
        [COST, CTRL_D],
      ],
    });
    const problem = [
      "error: Cannot ask: no key",
      "hint: type /auth to set up credentials, or /model to choose another model",
    ];
    expect(requests).toHaveLength(1);
    expect(screen.split("\n")).toEqual([
      "qwen without a model",
      ...problem,
      ...["› Hi", ...problem, "› Hi", "a notice", "Hello", COST, "›"],
    ]);
  });

  test("without a key says so once, with the question of the command line one key away", async () => {
    const { screen } = await hold({
      question: "Hi",
      ports: { connect: () => Promise.reject(MISSING) },
      keys: [
        ["› ", "\u001b[A"],
        ["› Hi", CTRL_C],
        ["› ", CTRL_D],
      ],
    });
    expect(screen.match(/error:/g)).toHaveLength(1);
  });

  const fatal: readonly (readonly [name: string, error: Error])[] = [
    ["settings that cannot be used", new ConfigError("Cannot use x: y")],
    ["a model that is unknown", new UsageError("Cannot use x: y")],
    ["a file that cannot be written", new QwenError("Cannot write x: y")],
    ["a menu that is left", NOTHING],
  ];
  test.each(fatal)("with %s ends", async (_name, error) => {
    const session = hold({ ports: { connect: () => Promise.reject(error) }, keys: [] });
    await expect(session).rejects.toMatchObject(
      error === NOTHING ? { name: "CancelledError", exitCode: 130 } : { message: error.message },
    );
  });
});
