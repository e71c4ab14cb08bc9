import { describe, expect, test } from "bun:test";
import type { Service } from "../../../src/chat/ask-model.ts";
import { showAnswer, type Turn } from "../../../src/chat/screen/show-answer.ts";
import { PLAIN, type Style } from "../../../src/terminal/style.ts";
import { chatService } from "../../support/chat-service.ts";
import { OPENAI, sse } from "../../support/model-answers.ts";
import { openScreen, screenOutput } from "../../support/screen.ts";
import { answer, type Reply, silence, stream } from "../../support/scripted-server.ts";
import { compact } from "../session/session-machine.ts";

const MARKS: Style = { ...PLAIN, bold: (text) => `<b>${text}</b>` };

type Watch = {
  readonly style?: Style;
  readonly signal?: AbortSignal;
  /** Told of each write. */
  readonly onWrite?: (text: string) => void;
  readonly cols?: number;
};

/** Shows an answer below a prompt; what the screen shows then, and what became of it. */
async function show(service: Service, { style = PLAIN, signal, onWrite, cols = 60 }: Watch = {}) {
  const screen = openScreen({ cols, rows: 12 });
  await screen.write("> Hi\r\n");
  const turn = await showAnswer(service, [{ role: "user", text: "Hi" }], {
    stdout: screenOutput(screen, onWrite),
    terminal: screen,
    style,
    env: {},
    now: Date.now,
    showsThinking: false,
    signal: signal ?? new AbortController().signal,
  });
  // Pieces may arrive together: emphasis that ends where the same begins goes on.
  const shown = compact(screen.text().replaceAll("</b><b>", ""));
  return { turn, screen: shown, cursor: screen.cursor(), rows: screen.text().split("\n").length };
}

function usage(prompt: number, completion: number, cached?: number): string {
  const details = cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } };
  return sse({
    choices: [],
    usage: { prompt_tokens: prompt, completion_tokens: completion, ...details },
  });
}

function finish(finish_reason: string): string {
  return sse({ choices: [{ index: 0, delta: {}, finish_reason }] });
}

describe("showAnswer() shows", () => {
  const cost = "5 tokens in, 2 out";
  type Case = readonly [name: string, pieces: readonly string[], text: string, shown: string];
  const cases: readonly Case[] = [
    [
      "what the model says and costs",
      [OPENAI.text("Hel"), OPENAI.text("lo"), OPENAI.finish],
      "Hello",
      `Hello\n${cost}`,
    ],
    [
      "line breaks of two characters, also in two pieces",
      [OPENAI.text("a\r"), OPENAI.text("\nb\r"), OPENAI.text("\n"), OPENAI.finish],
      "a\r\nb\r\n",
      `a\nb\n${cost}`,
    ],
    ["no second line break", [OPENAI.text("Hello\n"), OPENAI.finish], "Hello\n", `Hello\n${cost}`],
    [
      "several lines at the left edge",
      [OPENAI.text("a\nb\nc"), OPENAI.finish],
      "a\nb\nc",
      `a\nb\nc\n${cost}`,
    ],
    [
      "emphasis over pieces",
      [OPENAI.text("# A"), OPENAI.text("B\n-"), OPENAI.text(" c"), OPENAI.finish],
      "# AB\n- c",
      `<b>AB</b>\n• c\n${cost}`,
    ],
    [
      "what was held back at the end",
      [OPENAI.text("a\n##"), OPENAI.finish],
      "a\n##",
      `a\n##\n${cost}`,
    ],
    [
      "control characters, not obeyed",
      [OPENAI.text("\u001b[2Ja"), OPENAI.finish],
      "\u001b[2Ja",
      `\\x1b[2Ja\n${cost}`,
    ],
    ["that nothing was said", [OPENAI.finish], "", `the answer holds no text\n${cost}`],
    [
      "large numbers, and what was cached",
      [OPENAI.text("a"), finish("stop"), usage(123_456, 1000, 120_000)],
      "a",
      "a\n123,456 tokens in (120,000 cached), 1,000 out",
    ],
    ["no cost that nobody said", [OPENAI.text("a"), finish("stop"), sse("[DONE]")], "a", "a\nm"],
    [
      "why it is short",
      [OPENAI.text("a"), finish("length")],
      "a",
      "a\nthe answer ended at the limit of its length\nm",
    ],
  ];
  test.each(cases)("%s", async (_name, pieces, text, shown) => {
    const { service } = await chatService(stream(pieces));
    const result = await show(service, { style: MARKS });
    expect(result.turn).toEqual({ kind: "answered", text });
    expect(result.screen).toBe(`> Hi\n${shown}`);
    expect(result.cursor).toEqual([result.rows, 0]);
  });
});

