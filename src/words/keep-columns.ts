/** What keeps the cells of a row apart. */
const GAP = /( {2,})/;

/** A line with its cells changed, each of which stays in its column where there is room. */
export function keepColumns(line: string, change: (cell: string) => string): string {
  let shown = "";
  let column = 0;
  for (const [index, part] of line.split(GAP).entries()) {
    if (index % 2 === 1) {
      const missing = column + part.length - Bun.stringWidth(shown);
      shown += " ".repeat(Math.max(2, missing));
    } else {
      shown += change(part);
    }
    column += Bun.stringWidth(part);
  }
  return shown;
}
