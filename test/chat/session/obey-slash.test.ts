import { describe, expect, test } from "bun:test";
import type { Conversation } from "../../../src/chat/conversation.ts";
import { openKeyQueue } from "../../../src/chat/editor/key-queue.ts";
import { createLineState } from "../../../src/chat/editor/line-state.ts";
import { obeySlash } from "../../../src/chat/session/obey-slash.ts";
import type { SessionModel, SessionPorts } from "../../../src/chat/session/session-ports.ts";
import { KEYS_HELP } from "../../../src/chat/session/session-talk.ts";
import { parseSlash, slashHelp } from "../../../src/chat/session/slash-commands.ts";
import type { StoredSession } from "../../../src/chat/stored/session-text.ts";
import { CancelledError } from "../../../src/errors.ts";
import { PLAIN } from "../../../src/terminal/style.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";

const TURN: Conversation = [
  { role: "user", text: "Hi\nyou" },
  { role: "assistant", text: " Hello \n" },
];
const MODEL = { label: "m2 · Test", notices: ["a notice"] } as unknown as SessionModel;
const STORED: StoredSession = {
  head: { id: "abc" } as StoredSession["head"],
  conversation: [...TURN, ...TURN],
  damaged: 0,
};

type Given = {
  readonly conversation?: Conversation;
  readonly ports?: Partial<SessionPorts>;
  readonly env?: Readonly<Record<string, string>>;
  readonly failed?: string;
};

/** What a command says, what it asks of the ports, and what is so afterwards. */
async function obeyed(
  line: string,
  { conversation = [], ports = {}, env = {}, failed }: Given = {},
) {
  const runtime = fakeRuntime({ env });
  const calls: unknown[] = [];
  const port =
    <Value>(name: string, value: Value) =>
    async (...given: readonly unknown[]) => {
      calls.push([name, ...given.filter((each) => typeof each !== "function")]);
      return value;
    };
  const keys = await openKeyQueue(runtime.terminal);
  const state = {
    connected: undefined,
    conversation,
    keys: {
      ...keys,
      lend: async <Value>(action: () => Promise<Value>) => {
        calls.push("outside");
        return action();
      },
    },
    history: [],
    line: createLineState(),
    showsThinking: false,
    failed,
    isUnkept: false,
  };
  const all: SessionPorts = {
    connect: port("connect", MODEL),
    authenticate: port("authenticate", undefined),
    chooseModel: port("chooseModel", MODEL),
    chooseAccount: port("chooseAccount", MODEL),
    modelOnce: () => Promise.reject(new CancelledError()),
    showStatus: port("showStatus", undefined),
    listModels: port("listModels", undefined),
    remember: port("remember", undefined),
    keep: port("keep", undefined),
    turnTo: (stored) => calls.push(["turnTo", stored?.head.id]),
    chooseStored: port("chooseStored", STORED),
    saveFile: port("saveFile", "/h/a.md"),
    attach: async (text) => ({ text, chips: [] }),
    editText: async (text) => text,
    modelIds: () => [],
    accountWords: () => [],
    pathsLike: () => [],
    ...ports,
  };
  const slash = parseSlash(line);
  if (slash === undefined) {
    throw new Error("no command");
  }
  const options = {
    style: PLAIN,
    header: () => [],
    history: [],
    question: undefined,
    showsThinking: false,
    stored: undefined,
  };
  const next = await obeySlash({ runtime, ports: all, options, state }, slash);
  await keys.close();
  return { said: runtime.written.stdout.split("\r\n").slice(0, -1), calls, state, next };
}

