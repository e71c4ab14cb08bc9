import type { OpenResponse } from "../http/http.ts";
import { RequestError } from "../http/request-failure.ts";
import { startTimer } from "../http/start-timer.ts";
import type { StreamReader } from "./chat-event.ts";

export type SilenceWatch = {
  /** The server is waited for. */
  readonly begin: () => void;
  /** Something came. */
  readonly note: (reader: Pick<StreamReader, "progress" | "contentCount" | "afterwordMs">) => void;
  readonly end: () => void;
};

type Limits = {
  /** Milliseconds that an answer may pause; 0: no limit. */
  readonly idleTimeoutMs: number;
  /** Milliseconds until an answer begins, for a server that only says that it is alive; 0: no limit. */
  readonly timeoutMs: number;
};

/**
 * Ends an answer that has become silent. What counts is what belongs to the answer: comments and
 * pings are proof of life before it begins, for at most `timeoutMs`, and nothing after that. A
 * complete answer is waited on for its afterword. Whoever reads may take their time: the watch
 * rests while nobody waits for the server, once something came.
 */
export function watchSilence(
  answer: OpenResponse,
  { idleTimeoutMs, timeoutMs }: Limits,
): SilenceWatch {
  let timer: Timer | undefined;
  let limit = idleTimeoutMs;
  let isRunning = false;
  let content = 0;
  let progress = "open";
  let hasSignsOfLife = false;
  const fail = (kind: "silent" | "timeout", message: string): void => {
    answer.abort(new RequestError({ kind, message }));
  };
  let isLate = false;
  const failIfLate = (): void => {
    if (isLate && hasSignsOfLife && content === 0 && progress === "open") {
      fail("timeout", `no answer within ${timeoutMs / 1000} s, though the server is alive`);
    }
  };
  const lateness = startTimer(timeoutMs, () => {
    isLate = true;
    failIfLate();
  });
  const rest = (): void => {
    clearTimeout(timer);
    isRunning = false;
  };
  return {
    begin: () => {
      if (!isRunning) {
        isRunning = true;
        timer = startTimer(limit, () => fail("silent", `nothing came for ${limit / 1000} s`));
      }
    },
    note: (reader) => {
      const isContent = reader.contentCount() !== content || reader.progress() !== progress;
      content = reader.contentCount();
      progress = reader.progress();
      hasSignsOfLife = true;
      if (isContent || content === 0) {
        rest();
      }
      limit =
        progress === "open"
          ? idleTimeoutMs
          : Math.min(idleTimeoutMs || reader.afterwordMs, reader.afterwordMs);
      failIfLate();
    },
    end: () => {
      rest();
      clearTimeout(lateness);
    },
  };
}
