import { visibleText } from "../../lib/visible-text.ts";
import type { Key } from "../../runtime.ts";
import { type Conversation, withTurn } from "../conversation.ts";
import type { KeyEvent } from "../editor/key-queue.ts";
import { layOutNear } from "../editor/lay-out-draft.ts";
import { applyKey, type LineRead, resetLine } from "../editor/line-state.ts";
import { showAnswer, type Turn } from "../screen/show-answer.ts";
import type { SessionEvent } from "../stored/session-text.ts";
import { problemOf, reconnect, type SessionContext } from "./session-context.ts";
import { lineContext, PROMPTS } from "./session-line.ts";
import type { SessionModel } from "./session-ports.ts";
import { CALL_UP, say, sayProblem } from "./session-talk.ts";

type TurnOptions = {
  /** A model for this question alone. */
  readonly once?: SessionModel;
  /** The answer takes the place of the last one. */
  readonly isAgain?: boolean;
};

/**
 * Asks the model, and keeps what came of it; a message that fails is called up again with ↑. Answers
 * with the message that was typed and sent off meanwhile, unless the answer was stopped.
 */
export async function takeTurn(
  context: SessionContext,
  text: string,
  options: TurnOptions = {},
): Promise<LineRead | undefined> {
  const { runtime, state } = context;
  const { once, isAgain = false } = options;
  const { style } = context.options;
  const before = isAgain ? state.conversation.slice(0, -2) : state.conversation;
  const { turn, sent } = await answerOrBug(context, [...before, { role: "user", text }], once);
  if (turn === undefined) {
    return undefined;
  }
  const isAnswered = turn.kind !== "failed" && turn.text.trim() !== "";
  state.failed = isAnswered || isAgain ? undefined : text;
  if (turn.kind === "failed") {
    await sayProblem(runtime, turn.error, style);
    await say(runtime, [style.dim(CALL_UP)]);
    return sent;
  }
  if (isAnswered) {
    state.conversation = withTurn(before, text, turn.text);
    const model = (once ?? state.connected)?.service.request.model ?? "";
    const kept = { kind: "turn", user: text, assistant: turn.text, model } as const;
    await keep(context, isAgain ? [{ kind: "drop" }, kept] : [kept]);
  }
  return sent;
}

/** What cannot be kept is said once, and also when it is kept after all. */
async function keep(context: SessionContext, events: readonly SessionEvent[]): Promise<void> {
  const { ports, runtime, state, options } = context;
  const why = await ports.keep(events);
  const isUnkept = why !== undefined;
  if (isUnkept === state.isUnkept) {
    return;
  }
  state.isUnkept = isUnkept;
  const said = isUnkept
    ? `This conversation is not kept: ${visibleText(why)}`
    : "This conversation is kept again, all of it";
  await say(runtime, [options.style.dim(said)]);
}

type Outcome = {
  readonly turn: Turn | undefined;
  readonly sent?: LineRead | undefined;
};

/** A bug on the way to an answer is told like another failure: the conversation is worth more. */
async function answerOrBug(
  context: SessionContext,
  conversation: Conversation,
  once: SessionModel | undefined,
): Promise<Outcome> {
  try {
    return await answerTo(context, conversation, once);
  } catch (error) {
    return { turn: { kind: "failed", text: "", error: problemOf(context, error) } };
  }
}

async function answerTo(
  context: SessionContext,
  conversation: Conversation,
  once: SessionModel | undefined,
): Promise<Outcome> {
  const { runtime, state, options } = context;
  if (once === undefined && state.connected === undefined && !(await reconnect(context))) {
    return { turn: undefined };
  }
  const connected = once ?? state.connected;
  if (connected === undefined) {
    return { turn: undefined };
  }
  const controller = new AbortController();
  const typing = typeMeanwhile(context, () => controller.abort());
  const release = state.keys.listen(typing.take);
  try {
    const turn = await showAnswer(connected.service, conversation, {
      stdout: runtime.stdout,
      terminal: runtime.terminal,
      style: options.style,
      env: runtime.env,
      now: runtime.now,
      signal: controller.signal,
      showsThinking: state.showsThinking,
      typing,
    });
    return turn.kind === "interrupted" ? { turn } : { turn, sent: typing.sent() };
  } finally {
    release();
  }
}

/** Keys that stop an answer. */
const STOPS: ReadonlySet<string> = new Set(["escape", "ctrl-c"]);

/** Rows that a message may take while an answer comes. */
const MOST_ROWS = 4;

/** What is typed while an answer comes: seen below it, edited as ever, sent only after it. */
function typeMeanwhile(context: SessionContext, stop: () => void) {
  const { state, runtime, options } = context;
  const { line } = state;
  let redraw = (): void => undefined;
  let sent: LineRead | undefined;
  /** From then on keys are for what follows. */
  let isStopped = false;
  const take = (event: KeyEvent): boolean => {
    if (event.kind !== "key") {
      (event.kind === "end" ? stop : redraw)();
      return event.kind === "redraw";
    }
    if (isStopped) {
      return false;
    }
    const name = event.key.kind === "key" ? event.key.name : "";
    if (STOPS.has(name)) {
      isStopped = true;
      state.keys.forget();
      stop();
      return true;
    }
    const isEnd = name === "ctrl-d" && line.draft.text === "";
    return sent === undefined && !isEnd && type(event.key);
  };
  const type = (key: Key): boolean => {
    const { done } = applyKey(key, line, lineContext(context));
    sent = done?.kind === "line" ? done : undefined;
    redraw();
    return true;
  };
  return {
    take,
    /** The message that waits to be sent. */
    sent: (): LineRead | undefined => {
      if (sent !== undefined) {
        resetLine(line);
      }
      return sent;
    },
    attach: (draw: () => void): void => {
      redraw = draw;
    },
    rows: (): readonly string[] => {
      if (line.draft.text === "") {
        return [];
      }
      const { columns } = runtime.terminal.size();
      const prompts = PROMPTS(options.style);
      const { rows } = layOutNear(line.draft, { prompts, columns, room: MOST_ROWS });
      return sent === undefined ? rows : [...rows, options.style.dim("sent after the answer")];
    },
  };
}
