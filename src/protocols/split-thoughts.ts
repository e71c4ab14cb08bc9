import type { ChatEvent } from "./chat-event.ts";

export type ThoughtSplitter = {
  readonly push: (text: string) => readonly ChatEvent[];
  /** The service tells its reasoning apart: what looks like a tag is text then. */
  readonly stop: () => readonly ChatEvent[];
  /** What was held back. */
  readonly end: () => readonly ChatEvent[];
};

const OPENING = "<think>";
const CLOSING = "</think>";

/**
 * Tells `<think>…</think>` at the beginning of an answer from the answer, as servers without a
 * parser of reasoning send it; later ones are text. The tags may be cut anywhere.
 */
export function createThoughtSplitter(): ThoughtSplitter {
  let part: "start" | "thought" | "gap" | "text" = "start";
  let held = "";
  const flush = (): readonly ChatEvent[] => {
    const rest = held;
    held = "";
    return part === "thought" ? reasoning(rest) : part === "gap" ? [] : said(rest);
  };
  const start = (text: string): readonly ChatEvent[] => {
    held += text;
    const begun = held.trimStart();
    if (begun.length < OPENING.length && OPENING.startsWith(begun)) {
      return [];
    }
    const isThought = begun.startsWith(OPENING);
    const rest = isThought ? begun.slice(OPENING.length) : held;
    part = isThought ? "thought" : "text";
    held = "";
    return isThought ? think(rest) : said(rest);
  };
  const think = (text: string): readonly ChatEvent[] => {
    const all = held + text;
    const end = all.indexOf(CLOSING);
    if (end === -1) {
      const kept = lengthOfBegun(all);
      held = all.slice(all.length - kept);
      return reasoning(all.slice(0, all.length - kept));
    }
    part = "gap";
    held = "";
    return [...reasoning(all.slice(0, end)), ...push(all.slice(end + CLOSING.length))];
  };
  const push = (text: string): readonly ChatEvent[] => {
    switch (part) {
      case "start":
        return start(text);
      case "thought":
        return think(text);
      case "gap": {
        // The empty lines between thoughts and answer belong to neither.
        const answer = text.trimStart();
        part = answer === "" ? "gap" : "text";
        return said(answer);
      }
      case "text":
        return said(text);
    }
  };
  return {
    push,
    end: flush,
    stop: () => {
      const rest = part === "start" ? flush() : [];
      part = part === "start" ? "text" : part;
      return rest;
    },
  };
}

/** How many characters at the end may be the beginning of the closing tag. */
function lengthOfBegun(text: string): number {
  let length = Math.min(text.length, CLOSING.length - 1);
  while (length > 0 && !CLOSING.startsWith(text.slice(-length))) {
    length -= 1;
  }
  return length;
}

function said(text: string): readonly ChatEvent[] {
  return text === "" ? [] : [{ kind: "text-delta", text }];
}

function reasoning(text: string): readonly ChatEvent[] {
  return text === "" ? [] : [{ kind: "reasoning-delta", text }];
}
