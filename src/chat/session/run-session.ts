import { EXIT, type ExitCode, QwenError } from "../../errors.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { openKeyQueue } from "../editor/key-queue.ts";
import {
  createLineState,
  type LineRead,
  restoreLine,
  type TypedLine,
  typedLine,
} from "../editor/line-state.ts";
import { pastePreview } from "../editor/paste-chips.ts";
import { readLine } from "../editor/read-line.ts";
import { obeySlash } from "./obey-slash.ts";
import { attempt, outside, type SessionContext, sayNotices, takeUp } from "./session-context.ts";
import { lineContext, PROMPTS } from "./session-line.ts";
import type {
  Message,
  Outside,
  SessionModel,
  SessionOptions,
  SessionPorts,
  SessionRuntime,
} from "./session-ports.ts";
import { say, sayProblem } from "./session-talk.ts";
import { parseSlash } from "./slash-commands.ts";
import { takeTurn } from "./take-turn.ts";

/**
 * Holds a conversation until the person leaves (`spec/session.md`). With nothing configured the
 * menu comes first.
 * @throws CancelledError when that menu is left, ConfigError when settings cannot be used
 */
export async function runSession(
  runtime: SessionRuntime,
  ports: SessionPorts,
  options: SessionOptions,
): Promise<ExitCode> {
  const first = await connectFirst(ports);
  const { history, header, question, showsThinking, stored } = options;
  await say(runtime, header(first.connected));
  const context: SessionContext = {
    runtime,
    ports,
    options,
    state: {
      connected: first.connected,
      conversation: [],
      keys: await openKeyQueue(runtime.terminal),
      history,
      line: createLineState(),
      showsThinking,
      failed: undefined,
      isUnkept: false,
    },
  };
  const { state } = context;
  try {
    await sayNotices(context, state.connected);
    if (stored !== undefined) {
      await takeUp(context, stored);
      await say(runtime, [""]);
    }
    if (first.problem !== undefined) {
      await sayProblem(runtime, first.problem, options.style);
      state.history = question === undefined ? history : [...history, question];
      return await converse(context);
    }
    const asked = question === undefined ? undefined : typedLine(question);
    return await converse(context, asked);
  } finally {
    await state.keys.close();
  }
}

type First = {
  readonly connected: SessionModel | undefined;
  /** Why there is no model yet; the session can repair it. */
  readonly problem: QwenError | undefined;
};

async function connectFirst(ports: SessionPorts): Promise<First> {
  const atOnce: Outside = (action) => action();
  try {
    return { connected: await ports.connect(atOnce), problem: undefined };
  } catch (error) {
    if (!(error instanceof QwenError) || error.exitCode !== EXIT.auth) {
      throw error;
    }
    if (error.code !== "not-configured") {
      return { connected: undefined, problem: error };
    }
    await ports.authenticate("first");
    return { connected: await ports.connect(atOnce), problem: undefined };
  }
}

/** Reads and answers line after line; `given` is there already. */
async function converse(context: SessionContext, given?: LineRead): Promise<ExitCode> {
  let next = given;
  for (let isTyped = next === undefined; ; isTyped = true) {
    const read: LineRead = await (next === undefined ? readNext(context) : show(context, next));
    if (read.kind !== "line") {
      return read.kind === "end" ? EXIT.ok : EXIT.interrupted;
    }
    if (isTyped) {
      await remember(context, read);
    }
    const slash = parseSlash(read.text);
    if (slash?.kind === "command" && slash.name === "quit") {
      return EXIT.ok;
    }
    next = await (slash === undefined ? send(context, read) : obeySlash(context, slash));
    await say(context.runtime, [""]);
  }
}

/** Shows a message that was not typed at the prompt as it would stand there. */
async function show({ options, runtime }: SessionContext, read: LineRead): Promise<LineRead> {
  if (read.kind === "line") {
    const { first, others } = PROMPTS(options.style);
    const rows = read.shown.split("\n").map(visibleText);
    await say(runtime, [first + rows.join(`\r\n${others}`)], "data");
  }
  return read;
}

async function remember(context: SessionContext, { shown, text }: TypedLine): Promise<void> {
  const { state, ports } = context;
  if (state.history.at(-1) !== shown) {
    state.history = [...state.history, shown];
  }
  await attempt(context, () => ports.remember(text));
}

function readNext(context: SessionContext): Promise<LineRead> {
  const { runtime, options, ports, state } = context;
  return readLine(runtime, state.keys, {
    ...lineContext(context),
    state: state.line,
    prompts: PROMPTS(options.style),
    edit: async (text) => {
      let edited = text;
      await attempt(context, async () => {
        edited = await outside(context, () => ports.editText(text));
      });
      return edited;
    },
  });
}

/** Asks what was typed, with the files that it names; where one cannot go, all of it is kept. */
async function send(context: SessionContext, line: TypedLine): Promise<LineRead | undefined> {
  const { ports, runtime, options, state } = context;
  let message: Message | undefined;
  await attempt(context, async () => {
    message = await ports.attach(line.text, (action) => outside(context, action));
  });
  if (message === undefined) {
    restoreLine(state.line, line);
    return undefined;
  }
  const chips = message.chips.map((chip) => `  + ${chip}`);
  const below = [...pastePreview(line.pastes, line.shown), ...chips].map((row) =>
    options.style.dim(visibleText(row)),
  );
  await say(runtime, [...below, ""], "data");
  return takeTurn(context, message.text);
}
