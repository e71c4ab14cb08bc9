import type { Style } from "../terminal/style.ts";

export type MarkdownStream = {
  /** What to show of the next piece; the beginning of a line waits until it is clear what it is. */
  readonly push: (piece: string) => string;
  /** What still waited. */
  readonly end: () => string;
};

type LineKind = "text" | "heading" | "fence" | "code";

/** Beginnings of a line that may still become something else. */
const UNDECIDED = /^ {0,3}(?:`{1,2}|~{1,2}|#{1,6}|[-*+])?$/;
const FENCE = /^ {0,3}(?:`{3,}|~{3,})/;
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
  let isInFence = false;
  let isInCode = false;

  const show = (text: string): string => {
    switch (kind) {
      case "heading":
        return style.bold(text);
      case "fence":
        return style.dim(text);
      case "code":
        return style.cyan(text);
      default:
        return inline(text);
    }
  };
  /** Text between backticks, which stay. */
  const inline = (text: string): string => {
    const parts = text.split(/(`+)/);
    return parts
      .map((part) => {
        const isMarker = part.startsWith("`");
        const shown = isMarker || isInCode ? emphasised(part) : part;
        isInCode = isMarker ? !isInCode : isInCode;
        return shown;
      })
      .join("");
  };
  const emphasised = (text: string): string => (text === "" ? "" : style.cyan(text));
  const begin = (isWhole: boolean): string => {
    if (!isWhole && isUndecided(held, isInFence)) {
      return "";
    }
    kind = kindOf(held, isInFence);
    isInFence = kind === "fence" ? !isInFence : isInFence;
    const text = kind === "text" ? held.replace(BULLET, "$1• ") : held;
    held = "";
    return text === "" ? "" : show(text);
  };
  const part = (text: string, isWhole: boolean): string => {
    if (kind !== undefined) {
      return text === "" ? "" : show(text);
    }
    held += text;
    return begin(isWhole);
  };
  return {
    push: (piece) => {
      const [first = "", ...others] = piece.split("\n");
      let shown = part(first, others.length > 0);
      for (const [index, line] of others.entries()) {
        kind = undefined;
        isInCode = false;
        shown += `\n${part(line, index < others.length - 1)}`;
      }
      return shown;
    },
    end: () => begin(true),
  };
}

function isUndecided(line: string, isInFence: boolean): boolean {
  return isInFence ? /^ {0,3}(?:`{1,2}|~{1,2})?$/.test(line) : UNDECIDED.test(line);
}

function kindOf(line: string, isInFence: boolean): LineKind {
  if (FENCE.test(line)) {
    return "fence";
  }
  if (isInFence) {
    return "code";
  }
  return HEADING.test(line) ? "heading" : "text";
}
