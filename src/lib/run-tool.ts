import { closeSync, openSync, readSync } from "node:fs";
import type { ToolEnd, ToolStart } from "../processes.ts";
import { systemErrorCode } from "./system-error.ts";

/** What of this process a child needs that shares its terminal. */
type Process = {
  readonly on: (signal: NodeJS.Signals, action: () => void) => unknown;
  readonly off: (signal: NodeJS.Signals, action: () => void) => unknown;
};

/** The terminal sends these to everybody who stands on it, also to the tool. */
const SHARED: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];
/** These come to us alone. */
const HANDED_ON: readonly NodeJS.Signals[] = ["SIGTERM", "SIGHUP"];

/** Whoever asks for the end twice within so long means it. */
const IMPATIENCE_MS = 5000;
/** How long a tool may take over its end. */
const PATIENCE_MS = 10_000;

function start(argv: readonly string[], env: ToolStart["env"]): Bun.Subprocess {
  const spawn = (words: readonly string[]): Bun.Subprocess =>
    Bun.spawn([...words], { env: { ...env }, stdio: ["inherit", "inherit", "inherit"] });
  try {
    return spawn(argv);
  } catch (error) {
    // A script that does not say what reads it: shells, `env` and `nice` give it to `sh`.
    const [file] = argv;
    if (systemErrorCode(error) !== "ENOEXEC" || file === undefined || !isText(file)) {
      throw error;
    }
    return spawn(["/bin/sh", ...argv]);
  }
}

/** As shells tell a script from a program of another machine: by the bytes that it begins with. */
function isText(file: string): boolean {
  const descriptor = openSync(file, "r");
  try {
    const bytes = new Uint8Array(256);
    return !bytes.subarray(0, readSync(descriptor, bytes)).includes(0);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Runs a program with our terminal and waits for its end (`spec/broker.md` §4). Our own handlers
 * stand before it starts: without one, Ctrl+C would end us at once, and the shell would take the
 * terminal back while the tool still writes to it. Ctrl+Z needs nothing: it stops both.
 */
export async function runTool(self: Process, { argv, env }: ToolStart): Promise<ToolEnd> {
  const ignore = (): void => undefined;
  const passers: [NodeJS.Signals, () => void][] = [];
  let child: Bun.Subprocess | undefined;
  let askedAt: number | undefined;
  let timer: Timer | undefined;
  for (const signal of HANDED_ON) {
    passers.push([
      signal,
      () => {
        const isImpatient = askedAt !== undefined && performance.now() - askedAt < IMPATIENCE_MS;
        askedAt = performance.now();
        child?.kill(isImpatient ? "SIGKILL" : signal);
        timer ??= setTimeout(() => child?.kill("SIGKILL"), PATIENCE_MS);
      },
    ]);
  }
  const handlers = [...SHARED.map((signal) => [signal, ignore] as const), ...passers];
  for (const [signal, action] of handlers) {
    self.on(signal, action);
  }
  try {
    child = start(argv, env);
    const code = await child.exited;
    // The end of the child may be seen before a handler has run: only the child itself knows.
    const { signalCode } = child;
    return typeof signalCode === "string"
      ? { kind: "signalled", signal: signalCode }
      : { kind: "exited", code };
  } catch (error) {
    return { kind: "not-started", code: systemErrorCode(error) ?? "" };
  } finally {
    clearTimeout(timer);
    for (const [signal, action] of handlers) {
      self.off(signal, action);
    }
  }
}
