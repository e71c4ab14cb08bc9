import type { Captured, CaptureOptions } from "../runtime.ts";
import { describeSystemError, succeeds } from "./system-error.ts";

type Machine = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `process.kill`; a negative number is a process group. */
  readonly kill: (pid: number, signal: "SIGKILL") => unknown;
};

/** A program that has ended may have left another one that holds its output open. */
const LAST_WORDS_MS = 500;

/**
 * Runs a program to its end, without a shell and without input, and takes what it prints. It has a
 * process group of its own, so that nothing of it stays when its time is over. `env` goes before the rest of
 * the environment.
 */
export async function captureProgram(
  { env, kill }: Machine,
  argv: readonly string[],
  { cwd, timeoutMs, maxBytes, env: other }: CaptureOptions,
): Promise<Captured> {
  let child: Bun.Subprocess<"ignore", "pipe", "pipe">;
  try {
    child = Bun.spawn([...argv], {
      cwd,
      env: { ...env, ...other },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      detached: true,
    });
  } catch (error) {
    return { kind: "not-started", reason: describeSystemError(error) };
  }
  const [stdout, stderr] = [collect(child.stdout, maxBytes), collect(child.stderr, maxBytes)];
  const timer = deadline(timeoutMs);
  const ended = async (): Promise<"ended"> => {
    await child.exited;
    const lastWords = deadline(LAST_WORDS_MS);
    await Promise.race([Promise.all([stdout.ended, stderr.ended]), lastWords.over]);
    lastWords.stop();
    return "ended";
  };
  const outcome = await Promise.race([
    ended(),
    timer.over.then(() => "timeout" as const),
    stdout.overflow.then(() => "too-much" as const),
  ]);
  timer.stop();
  const texts = { stdout: stdout.text(), stderr: stderr.text() };
  await Promise.all([stdout.stop(), stderr.stop()]);
  if (outcome !== "ended") {
    // Where there are no groups only the program itself can be ended.
    if (!succeeds(["ESRCH", "EINVAL"], () => kill(-child.pid, "SIGKILL"))) {
      child.kill("SIGKILL");
    }
    return { kind: outcome };
  }
  return {
    kind: "ended",
    exitCode: child.signalCode ? undefined : (child.exitCode ?? undefined),
    ...texts,
  };
}

/** Reads a stream to its end, and keeps no more than `maxBytes` of it. */
function collect(stream: ReadableStream<Uint8Array>, maxBytes: number) {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  const overflow = Promise.withResolvers<void>();
  let length = 0;
  const read = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      length += value.length;
      if (length > maxBytes) {
        overflow.resolve();
      } else {
        chunks.push(value);
      }
    }
  };
  return {
    ended: read().catch(() => undefined),
    overflow: overflow.promise,
    text: () => new TextDecoder().decode(Buffer.concat(chunks)),
    stop: () => reader.cancel().catch(() => undefined),
  };
}

function deadline(milliseconds: number) {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, milliseconds);
  return { over: over.promise, stop: () => clearTimeout(timer) };
}
