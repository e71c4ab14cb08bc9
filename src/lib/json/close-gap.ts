import type { JsoncStyle } from "./jsonc.ts";

interface Gap extends Pick<JsoncStyle, "lineEnd"> {
  /** Trivia before and after the removed text, and what stays between. */
  readonly before: string;
  readonly after: string;
  readonly comments: readonly string[];
  readonly isLast: boolean;
}

/** Joins what surrounded removed text; a line on which nothing stays goes too. */
export function closeGap({ before, after, comments, isLast, lineEnd }: Gap): string {
  const head = before.replace(/[ \t]+$/, "");
  const rest = after.replace(/^[ \t]+/, "");
  const indent = before.slice(head.length);
  const startsLine = /[\r\n]$/.test(head);
  const endsLine = /^[\r\n]/.test(rest);
  if (comments.length > 0) {
    const newLine = startsLine ? lineEnd + indent : lineEnd;
    const breaks = comments.map((comment) => (comment.startsWith("//") ? newLine : " "));
    const kept = comments.map((comment, index) => `${breaks[index - 1] ?? ""}${comment}`).join("");
    const isOpen = breaks.at(-1) === newLine && !endsLine;
    return before + kept + (isOpen ? newLine + rest : after);
  }
  if (startsLine && endsLine) {
    return head.replace(/\r?\n$|\r$/, "") + rest;
  }
  if (startsLine || endsLine) {
    return head + (startsLine ? indent : "") + rest;
  }
  return head + (isLast ? after.slice(0, after.length - rest.length) : indent) + rest;
}
