import { visibleText } from "../lib/visible-text.ts";
import type { Output, Runtime, Trace } from "../runtime.ts";

type TraceWriter = {
  readonly trace: Trace;
  /** The same stream, on which everything stays in its order. */
  readonly stderr: Output;
  /** Waits until all is written. */
  readonly end: () => Promise<void>;
};

/**
 * What `--debug` tells: lines on stderr, each with the milliseconds since the first.
 */
export function traceTo(stderr: Output, now: Runtime["now"]): TraceWriter {
  const startedAt = now();
  let written = Promise.resolve();
  return {
    trace: (lines) => {
      const stamp = `debug: ${now() - startedAt}ms`;
      const text = lines().map((line) => `${stamp} ${visibleText(line)}\n`);
      written = written.then(() => stderr.write(text.join("")));
    },
    stderr: {
      ...stderr,
      write: (text, of) => {
        written = written.then(() => stderr.write(text, of));
        return written;
      },
    },
    end: () => written,
  };
}
