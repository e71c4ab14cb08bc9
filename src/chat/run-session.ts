import { describeBug, EXIT, type ExitCode, QwenError } from "../errors.ts";
import { visibleText } from "../lib/visible-text.ts";
import type { Runtime } from "../runtime.ts";
import type { Style } from "../terminal/style.ts";
import type { Service } from "./ask-model.ts";
import { type Conversation, withTurn } from "./conversation.ts";
import { type KeyQueue, openKeyQueue } from "./key-queue.ts";
import { readLine } from "./read-line.ts";
import { CALL_UP, KEYS_HELP, say, sayProblem, slashComplaint } from "./session-talk.ts";
import { showAnswer, type Turn } from "./show-answer.ts";
import { type ParsedSlash, parseSlash, slashHelp } from "./slash-commands.ts";

/** The model that a session talks to. */
export type Connected = {
  readonly service: Service;
  /** `glm-5 · Z.AI` */
  readonly label: string;
  /** What a person must know, a line each. */
  readonly notices: readonly string[];
};

/** Does what asks on the terminal while nobody else reads it. */
type Outside = <Value>(action: () => Promise<Value>) => Promise<Value>;

/** What a session needs of the commands, which stand to the left (DESIGN.md). */
export type SessionPorts = {
  /** The model in force; a question, if there must be one, is asked `outside`. @throws QwenError */
  readonly connect: (outside: Outside) => Promise<Connected>;
  /**
   * The menu of `qwen auth`; `again`, what is set up goes before what the command line says.
   * @throws CancelledError when it is left
   */
  readonly authenticate: (when: "first" | "again") => Promise<void>;
  /**
   * Another model, chosen by its id or from a list, and kept for later sessions; `undefined`: it
   * was left.
   * @throws UsageError when there is no such model
   */
  readonly chooseModel: (word: string | undefined) => Promise<Connected | undefined>;
  /** Prints what `qwen auth status` prints. */
  readonly showStatus: () => Promise<void>;
  readonly remember: (line: string) => Promise<void>;
};

export type SessionOptions = {
  readonly style: Style;
  /** Lines at the top. */
  readonly header: (connected: Connected | undefined) => readonly string[];
  readonly history: readonly string[];
  /** What is asked first. */
  readonly question: string | undefined;
};

type Screen = Pick<
  Runtime,
  "stdout" | "terminal" | "env" | "now" | "version" | "build" | "trace" | "home" | "platform"
>;

type State = {
  connected: Connected | undefined;
  conversation: Conversation;
  keys: KeyQueue;
  history: readonly string[];
};

type Context = {
  readonly runtime: Screen;
  readonly ports: SessionPorts;
  readonly options: SessionOptions;
  readonly state: State;
};

/**
 * Holds a conversation until the person leaves (`spec/session.md`). With nothing configured the
 * menu comes first.
 * @throws CancelledError when that menu is left, ConfigError when settings cannot be used
 */
export async function runSession(
  runtime: Screen,
  ports: SessionPorts,
  options: SessionOptions,
): Promise<ExitCode> {
  const first = await connectFirst(ports);
  const { history, header, question } = options;
  await say(runtime, header(first.connected));
  const keys = await openKeyQueue(runtime.terminal);
  const { connected } = first;
  const state: State = { connected, conversation: [], keys, history };
  const context: Context = { runtime, ports, options, state };
  try {
    await sayNotices(context);
    if (first.problem !== undefined) {
      await sayProblem(runtime, first.problem, options.style);
      state.history = question === undefined ? history : [...history, question];
    } else if (question !== undefined) {
      await ask(context, question);
    }
    return await converse(context);
  } finally {
    await state.keys.close();
  }
}

