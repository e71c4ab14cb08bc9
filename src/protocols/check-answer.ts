import { answerFailure } from "./answer-failure.ts";
import type { Answer, Http } from "./http.ts";
import { readText } from "./read-body.ts";
import { RequestError } from "./request-failure.ts";

/** Bytes: enough of an error's body to know what it says. */
const LONGEST_ERROR = 64 * 1024;
const ERROR_TIMEOUT_MS = 5000;

/** @throws RequestError when the answer is no success */
export async function checkAnswer(answer: Answer, { now }: Pick<Http, "now">): Promise<void> {
  const { status, headers, ok } = answer.response;
  if (!ok) {
    const limits = { maxBytes: LONGEST_ERROR, idleTimeoutMs: ERROR_TIMEOUT_MS };
    const body = await readText(answer, { ...limits, longer: "cut" }).catch(() => "");
    throw new RequestError(answerFailure({ status, headers, body, now: now() }));
  }
}