describe("obeySlash()", () => {
  const next = "The next message goes to m2 · Test";
  const taken = "The conversation abc, 2 turns, goes on.";
  test.each<
    readonly [line: string, given: Given, said: readonly string[], calls: readonly unknown[]]
  >([
    ["/help", {}, [...slashHelp(), ...KEYS_HELP], []],
    ["/xyzzy", {}, ["There is no command /xyzzy; /help lists the commands"], []],
    ["/quit", {}, [], []],
    ["/status", {}, [], [["showStatus"]]],
    ["/models", {}, [], [["listModels"]]],
    ["/auth", {}, ["a notice"], ["outside", ["authenticate", "again"], ["connect"]]],
    ["/model", {}, ["a notice", `${next}.`], ["outside", ["chooseModel", undefined]]],
    ["/model x", {}, ["a notice", `${next}.`], [["chooseModel", "x"]]],
    ["/model x", { ports: { chooseModel: async () => undefined } }, [], []],
    [
      "/account",
      {},
      ["a notice", `${next}, in this session alone.`],
      ["outside", ["chooseAccount", undefined]],
    ],
    [
      "/account work",
      {},
      ["a notice", `${next}, in this session alone.`],
      [["chooseAccount", "work"]],
    ],
    ["/account x", { ports: { chooseAccount: async () => undefined } }, [], []],
    [
      "/resume",
      {},
      [taken, "Last: Hi"],
      ["outside", ["chooseStored", undefined], ["turnTo", "abc"]],
    ],
    [
      "/resume ab",
      {},
      [taken, "Last: Hi"],
      [
        ["chooseStored", "ab"],
        ["turnTo", "abc"],
      ],
    ],
    ["/resume x", { ports: { chooseStored: async () => undefined } }, [], []],
    [
      "/resume one",
      { ports: { chooseStored: async () => ({ ...STORED, conversation: TURN, damaged: 3 }) } },
      ["The conversation abc, 1 turn, goes on; 3 of its lines cannot be read.", "Last: Hi"],
      [["turnTo", "abc"]],
    ],
    [
      "/resume none",
      { ports: { chooseStored: async () => ({ ...STORED, conversation: [] }) } },
      ["The conversation abc, 0 turns, goes on."],
      [["turnTo", "abc"]],
    ],
    ["/think", {}, ["What the model thinks is shown, dim, before the answer."], []],
    [
      "/clear",
      { conversation: TURN, failed: "Hi" },
      ["\u001b[2J\u001b[HThe conversation begins anew."],
      [["turnTo", undefined]],
    ],
    [
      "/save a.md",
      { conversation: TURN },
      ["The conversation stands in `/h/a.md`."],
      [["saveFile", "a.md", "## You\n\nHi\nyou\n\n## Answer\n\nHello\n"]],
    ],
    [
      "/save",
      { conversation: TURN },
      ["error: Cannot save the conversation: no file is named", "hint: type /save FILE.md"],
      [],
    ],
    ["/retry", {}, ["There is nothing to ask again."], []],
    ["/model x why?", {}, [], []],
    ["/copy", {}, ["error: Cannot copy an answer: there is none yet"], []],
  ])("%s with %j", async (line, given, said, calls) => {
    const done = await obeyed(line, given);
    expect([[...done.said], [...done.calls], done.next]).toEqual([
      [...said],
      [...calls],
      undefined,
    ]);
  });

  test("/clear forgets what was said and what failed", async () => {
    const { state } = await obeyed("/clear", { conversation: TURN, failed: "Hi" });
    expect([state.conversation, state.failed]).toEqual([[], undefined]);
  });

  test("/resume takes the conversation up", async () => {
    const { state } = await obeyed("/resume", { failed: "Hi" });
    expect([state.conversation, state.failed]).toEqual([STORED.conversation, undefined]);
  });

  test.each(["/model x", "/account x", "/auth"])("%s changes what is asked", async (line) => {
    const { state } = await obeyed(line);
    expect<unknown>(state.connected).toBe(MODEL);
  });

  test("/think hides again what it shows", async () => {
    expect((await obeyed("/think")).state.showsThinking).toBe(true);
  });

  const TERM = { TERM: "xterm" };
  const said = (text: string): Conversation => [
    TURN[0] ?? { role: "user", text: "" },
    { role: "assistant", text },
  ];
  const refused = [
    "error: Cannot copy the answer: it is too long, or this terminal has no clipboard",
    "hint: type /save FILE.md",
  ];

  test.each<readonly [name: string, text: string, env: Readonly<Record<string, string>>, boolean]>([
    ["an answer", "Hé", TERM, true],
    ["the longest", "x".repeat(74_000), TERM, true],
    ["none that is longer", "x".repeat(74_001), TERM, false],
    ["none that is longer in bytes", "é".repeat(37_001), TERM, false],
    ["nothing on the console of Linux", "Hé", { TERM: "linux" }, false],
    ["nothing on a terminal without cursor", "Hé", { TERM: "dumb" }, false],
    ["nothing where no terminal has a name", "Hé", {}, false],
    ["an answer on a terminal with such a word in its name", "Hé", { TERM: "linux-16color" }, true],
  ])("/copy gives the clipboard %s", async (_name, text, env, isTaken) => {
    const done = await obeyed("/copy", { conversation: said(text), env });
    expect(done.said).toEqual(
      isTaken
        ? [
            `\u001b]52;c;${Buffer.from(text).toString("base64")}\u0007The last answer was given to the clipboard of the terminal. Where it takes none: /save FILE.md`,
          ]
        : refused,
    );
  });
});
