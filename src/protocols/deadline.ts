import { RequestError } from "./request-failure.ts";

/** Aborts after so many milliseconds, however many requests are made; end it with `clear`. */
export function deadline(milliseconds: number): {
  readonly signal: AbortSignal;
  readonly clear: () => void;
} {
  const controller = new AbortController();
  const message = `no answer within ${milliseconds / 1000} s`;
  const timer = setTimeout(
    () => controller.abort(new RequestError({ kind: "timeout", message })),
    milliseconds,
  );
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
