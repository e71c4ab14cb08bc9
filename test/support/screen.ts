import { Terminal } from "@xterm/headless";

/**
 * What a person sees after a program drew `bytes`: the lines of the screen, trailing blanks and
 * blank lines at the end gone.
 */
export async function renderScreen(
  bytes: string,
  { cols = 100, rows = 30 }: { readonly cols?: number; readonly rows?: number } = {},
): Promise<string> {
  const terminal = new Terminal({ cols, rows, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(bytes, resolve));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: rows }, (_, row) =>
    (active.getLine(active.baseY + row)?.translateToString(true) ?? "").trimEnd(),
  );
  terminal.dispose();
  return lines.join("\n").trimEnd();
}
