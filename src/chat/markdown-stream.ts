import type { Style } from "../terminal/style.ts";

export type MarkdownStream = {
  /** What to show of the next piece; the beginning of a line waits until it is clear what it is. */
  readonly push: (piece: string) => string;
  /** What still waited. */
  readonly end: () => string;
};

type LineKind = "text" | "heading" | "fence" | "code";

/**
 * Beginnings of a line that may still become something else. What may open a fence waits for the
 * end of its line: with more backticks in it, it is code within a text.
 */
const UNDECIDED = /^(?:\s*[-*+]?| {0,3}(?:#{1,6}|`{1,2}|`{3,}[^`]*|~{1,2}|~{3,}[\s\S]*))$/;
/** The same between fences. */
const UNDECIDED_CODE = /^ {0,3}(?:`*|~*)\s*$/;
const OPENING = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
const CLOSING = /^ {0,3}(`{3,}|~{3,})\s*$/;
/** Longer beginnings decide nothing more, and to look at them again and again takes for ever. */
const LONGEST_BEGINNING = 1024;
const HEADING = /^ {0,3}#{1,6} /;
const BULLET = /^(\s*)[-*+] /;

/**
 * Emphasises headings, code and lists of an answer while it arrives (`spec/session.md`): what was
 * shown is never shown again. All of the text stays, but for the signs in front of list items.
 */
export function createMarkdownStream(style: Style): MarkdownStream {
  /** The beginning of a line that is not shown yet. */
  let held = "";
  let kind: LineKind | undefined;
  /** What opened the fence that the line is in. */
  let fence: string | undefined;
  const code = createInlineCode(style);

  const show = (text: string, isWhole: boolean): string => {
    switch (kind) {
      case "heading":
        return emphasised(style.bold, text);
      case "fence":
        return emphasised(style.dim, text);
      case "code":
        return emphasised(style.cyan, text);
      default:
        return code.show(text, isWhole);
    }
  };
  const part = (text: string, isWhole: boolean): string => {
    if (kind !== undefined) {
      return show(text, isWhole);
    }
    held += text;
    const undecided = fence === undefined ? UNDECIDED : UNDECIDED_CODE;
    if (!isWhole && held.length < LONGEST_BEGINNING && undecided.test(held)) {
      return "";
    }
    const line = held;
    held = "";
    kind = kindOf(line, fence);
    if (kind === "fence") {
      fence = fence === undefined ? OPENING.exec(line)?.[1] : undefined;
    }
    return show(kind === "text" ? line.replace(BULLET, "$1• ") : line, isWhole);
  };
  return {
    push: (piece) => {
      const [first = "", ...others] = piece.split("\n");
      let shown = part(first, others.length > 0);
      for (const [index, line] of others.entries()) {
        kind = undefined;
        shown += `\n${part(line, index < others.length - 1)}`;
      }
      return shown;
    },
    end: () => part("", true),
  };
}

function kindOf(line: string, fence: string | undefined): LineKind {
  if (fence !== undefined) {
    // The end of a fence has the signs of its beginning, and no fewer.
    return CLOSING.exec(line)?.[1]?.startsWith(fence) === true ? "fence" : "code";
  }
  if (OPENING.test(line)) {
    return "fence";
  }
  return HEADING.test(line) ? "heading" : "text";
}

type InlineCode = {
  /** Emphasises what stands between backticks, which stay; forgets them at the end of a line. */
  readonly show: (text: string, isWhole: boolean) => string;
};

/** Code within a line ends with as many backticks as it began with. */
function createInlineCode({ cyan }: Style): InlineCode {
  /** Backticks that more may follow. */
  let held = "";
  /** What the code began with; empty: it is none. */
  let opening = "";
  const mark = (part: string): string => {
    if (!part.startsWith("`")) {
      return opening === "" ? part : emphasised(cyan, part);
    }
    if (opening === "") {
      opening = part;
    } else if (opening === part) {
      opening = "";
    }
    return emphasised(cyan, part);
  };
  return {
    show: (text, isWhole) => {
      const parts = (held + text).split(/(`+)/);
      // What follows the last backticks is empty while more may come.
      held = !isWhole && parts.at(-1) === "" ? (parts.at(-2) ?? "") : "";
      const shown = parts.slice(0, held === "" ? undefined : -2).map(mark);
      if (isWhole) {
        opening = "";
      }
      return shown.join("");
    },
  };
}

function emphasised(emphasise: (text: string) => string, text: string): string {
  return text === "" ? "" : emphasise(text);
}
