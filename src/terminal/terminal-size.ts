import type { Terminal } from "../runtime.ts";

/** Milliseconds for which a size holds: it is asked for at every word. */
const HOLDS_MS = 1;

/**
 * The size of a terminal now. The signal that tells of another one may come behind a key or a frame
 * of a spinner, which would then be drawn for a screen that is no more. Where the runtime has no
 * function to look, the signal does.
 */
export function sizeOf(open: () => NodeJS.WriteStream): Terminal["size"] {
  let lookedAt = Number.NEGATIVE_INFINITY;
  return () => {
    const stdout = open();
    const now = performance.now();
    const refresh: unknown = Reflect.get(stdout, "_refreshSize");
    if (now - lookedAt >= HOLDS_MS && typeof refresh === "function") {
      lookedAt = now;
      Reflect.apply(refresh, stdout, []);
    }
    return { columns: stdout.columns || 80, rows: stdout.rows || 24 };
  };
}
