import { describeBug, EXIT, QwenError } from "../../errors.ts";
import { shorten, visibleText } from "../../lib/visible-text.ts";
import type { Conversation } from "../conversation.ts";
import type { KeyQueue } from "../editor/key-queue.ts";
import type { LineState } from "../editor/line-state.ts";
import type { StoredSession } from "../stored/session-text.ts";
import type {
  SessionModel,
  SessionOptions,
  SessionPorts,
  SessionRuntime,
} from "./session-ports.ts";
import { say, sayProblem } from "./session-talk.ts";

type SessionState = {
  connected: SessionModel | undefined;
  conversation: Conversation;
  readonly keys: KeyQueue;
  history: readonly string[];
  /** What is being written, also while an answer comes. */
  readonly line: LineState;
  showsThinking: boolean;
  /** The last message, as it was sent, where nothing came of it. */
  failed: string | undefined;
  /** It was said that the conversation cannot be kept. */
  isUnkept: boolean;
};

export type SessionContext = {
  readonly runtime: SessionRuntime;
  readonly ports: SessionPorts;
  readonly options: SessionOptions;
  readonly state: SessionState;
};

/** Gives the terminal back while something else asks on it. */
export function outside<Value>(
  { state }: SessionContext,
  action: () => Promise<Value>,
): Promise<Value> {
  return state.keys.lend(action);
}

/** What fails is told, and the session goes on; what was left is no failure. */
export async function attempt(
  context: SessionContext,
  action: () => Promise<void>,
): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    const problem = problemOf(context, error);
    if (problem.exitCode !== EXIT.interrupted) {
      await sayProblem(context.runtime, problem, context.options.style);
    }
    return false;
  }
}

/** What a person reads of a failure; a bug is shown as one, and the session goes on. */
export function problemOf({ runtime }: Pick<SessionContext, "runtime">, error: unknown): QwenError {
  if (error instanceof QwenError) {
    return error;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  runtime.trace?.(() => stack.split("\n"));
  return new QwenError(describeBug(error, runtime), { cause: error });
}

/** Resolves the connection anew; what cannot be used is told, and what there was stays. */
export async function reconnect(context: SessionContext): Promise<boolean> {
  const { ports, state } = context;
  const isDone = await attempt(context, async () => {
    state.connected = await ports.connect((action) => outside(context, action));
  });
  if (isDone) {
    await sayNotices(context, state.connected);
  }
  return isDone;
}

export async function sayNotices(
  { runtime, options }: SessionContext,
  connected: SessionModel | undefined,
): Promise<void> {
  const notices = connected?.notices ?? [];
  await say(
    runtime,
    notices.map((line) => options.style.dim(visibleText(line))),
  );
}

/** UTF-16 units that are shown of the last question of a conversation. */
const LONGEST_LAST = 200;

/** Goes on with a conversation of earlier. */
export async function takeUp(context: SessionContext, stored: StoredSession): Promise<void> {
  const { ports, state, runtime, options } = context;
  const { head, conversation, damaged } = stored;
  ports.turnTo(stored);
  state.conversation = conversation;
  state.failed = undefined;
  const turns = conversation.length / 2;
  const what = `${head.id}, ${turns} ${turns === 1 ? "turn" : "turns"}`;
  const lost = damaged === 0 ? "" : `; ${damaged} of its lines cannot be read`;
  const last = conversation.at(-2)?.text.split("\n")[0];
  await say(runtime, [
    options.style.dim(`The conversation ${what}, goes on${lost}.`),
    ...(last === undefined
      ? []
      : [options.style.dim(`Last: ${visibleText(shorten(last, LONGEST_LAST))}`)]),
  ]);
}
