/** A program that takes our place on the terminal for a while. */
export type ToolStart = {
  readonly argv: readonly string[];
  /** All of it: nothing is added. */
  readonly env: Readonly<Record<string, string | undefined>>;
};

export type ToolEnd =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "signalled"; readonly signal: NodeJS.Signals }
  /** The system's code: `ENOENT`, `EACCES`. */
  | { readonly kind: "not-started"; readonly code: string };

/** What `auth run` and `auth serve` do with this process, beside listening. */
export type Processes = {
  /** Runs a program with our terminal and streams to its end; signals are the program's. */
  readonly runTool: (start: ToolStart) => Promise<ToolEnd>;
  /**
   * Ends this process by a signal, as a program ended that it stood for; one that does not end us
   * becomes the exit status that shells have for it.
   */
  readonly endBy: (signal: NodeJS.Signals) => Promise<number>;
  /** Waits for SIGINT, SIGTERM or SIGHUP. */
  readonly untilStopped: () => Promise<NodeJS.Signals>;
  /** Closes this process to others of the same user, where the system can. */
  readonly makePrivate: () => Promise<void>;
  /** The path of this program. */
  readonly executable: string;
};
