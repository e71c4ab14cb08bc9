import { type IBufferCell, Terminal } from "@xterm/headless";

const CELL = { width: 8.4, height: 18 } as const;
const MARGIN = 12;

/** The sixteen colours of a terminal, as far as they are used. */
const COLORS: Readonly<Record<number, string>> = {
  1: "#cf222e",
  2: "#1a7f37",
  3: "#9a6700",
  6: "#0b7285",
};

/** A picture of what a terminal of so many columns shows of these bytes. */
export async function drawSvg(
  bytes: string,
  { cols, title }: { readonly cols: number; readonly title: string },
): Promise<string> {
  const terminal = new Terminal({ cols, rows: 60, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(bytes, resolve));
  const { active } = terminal.buffer;
  const rows = Array.from({ length: terminal.rows }, (_, row) => spansOf(active, row, cols));
  const used = rows.findLastIndex((spans) => spans.length > 0) + 1;
  const width = Math.ceil(cols * CELL.width + 2 * MARGIN);
  const height = used * CELL.height + 2 * MARGIN;
  const lines = rows.slice(0, used).flatMap((spans, row) => {
    const y = MARGIN + (row + 0.75) * CELL.height;
    return spans.map(({ column, text, style }) => {
      const x = (MARGIN + column * CELL.width).toFixed(1);
      return `<text x="${x}" y="${y}"${style}>${escaped(text)}</text>`;
    });
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="ui-monospace, monospace" font-size="14" fill="#1f2328" xml:space="preserve">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#f6f8fa"/>`,
    ...lines,
    "</svg>\n",
  ].join("\n");
}

type Span = { readonly column: number; readonly text: string; readonly style: string };

/** Neighbours that look alike, a word at a time: blanks are gaps. */
function spansOf(buffer: Terminal["buffer"]["active"], row: number, cols: number): Span[] {
  const spans: { column: number; text: string; style: string }[] = [];
  let isOpen = false;
  for (let column = 0; column < cols; column += 1) {
    const cell = buffer.getLine(buffer.baseY + row)?.getCell(column);
    const text = cell?.getChars() ?? "";
    if (cell === undefined || cell.getWidth() === 0) {
      continue;
    }
    if (text.trim() === "") {
      isOpen = false;
      continue;
    }
    const style = styleOf(cell);
    const last = spans.at(-1);
    if (isOpen && last?.style === style) {
      last.text += text;
    } else {
      spans.push({ column, text, style });
    }
    isOpen = true;
  }
  return spans;
}

function styleOf(cell: IBufferCell): string {
  const color = cell.isFgPalette() ? COLORS[cell.getFgColor()] : undefined;
  return [
    color === undefined ? "" : ` fill="${color}"`,
    cell.isBold() === 0 ? "" : ' font-weight="bold"',
    cell.isItalic() === 0 ? "" : ' font-style="italic"',
    cell.isDim() === 0 ? "" : ' opacity="0.6"',
  ].join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