type First = {
  readonly connected: Connected | undefined;
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

/** Reads and answers line after line. */
async function converse(context: Context): Promise<ExitCode> {
  const { runtime, options, state, ports } = context;
  const { bold, dim } = options.style;
  const prompts = { first: bold("> "), others: "  " };
  for (;;) {
    const { history } = state;
    const read = await readLine(runtime, state.keys, { history, prompts, dim });
    if (read.kind !== "line") {
      return read.kind === "end" ? EXIT.ok : EXIT.interrupted;
    }
    state.history = history.at(-1) === read.text ? history : [...history, read.text];
    await attempt(context, () => ports.remember(read.text));
    const slash = parseSlash(read.text);
    if (slash === undefined) {
      await ask(context, read.text);
    } else if (slash.kind === "command" && slash.name === "quit") {
      return EXIT.ok;
    } else {
      await obey(context, slash);
    }
  }
}

/** Asks the model; a message that fails is called up again with ↑. */
async function ask(context: Context, text: string): Promise<void> {
  const { state } = context;
  const turn = await answerOrBug(context, text);
  if (turn === undefined) {
    return;
  }
  if (turn.kind === "failed") {
    await sayProblem(context.runtime, turn.error, context.options.style);
    await say(context.runtime, [context.options.style.dim(CALL_UP)]);
    return;
  }
  state.conversation = withTurn(state.conversation, text, turn.text);
}

/** A bug on the way to an answer is told like another failure: the conversation is worth more. */
async function answerOrBug(context: Context, text: string): Promise<Turn | undefined> {
  try {
    return await answerTo(context, text);
  } catch (error) {
    return { kind: "failed", text: "", error: problemOf(context, error) };
  }
}

async function answerTo(context: Context, text: string): Promise<Turn | undefined> {
  const { runtime, state, options } = context;
  if (state.connected === undefined && !(await reconnect(context))) {
    return undefined;
  }
  const { connected } = state;
  if (connected === undefined) {
    return undefined;
  }
  const controller = new AbortController();
  const release = state.keys.onInterrupt(() => controller.abort());
  try {
    const conversation: Conversation = [...state.conversation, { role: "user", text }];
    return await showAnswer(connected.service, conversation, {
      stdout: runtime.stdout,
      terminal: runtime.terminal,
      style: options.style,
      env: runtime.env,
      signal: controller.signal,
    });
  } finally {
    release();
  }
}

/** Resolves the connection anew; what cannot be used is told, and what there was stays. */
async function reconnect(context: Context): Promise<boolean> {
  try {
    context.state.connected = await context.ports.connect((action) => outside(context, action));
  } catch (error) {
    await sayProblem(context.runtime, problemOf(context, error), context.options.style);
    return false;
  }
  await sayNotices(context);
  return true;
}

async function sayNotices({ runtime, state, options }: Context): Promise<void> {
  const notices = state.connected?.notices ?? [];
  await say(
    runtime,
    notices.map((line) => options.style.dim(visibleText(line))),
  );
}

async function obey(context: Context, slash: ParsedSlash): Promise<void> {
  const { runtime, state, ports } = context;
  if (slash.kind !== "command") {
    await say(runtime, [await slashComplaint(slash)]);
    return;
  }
  switch (slash.name) {
    case "help":
      await say(runtime, [...slashHelp(), ...KEYS_HELP]);
      return;
    case "clear":
      state.conversation = [];
      await runtime.stdout.write("\u001b[2J\u001b[H");
      await say(runtime, ["The conversation begins anew."]);
      return;
    case "quit":
      return;
    case "status":
      await attempt(context, () => ports.showStatus());
      return;
    case "auth":
      await attempt(context, () => authenticate(context));
      return;
    case "model":
      await attempt(context, () => changeModel(context, slash.argument));
      return;
  }
}

async function authenticate(context: Context): Promise<void> {
  await outside(context, () => context.ports.authenticate("again"));
  await reconnect(context);
}

async function changeModel(context: Context, word: string | undefined): Promise<void> {
  const { ports, state, runtime, options } = context;
  const choose = (): Promise<Connected | undefined> => ports.chooseModel(word);
  const chosen = await (word === undefined ? outside(context, choose) : choose());
  if (chosen !== undefined) {
    state.connected = chosen;
    await sayNotices(context);
    await say(runtime, [options.style.dim(`The next message goes to ${chosen.label}.`)]);
  }
}

/** Gives the terminal back while something else asks on it. */
async function outside<Value>(
  { runtime, state }: Context,
  action: () => Promise<Value>,
): Promise<Value> {
  await state.keys.close();
  try {
    return await action();
  } finally {
    state.keys = await openKeyQueue(runtime.terminal);
  }
}

/** What fails is told, and the session goes on; what was left is no failure. */
async function attempt(context: Context, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const problem = problemOf(context, error);
    if (problem.exitCode !== EXIT.interrupted) {
      await sayProblem(context.runtime, problem, context.options.style);
    }
  }
}

/** What a person reads of a failure; a bug is shown as one, and the session goes on. */
function problemOf({ runtime }: Context, error: unknown): QwenError {
  if (error instanceof QwenError) {
    return error;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  runtime.trace?.(() => stack.split("\n"));
  return new QwenError(describeBug(error, runtime), { cause: error });
}
