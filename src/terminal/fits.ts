/** Whether a line has room in so many columns; stands alone, as the hot path asks it. */
export function fits(line: string, columns: number): boolean {
  return Bun.stringWidth(line) <= columns;
}
