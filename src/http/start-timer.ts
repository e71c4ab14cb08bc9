import { RequestError } from "./request-failure.ts";

/** Milliseconds; a timer takes what is longer for at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Does `work` with a signal that ends it after so many milliseconds; 0: never.
 * @throws RequestError `timeout`, and whatever `work` or an abort of `outer` throws
 */
export async function withDeadline<Value>(
  milliseconds: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const controller = new AbortController();
  const message = `no answer within ${milliseconds / 1000} s`;
  const timer = startTimer(milliseconds, () =>
    controller.abort(new RequestError({ kind: "timeout", message })),
  );
  const signals = [controller.signal, ...(outer === undefined ? [] : [outer])];
  try {
    return await work(AbortSignal.any(signals));
  } finally {
    clearTimeout(timer);
  }
}

/** Calls `action` after so many milliseconds; 0: never. End it with `clearTimeout`. */
export function startTimer(milliseconds: number, action: () => void): Timer | undefined {
  return milliseconds === 0 ? undefined : setTimeout(action, Math.min(milliseconds, LONGEST));
}
