import type { Output } from "../runtime.ts";

type Options = {
  /** What goes on, shown with an ellipsis. */
  readonly text: string;
  readonly quiet: boolean;
};

/** Text that takes one row however narrow the terminal is, so that one row is taken away again. */
export function oneRow(text: string): string {
  return `\r\u001b[?7l${text}\u001b[?7h`;
}

/** Says on a terminal what is being waited for, and takes it away again. Elsewhere says nothing. */
export async function withProgress<Value>(
  stderr: Output,
  { text, quiet }: Options,
  work: () => Promise<Value>,
): Promise<Value> {
  const isShown = !quiet && (await stderr.isTerminal());
  if (!isShown) {
    return work();
  }
  await stderr.write(oneRow(`${text} …`));
  try {
    return await work();
  } finally {
    await stderr.write("\r\u001b[2K");
  }
}
