import type { ChatEvent } from "./chat-event.ts";
import { begunTag, CLOSING, createTagWatch, TAGS } from "./watch-for-tag.ts";

export type ThoughtSplitter = {
  readonly push: (text: string) => readonly ChatEvent[];
  /** The service tells its reasoning apart: what looks like a tag is text then. */
  readonly stop: () => readonly ChatEvent[];
  /** What was held back. */
  readonly end: () => readonly ChatEvent[];
};

/** Characters; an answer that begins with more white space does not begin with thoughts. */
const LONGEST_BLANK = 1024;

/** What an answer may begin with. */
const BEGINNINGS: readonly string[] = [...TAGS.map(([opening]) => opening), CLOSING];

/**
 * Tells `<think>…</think>` and its like at the beginning of an answer from the answer, as servers
 * without a parser of reasoning send it; later ones are text. Templates that open the tag in the
 * prompt leave `</think>` alone: what came before it was told by then, as no answer can wait for a
 * tag that may never come, and is declared to have been reasoning.
 */
export function createThoughtSplitter(): ThoughtSplitter {
  let part: "start" | "thought" | "gap" | "watched" | "text" = "start";
  const watch = createTagWatch();
  let closing = CLOSING;
  let held = "";
  const flush = (): readonly ChatEvent[] => {
    const rest = held + watch.end();
    held = "";
    return part === "thought" ? reasoning(rest) : part === "gap" ? [] : said(rest);
  };
  const start = (text: string): readonly ChatEvent[] => {
    held += text;
    const begun = held.trimStart();
    const mayBegin = BEGINNINGS.some((tag) => begun.length < tag.length && tag.startsWith(begun));
    if (mayBegin && held.length < LONGEST_BLANK) {
      return [];
    }
    const all = held;
    held = "";
    const tag = BEGINNINGS.find((each) => begun.startsWith(each));
    part = tag === undefined ? "watched" : tag === CLOSING ? "gap" : "thought";
    closing = TAGS.find(([opening]) => opening === tag)?.[1] ?? CLOSING;
    return push(tag === undefined ? all : begun.slice(tag.length));
  };
  const think = (text: string): readonly ChatEvent[] => {
    const all = held + text;
    const end = all.indexOf(closing);
    if (end === -1) {
      held = begunTag(all, [closing]);
      return reasoning(all.slice(0, all.length - held.length));
    }
    part = "gap";
    held = "";
    return [...reasoning(all.slice(0, end)), ...push(all.slice(end + closing.length))];
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
      case "watched": {
        const found = watch.push(text);
        if (typeof found === "string") {
          return said(found);
        }
        part = "gap";
        const over = { kind: "thoughts-end", mark: CLOSING } as const;
        return [...said(found.before), over, ...push(found.rest)];
      }
      case "text":
        return said(text);
    }
  };
  return {
    push,
    end: flush,
    stop: () => {
      const isUntold = part === "start" || part === "watched";
      const rest = isUntold ? flush() : [];
      part = isUntold ? "text" : part;
      return rest;
    },
  };
}

function said(text: string): readonly ChatEvent[] {
  return text === "" ? [] : [{ kind: "text-delta", text }];
}

function reasoning(text: string): readonly ChatEvent[] {
  return text === "" ? [] : [{ kind: "reasoning-delta", text }];
}
