import type { Env } from "../../runtime.ts";
import { PLAIN, type Style } from "../../terminal/style.ts";
import type { MarkdownRenderer } from "../markdown/render-markdown.ts";

export type RendererOptions = {
  readonly env: Env;
  readonly style: Style;
  /** Cells of a row, now. */
  readonly width: () => number;
};

/**
 * A renderer for one answer. Its parser is loaded only where an answer goes to a terminal; who calls
 * this when the question is sent has it before the answer begins.
 */
export async function openRenderer({
  env,
  style,
  width,
}: RendererOptions): Promise<MarkdownRenderer> {
  const [{ createMarkdownRenderer }, { opensLinks }] = await Promise.all([
    import("../markdown/render-markdown.ts"),
    import("../markdown/paint.ts"),
  ]);
  return createMarkdownRenderer({ style, width, links: style !== PLAIN && opensLinks(env) });
}
