import { UnreachableError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import {
  beginMessages,
  endMessages,
  eventMessages,
  type JsonMessage,
  type JsonState,
} from "./json-messages.ts";
import type { Reporter } from "./reporter.ts";

export type JsonOptions = {
  /** `json`: the result alone; `stream-json`: everything, a line each. */
  readonly format: "json" | "stream-json";
  /** With `stream-json`: also every delta as it comes. */
  readonly partialMessages: boolean;
  readonly sessionId: string;
};

/**
 * Machine-readable answers (`spec/session.md`, one-shot mode): `system`, an `assistant` message for
 * each block, and last a `result`, which with `json` is all there is.
 */
export function jsonReporter(
  { stdout, now }: Pick<Runtime, "stdout" | "now">,
  { format, partialMessages, sessionId }: JsonOptions,
): Reporter {
  const startedAt = now();
  const isStream = format === "stream-json";
  const state: JsonState = {
    hasBegun: false,
    model: "",
    block: undefined,
    index: 0,
    text: "",
    retries: 0,
  };
  const isWanted = ({ type }: JsonMessage): boolean =>
    type === "result" || (format === "stream-json" && (partialMessages || type !== "stream_event"));
  const write = (messages: readonly JsonMessage[], isAnswer = true): Promise<boolean> => {
    const wanted = messages.filter(isWanted);
    const lines = wanted.map((message) => ({ ...message, session_id: sessionId }));
    return stdout.writeJsonLines(lines, { isAnswer });
  };
  return {
    begin: async ({ model }) => {
      state.model = model;
      await write(beginMessages(state));
    },
    events: async (events) => {
      const wanted = isStream ? events : events.filter(({ kind }) => kind !== "reasoning-delta");
      const isRead = await write(wanted.flatMap((event) => eventMessages(state, event)));
      throwIfTooLong(state);
      return isRead;
    },
    retried: () => {
      state.retries += 1;
    },
    end: async (ending) => {
      const messages = endMessages(state, ending, now() - startedAt);
      await write(messages.filter(({ type }) => type !== "result"));
      // What a server says in an error is no answer: all that looks like a credential is hidden.
      const result = messages.filter(({ type }) => type === "result");
      await write(result, ending.kind !== "failed");
    },
  };
}

/** Characters; an object of JSON must be kept until it is whole. */
const LONGEST_ANSWER = 64 * 1024 * 1024;

/** @throws UnreachableError for an answer that has no end */
function throwIfTooLong({ text, block }: JsonState): void {
  const thought = block?.type === "thinking" ? block.thinking.length : 0;
  if (Math.max(text.length, thought) > LONGEST_ANSWER) {
    throw new UnreachableError("Cannot keep the answer: it is longer than 64 MiB", {
      code: "malformed-answer",
      hint: "use the output format text, which keeps nothing",
    });
  }
}
