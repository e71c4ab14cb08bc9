import type { Paint } from "../../terminal/flow.ts";
import type { Style } from "../../terminal/style.ts";
import type { Span } from "./read-inline.ts";

/** How answers are emphasised. */
export type Painter = {
  /** The same function for parts that look alike, upon what lies below them. */
  readonly of: (span: Pick<Span, "marks" | "href">, base: Paint) => Paint;
};

/** Where a link of an answer may lead when it is clicked: no program is started by one. */
const SAFE_LINK = /^(?:https?:\/\/|mailto:)/i;

/** @param links whether the terminal opens links (OSC 8) */
export function createPainter(style: Style, links: boolean): Painter {
  const made = new Map<Paint, Map<string, Paint>>();
  const make = ({ marks, href }: Pick<Span, "marks" | "href">, base: Paint): Paint => {
    const emphasised = marks.reduce<Paint>((inner, mark) => {
      const paint = mark === "code" ? style.cyan : style[mark];
      return (text) => paint(inner(text));
    }, base);
    return links && href !== undefined && SAFE_LINK.test(href)
      ? (text) => `\u001b]8;;${encodeURI(href)}\u001b\\${emphasised(text)}\u001b]8;;\u001b\\`
      : emphasised;
  };
  return {
    of: (span, base) => {
      if (span.marks.length === 0 && (span.href === undefined || !links)) {
        return base;
      }
      const known = made.get(base) ?? new Map<string, Paint>();
      made.set(base, known);
      const name = `${span.marks.join()} ${links ? (span.href ?? "") : ""}`;
      const paint = known.get(name) ?? make(span, base);
      if (span.href === undefined) {
        known.set(name, paint);
      }
      return paint;
    },
  };
}

/** Whether a terminal is known to open links that are written with OSC 8; others show them as text. */
export function opensLinks(env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.TMUX !== undefined || /^(?:screen|tmux|dumb)/.test(env.TERM ?? "dumb")) {
    return false;
  }
  return (
    ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby"].includes(
      env.TERM_PROGRAM ?? "",
    ) ||
    /^(?:xterm-kitty|xterm-ghostty|alacritty|foot)/.test(env.TERM ?? "") ||
    env.WT_SESSION !== undefined ||
    env.KONSOLE_VERSION !== undefined ||
    Number(env.VTE_VERSION ?? 0) >= 5000
  );
}
