/**
 * A line as it stands on further rows, at most `most` of them and none wider than the screen: for
 * what is taken away again, whose rows must be known. Emphasis ends and begins with each row.
 */
export function rowsOf(line: string, columns: number, most: number): readonly string[] {
  if (Bun.stringWidth(line) <= columns) {
    return [line];
  }
  const rows = Bun.wrapAnsi(line, columns, { hard: true }).split("\n");
  if (rows.length <= most) {
    return rows;
  }
  const shown = rows.slice(0, Math.max(1, most));
  const last = shown.pop() ?? "";
  return [...shown, `${Bun.sliceAnsi(last, 0, columns - 1)}…`];
}
