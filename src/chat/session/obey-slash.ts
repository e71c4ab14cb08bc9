import { UsageError } from "../../errors.ts";
import type { LineRead } from "../editor/line-state.ts";
import {
  attempt,
  outside,
  reconnect,
  type SessionContext,
  sayNotices,
  takeUp,
} from "./session-context.ts";
import { KEYS_HELP, say, slashComplaint } from "./session-talk.ts";
import { type ParsedSlash, slashHelp } from "./slash-commands.ts";
import { takeTurn } from "./take-turn.ts";

/** Does what a slash command says; a question that it asks may be followed by one typed meanwhile. */
export async function obeySlash(
  context: SessionContext,
  slash: ParsedSlash,
): Promise<LineRead | undefined> {
  const { runtime, state, ports } = context;
  if (slash.kind !== "command") {
    await say(runtime, [await slashComplaint(slash)]);
    return undefined;
  }
  const { argument, name } = slash;
  switch (name) {
    case "retry":
      return retry(context);
    case "model": {
      const [word = "", ...rest] = argument?.split(/\s+/) ?? [];
      if (rest.length > 0) {
        return askOnce(context, word, argument?.slice(word.length).trim() ?? "");
      }
      await attempt(context, () => changeModel(context, argument));
      return undefined;
    }
    case "help":
      await say(runtime, [...slashHelp(), ...KEYS_HELP]);
      return undefined;
    case "clear":
      state.conversation = [];
      state.failed = undefined;
      ports.turnTo(undefined);
      await runtime.stdout.write("\u001b[2J\u001b[H");
      await say(runtime, ["The conversation begins anew."]);
      return undefined;
    case "quit":
      return undefined;
    default:
      await attempt(context, () => DOES[name](context, argument));
      return undefined;
  }
}

type Does = (context: SessionContext, argument: string | undefined) => Promise<void>;

const DOES: Readonly<
  Record<"status" | "auth" | "account" | "models" | "think" | "resume" | "save" | "copy", Does>
> = {
  status: ({ ports }) => ports.showStatus(),
  models: ({ ports }) => ports.listModels(),
  auth: async (context) => {
    await outside(context, () => context.ports.authenticate("again"));
    await reconnect(context);
  },
  account: async (context, word) => {
    const { ports, state, runtime, options } = context;
    const choose = () => ports.chooseAccount(word);
    const chosen = await (word === undefined ? outside(context, choose) : choose());
    if (chosen !== undefined) {
      state.connected = chosen;
      await sayNotices(context, chosen);
      const next = `The next message goes to ${chosen.label}, in this session alone.`;
      await say(runtime, [options.style.dim(next)]);
    }
  },
  think: async ({ state, runtime }) => {
    state.showsThinking = !state.showsThinking;
    const what = state.showsThinking ? "is shown, dim, before the answer" : "is hidden again";
    await say(runtime, [`What the model thinks ${what}.`]);
  },
  resume: async (context, begun) => {
    const { ports } = context;
    const choose = () => ports.chooseStored(begun);
    const stored = await (begun === undefined ? outside(context, choose) : choose());
    if (stored !== undefined) {
      await takeUp(context, stored);
    }
  },
  save: async ({ ports, state, runtime }, path) => {
    if (path === undefined) {
      throw new UsageError("Cannot save the conversation: no file is named", {
        hint: "type /save FILE.md",
      });
    }
    const turns = state.conversation.map(
      ({ role, text }) => `## ${role === "user" ? "You" : "Answer"}\n\n${text.trim()}\n`,
    );
    const saved = await ports.saveFile(path, turns.join("\n"));
    await say(runtime, [`The conversation stands in \`${saved}\`.`]);
  },
  copy: ({ state, runtime }) => copy(runtime, state.conversation.at(-1)?.text),
};

/** Bytes that terminals take for their clipboard. */
const MOST_COPIED = 74_000;

async function copy(runtime: SessionContext["runtime"], answer: string | undefined): Promise<void> {
  if (answer === undefined) {
    throw new UsageError("Cannot copy an answer: there is none yet");
  }
  const bytes = Buffer.from(answer);
  if (bytes.length > MOST_COPIED || /^(?:dumb|linux)$/.test(runtime.env.TERM ?? "dumb")) {
    throw new UsageError(
      "Cannot copy the answer: it is too long, or this terminal has no clipboard",
      {
        hint: "type /save FILE.md",
      },
    );
  }
  await runtime.stdout.writeExact(`\u001b]52;c;${bytes.toString("base64")}\u0007`);
  await say(runtime, [
    "The last answer was given to the clipboard of the terminal. Where it takes none: /save FILE.md",
  ]);
}

/**
 * Asks again what failed, or else what was answered last, whose answer stands until there is
 * another one.
 */
async function retry(context: SessionContext): Promise<LineRead | undefined> {
  const { state, runtime } = context;
  const last = state.failed ?? state.conversation.at(-2)?.text;
  if (last === undefined) {
    await say(runtime, ["There is nothing to ask again."]);
    return undefined;
  }
  return takeTurn(context, last, { isAgain: state.failed === undefined });
}

/** One question to another model. */
async function askOnce(
  context: SessionContext,
  word: string,
  text: string,
): Promise<LineRead | undefined> {
  let sent: LineRead | undefined;
  await attempt(context, async () => {
    const once = await context.ports.modelOnce(word);
    await sayNotices(context, once);
    sent = await takeTurn(context, text, { once });
  });
  return sent;
}

async function changeModel(context: SessionContext, word: string | undefined): Promise<void> {
  const { ports, state, runtime, options } = context;
  const choose = () => ports.chooseModel(word);
  const chosen = await (word === undefined ? outside(context, choose) : choose());
  if (chosen !== undefined) {
    state.connected = chosen;
    await sayNotices(context, chosen);
    await say(runtime, [options.style.dim(`The next message goes to ${chosen.label}.`)]);
  }
}
