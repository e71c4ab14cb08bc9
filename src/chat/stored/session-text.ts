import * as v from "valibot";
import { parseJson } from "../../lib/json/parse-json.ts";
import type { ChatMessage } from "../../protocols/chat-request.ts";
import { type Conversation, withTurn } from "../conversation.ts";

/** What stands at the beginning of a stored conversation. */
export type SessionHead = {
  readonly id: string;
  /** The directory it was held in. */
  readonly folder: string;
  readonly model: string;
};

export type StoredSession = {
  readonly head: SessionHead;
  readonly conversation: Conversation;
  /** Lines that nobody can read; what stands in them is lost. */
  readonly damaged: number;
};

/** What happened in a conversation, a line each. */
export type SessionEvent =
  | {
      readonly kind: "turn";
      readonly user: string;
      readonly assistant: string;
      readonly model: string;
    }
  /** The last turn is asked again. */
  | { readonly kind: "drop" };

const SCHEMA_VERSION = 1;

const Head = v.object({
  schemaVersion: v.number(),
  id: v.string(),
  folder: v.string(),
  model: v.string(),
});

const Event = v.variant("kind", [
  v.object({
    kind: v.literal("turn"),
    user: v.string(),
    assistant: v.string(),
    model: v.string(),
  }),
  v.object({ kind: v.literal("drop") }),
]);

export function headLine(head: SessionHead): string {
  return `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...head })}\n`;
}

export function eventLine(event: SessionEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** The head of a file, or why it is none of ours. */
export function parseHead(text: string): SessionHead | { readonly fault: string } {
  const end = text.indexOf("\n");
  const parsed = v.safeParse(Head, parseJson(end === -1 ? text : text.slice(0, end)));
  if (!parsed.success) {
    return { fault: "its first line is damaged" };
  }
  const { schemaVersion, ...head } = parsed.output;
  return schemaVersion === SCHEMA_VERSION
    ? head
    : {
        fault: `it has version ${schemaVersion}, and this program reads version ${SCHEMA_VERSION}`,
      };
}

/** A conversation as it was kept. A line that cannot be read is passed over, and counted. */
export function parseSession(text: string): StoredSession | { readonly fault: string } {
  const head = parseHead(text);
  if ("fault" in head) {
    return head;
  }
  const conversation: ChatMessage[] = [];
  let damaged = 0;
  for (const line of text.split("\n").slice(1)) {
    if (line === "") {
      continue;
    }
    const parsed = v.safeParse(Event, parseJson(line));
    if (!parsed.success) {
      damaged += 1;
    } else if (parsed.output.kind === "drop") {
      conversation.splice(-2);
    } else {
      const { user, assistant } = parsed.output;
      conversation.push(...withTurn([], user, assistant));
    }
  }
  return { head, conversation, damaged };
}