test("showAnswer() writes no half of a character that the server has cut in two", async () => {
  const [high = "", low = ""] = "👍".split("");
  const cut = (half: string): string => OPENAI.text("?").replace("?", escapeUnit(half));
  const { service } = await chatService(
    stream([OPENAI.text("a"), cut(high), `${cut(low)}${OPENAI.finish}`]),
  );
  const written: string[] = [];
  const { turn, screen } = await show(service, { onWrite: (text) => written.push(text) });
  expect(turn).toEqual({ kind: "answered", text: "a👍" });
  expect(screen).toBe("> Hi\na👍\n5 tokens in, 2 out");
  expect(written.filter((text) => !text.isWellFormed())).toEqual([]);
});

/** A UTF-16 unit as JSON escapes it. */
function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16)}`;
}

describe("showAnswer() that is interrupted", () => {
  const cases: readonly (readonly [name: string, said: string, shown: string])[] = [
    ["keeps what came", "Hel", "Hel\ninterrupted"],
    ["shows what was held back", "a\n#", "a\n#\ninterrupted"],
  ];
  test.each(cases)("%s", async (_name, said, shown) => {
    const { service } = await chatService(stream([OPENAI.text(said)], silence));
    const controller = new AbortController();
    const onWrite = () => controller.abort();
    const { turn, screen } = await show(service, { signal: controller.signal, onWrite });
    expect(turn).toEqual({ kind: "interrupted", text: said });
    expect(screen).toBe(`> Hi\n${shown}`);
  });

  test("before a word says so", async () => {
    const controller = new AbortController();
    const hold: Reply = () => controller.abort();
    const { service } = await chatService(hold);
    const { turn, screen } = await show(service, { signal: controller.signal });
    expect(turn).toEqual({ kind: "interrupted", text: "" });
    expect(screen).toBe("> Hi\ninterrupted");
  });
});

describe("showAnswer() that fails", () => {
  const cases: readonly (readonly [
    name: string,
    reply: Reply,
    turn: { readonly text: string; readonly code: string },
    shown: string,
  ])[] = [
    ["before a word", answer(...OPENAI.rejected), { text: "", code: "key-rejected" }, "> Hi"],
    [
      "after some words",
      stream([OPENAI.text("Hel")]),
      { text: "Hel", code: "stream-cut" },
      "> Hi\nHel",
    ],
  ];
  test.each(cases)("%s", async (_name, reply, { text, code }, shown) => {
    const { service } = await chatService(reply);
    const { turn, screen, cursor, rows } = await show(service);
    expect<unknown>(turn).toMatchObject({ kind: "failed", text, error: { code } });
    expect(screen).toBe(shown);
    expect(cursor).toEqual([rows, 0]);
  });
});

describe("showAnswer() of a model that takes its time", () => {
  /** A server that replies once something was written, and what was written first. */
  async function late(reply: Reply, signal?: AbortController, cols = 60) {
    const written = Promise.withResolvers<string>();
    const hold: Reply = async (socket) => {
      await written.promise;
      signal?.abort();
      await reply(socket);
    };
    const { service } = await chatService(hold);
    const shown = await show(service, {
      onWrite: written.resolve,
      cols,
      ...(signal === undefined ? {} : { signal: signal.signal }),
    });
    return { ...shown, first: await written.promise };
  }

  const waiting = expect.stringMatching(/⠋|⠙|⠹|⠸|⠼|⠴|⠦|⠧|⠇|⠏/);
  const cases: readonly (readonly [
    name: string,
    reply: Reply,
    kind: Turn["kind"],
    shown: string,
  ])[] = [
    [
      "an answer",
      stream([OPENAI.text("Hi"), OPENAI.finish]),
      "answered",
      "> Hi\nHi\n5 tokens in, 2 out",
    ],
    [
      "an empty one",
      stream([OPENAI.finish]),
      "answered",
      "> Hi\nthe answer holds no text\n5 tokens in, 2 out",
    ],
    ["a failure", answer(404, ""), "failed", "> Hi"],
  ];
  test.each(cases)("says so, and takes it away for %s", async (_name, reply, kind, shown) => {
    const { turn, screen, first } = await late(reply);
    expect([turn.kind, first, screen]).toEqual([kind, waiting, shown]);
  });

  test.each([7, 15])("says so, and takes all of it away on %d columns", async (cols) => {
    const { screen } = await late(stream([OPENAI.text("Hi"), OPENAI.finish]), undefined, cols);
    expect(screen).toContain("Hi\n");
    expect(screen).not.toMatch(/waiting|Esc|stops|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
  });

  test("says so, and takes it away when it is interrupted", async () => {
    const { turn, screen, first } = await late(silence, new AbortController());
    expect([turn.kind, first, screen]).toEqual(["interrupted", waiting, "> Hi\ninterrupted"]);
  });
});
