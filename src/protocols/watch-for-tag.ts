/** The tag came: what stands before and behind it. */
type TagSplit = { readonly before: string; readonly rest: string };

export type TagWatch = {
  /** What is text for all that is known, or the tag. */
  readonly push: (text: string) => string | TagSplit;
  /** What was held back. */
  readonly end: () => string;
};

/** The tags around thoughts of most models; they may be cut anywhere. */
const OPENING = "<think>";
export const CLOSING = "</think>";

/** Others are those of Claude's prompts, of Gemini behind OpenAI's protocol, Seed and Magistral. */
export const TAGS: readonly (readonly [opening: string, closing: string])[] = [
  [OPENING, CLOSING],
  ["<thinking>", "</thinking>"],
  ["<thought>", "</thought>"],
  ["<seed:think>", "</seed:think>"],
  ["[THINK]", "[/THINK]"],
];

const LONGEST_TAG = Math.max(...TAGS.flat().map(({ length }) => length));

/**
 * Watches an answer for a `</think>` at the beginning of a line without a `<think>` before it: in
 * the middle of a line, or behind the other, somebody writes about tags. Holds back what may be the
 * beginning of one, and nothing else.
 */
export function createTagWatch(): TagWatch {
  let held = "";
  let isLineStart = true;
  let isOver = false;
  const tell = (text: string): string => {
    isLineStart = text === "" ? isLineStart : text.endsWith("\n");
    return text;
  };
  return {
    push: (piece) => {
      const all = held + piece;
      held = "";
      if (isOver || !all.includes("<")) {
        return tell(all);
      }
      const end =
        isLineStart && all.startsWith(CLOSING) ? 0 : all.indexOf(`\n${CLOSING}`) + 1 || -1;
      const opening = all.indexOf(OPENING);
      isOver = end !== -1 || opening !== -1;
      if (opening !== -1 && (end === -1 || opening < end)) {
        return tell(all);
      }
      if (end !== -1) {
        return { before: all.slice(0, end), rest: all.slice(end + CLOSING.length) };
      }
      held = begunTag(all, [OPENING, CLOSING]);
      return tell(all.slice(0, all.length - held.length));
    },
    end: () => {
      const rest = held;
      held = "";
      return rest;
    },
  };
}

/** The end of a text that may be the beginning of one of the tags. */
export function begunTag(text: string, tags: readonly string[]): string {
  const tail = text.slice(-LONGEST_TAG);
  // No tag holds the beginning of one.
  const at = Math.max(tail.lastIndexOf("<"), tail.lastIndexOf("["));
  const begun = at === -1 ? "" : tail.slice(at);
  return tags.some((tag) => begun.length < tag.length && tag.startsWith(begun)) ? begun : "";
}
