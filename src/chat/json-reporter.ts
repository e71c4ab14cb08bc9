import { jsonLine } from "../lib/visible-text.ts";
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
  const state: JsonState = { model: "", block: undefined, index: 0, text: "" };
  const isWanted = ({ type }: JsonMessage): boolean =>
    type === "result" || (format === "stream-json" && (partialMessages || type !== "stream_event"));
  const write = async (messages: readonly JsonMessage[]): Promise<boolean> => {
    const lines = messages
      .filter(isWanted)
      .map((message) => jsonLine({ ...message, session_id: sessionId }));
    return lines.length === 0 || stdout.writeAnswer(lines.join(""));
  };
  return {
    begin: async ({ model }) => {
      state.model = model;
      await write(beginMessages(state));
    },
    events: (events) => write(events.flatMap((event) => eventMessages(state, event))),
    end: async (ending) => {
      await write(endMessages(state, ending, now() - startedAt));
    },
  };
}
