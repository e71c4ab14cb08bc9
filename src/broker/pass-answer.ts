import type { OpenResponse } from "../http/http.ts";
import { releasePiece } from "../http/release-piece.ts";
import { RequestError } from "../http/request-failure.ts";
import { startTimer } from "../http/start-timer.ts";
import { createUsageCounter } from "./accounting/count-usage.ts";
import type { TokenUsage } from "./accounting/usage-fields.ts";
import { answerHeadersFor } from "./header-rules.ts";

/** How a body went by. */
export type Passage = {
  readonly outcome: "ok" | "client-abort" | "upstream-cut";
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly firstByteAt: number | undefined;
  readonly usage: TokenUsage | undefined;
};

type Options = {
  /** Milliseconds that the service may be silent in the middle; 0: no limit. */
  readonly idleTimeoutMs: number;
  readonly now: () => number;
  /** What of the request no tool may read in a header. */
  readonly secrets: readonly string[];
  /** The answer was asked for with `isStream`: the memory of its pieces may be given back. */
  readonly isStream: boolean;
  /** Called once, at the end of whatever kind. */
  readonly onEnd: (passed: Passage) => void;
};

/**
 * An answer of the service as the tool gets it: the same bytes, in the same pieces, a copy of them
 * counted. One that is cut is cut for the tool as well, never ended in good order: half an answer
 * must not look whole.
 */
export function passAnswer(answer: OpenResponse, options: Options): Response {
  const { response } = answer;
  const { status } = response;
  const headers = answerHeadersFor(response.headers, options.secrets);
  const reader = response.body?.getReader();
  if (reader === undefined) {
    options.onEnd({ outcome: "ok", bytes: 0, firstByteAt: undefined, usage: undefined });
    return new Response(null, { status, headers });
  }
  const counter = createUsageCounter(response.headers);
  const silence = new RequestError({
    kind: "silent",
    message: `nothing came for ${options.idleTimeoutMs / 1000} s`,
  });
  let isAsking = false;
  // One for all pieces: making and ending one for each takes longer than to hand a piece on.
  const timer = startTimer(options.idleTimeoutMs, () => {
    if (isAsking) {
      answer.abort(silence);
    }
  });
  let bytes = 0;
  let firstByteAt: number | undefined;
  let isOver = false;
  /** Handed on, and not looked at yet: what the tool waits for goes first. */
  let passed: Uint8Array | undefined;
  const count = (): void => {
    if (passed !== undefined) {
      counter.push(passed);
    }
  };
  const finish = (outcome: Passage["outcome"]): void => {
    if (!isOver) {
      isOver = true;
      clearTimeout(timer);
      count();
      void counter.end().then((usage) => options.onEnd({ outcome, bytes, firstByteAt, usage }));
    }
  };
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        // It was written before another one is asked for.
        count();
        if (passed !== undefined && options.isStream) {
          releasePiece(passed);
        }
        passed = undefined;
        // Whoever reads may take their time: only the service is timed.
        isAsking = true;
        timer?.refresh();
        try {
          const { done, value } = await reader.read();
          if (done) {
            finish("ok");
            controller.close();
            return;
          }
          firstByteAt ??= options.now();
          bytes += value.length;
          controller.enqueue(value);
          passed = value;
        } catch (error) {
          finish(answer.caller?.aborted === true ? "client-abort" : "upstream-cut");
          throw error;
        } finally {
          isAsking = false;
        }
      },
      cancel: (reason) => {
        finish("client-abort");
        answer.abort(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status, headers });
}
