import { withoutSent } from "../http/hide-sent.ts";
import type { Http, OpenResponse } from "../http/http.ts";
import { readBeginning } from "../http/read-body.ts";
import { RequestError } from "../http/request-failure.ts";
import type { FailureRow } from "./failures/failure-row.ts";

/** Enough of an error's body to know what it says. */
const BEGINNING = { maxBytes: 64 * 1024, timeoutMs: 5000 };

/**
 * @param rows those of the service
 * @throws RequestError when the answer is no success; what the caller aborted the request with
 */
export async function checkAnswer(
  answer: OpenResponse,
  { now }: Pick<Http, "now">,
  rows?: readonly FailureRow[],
): Promise<void> {
  const { status, headers, ok } = answer.response;
  if (!ok) {
    const body = await readBeginning(answer, BEGINNING);
    answer.caller?.throwIfAborted();
    const { answerFailure } = await import("./failures/answer-failure.ts");
    const failure = answerFailure({ status, headers, body, now: now(), rows });
    const isByProxy = status >= 500 || status === 403;
    const via = answer.via !== undefined && isByProxy ? { via: answer.via } : {};
    throw new RequestError(withoutSent({ ...failure, ...via }, answer.hideSent));
  }
}
