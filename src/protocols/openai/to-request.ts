import type { JsonObject } from "../../lib/json-object.ts";
import type { ChatRequest } from "../chat-request.ts";

/**
 * The body of a streamed chat completion (`spec/protocols.md`): `samplingParams` verbatim,
 * `extra_body` last and over everything.
 */
export function toOpenaiRequest(request: ChatRequest): JsonObject {
  const { model, system, messages, samplingParams, extraBody, effort } = request;
  return {
    model,
    messages: [
      ...(system === undefined ? [] : [{ role: "system", content: system }]),
      ...messages.map(({ role, text }) => ({ role, content: text })),
    ],
    stream: true,
    stream_options: { include_usage: true },
    ...(effort === undefined ? {} : { reasoning: { effort } }),
    ...samplingParams,
    ...extraBody,
  };
}
