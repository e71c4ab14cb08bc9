import type { Output } from "../../runtime.ts";

/** Writes rows that scripts read, too: exactly to a pipe, wrapped for whoever looks at a screen. */
export async function writeRows(stdout: Output, rows: string): Promise<void> {
  await ((await stdout.isTerminal()) ? stdout.write(rows) : stdout.writeExact(rows));
}
