import type { FailureKind, RequestFailure } from "./request-failure.ts";

const JITTER = 0.25;
/** A longer wait is not waited for: the person is told instead. */
const LONGEST_WAIT_MS = 60_000;

const RETRIED: ReadonlySet<FailureKind> = new Set([
  "dns",
  "refused",
  "reset",
  "cut",
  "ended-early",
  "rate-limited",
  "server-error",
]);

/** How failed tries are repeated, as whoever asks wants it. */
export type RetryOptions = {
  /** Milliseconds before the second try, less some at random; they double from there. */
  readonly firstMs?: number;
  /** Milliseconds before a later try at most. */
  readonly longestMs?: number;
  /** Statuses that are tried again beside the usual ones. */
  readonly statuses?: readonly number[];
};

const USUAL: Required<RetryOptions> = { firstMs: 500, longestMs: 8000, statuses: [] };

type Tries = {
  /** Tries that have failed, this one included. */
  readonly failed: number;
  readonly maxRetries: number;
  readonly retry?: RetryOptions | undefined;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
};

/**
 * How many milliseconds to wait before the next try; `undefined`: there is none
 * (`spec/protocols.md`, "One retry loop"). What the server asks for goes before the backoff, which
 * doubles from 0.5 s to 8 s unless the settings say otherwise, less up to a quarter.
 */
export function nextWait(failure: RequestFailure, tries: Tries): number | undefined {
  const { kind, status, shouldRetry, retryAfterMs } = failure;
  const { failed, maxRetries, random } = tries;
  const retry = { ...USUAL, ...tries.retry };
  const isNamed = status !== undefined && retry.statuses.includes(status);
  if (!(shouldRetry ?? (isNamed || RETRIED.has(kind))) || failed > maxRetries) {
    return undefined;
  }
  if (retryAfterMs !== undefined) {
    return retryAfterMs > LONGEST_WAIT_MS ? undefined : retryAfterMs;
  }
  const backoff = Math.min(retry.firstMs * 2 ** (failed - 1), retry.longestMs);
  return backoff * (1 - JITTER * random());
}

/**
 * Milliseconds that the headers ask to wait: `retry-after-ms`, else `retry-after` as seconds or as
 * a date. Values that are no positive numbers are none.
 */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const milliseconds = positive(headers.get("retry-after-ms"));
  if (milliseconds !== undefined) {
    return milliseconds;
  }
  const text = headers.get("retry-after");
  const seconds = positive(text);
  if (seconds !== undefined) {
    return seconds * 1000;
  }
  const date = text === null || /^[\d.+-]*$/.test(text) ? Number.NaN : Date.parse(text);
  return date > now ? date - now : undefined;
}

function positive(text: string | null): number | undefined {
  const value = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
