import type { JsonObject } from "../../lib/json/json-object.ts";
import type { ChatRequest } from "../chat-request.ts";
import { reasoningFields } from "./reasoning.ts";

/**
 * The body of a streamed chat completion (`spec/protocols.md`): `samplingParams` verbatim,
 * `extra_body` last and over everything but thinking that is switched off.
 * @param baseUrl of whoever is asked: how to think is said to each in its own words
 */
export function toOpenaiRequest(request: ChatRequest, baseUrl: string): JsonObject {
  const { model, system, messages, samplingParams, extraBody } = request;
  const { on, off } = reasoningFields(request, baseUrl);
  return {
    model,
    messages: [
      ...(system === undefined ? [] : [{ role: "system", content: system }]),
      ...messages.map(({ role, text }) => ({ role, content: text })),
    ],
    stream: true,
    ...(request.withoutUsage === true ? {} : { stream_options: { include_usage: true } }),
    ...on,
    ...samplingParams,
    ...extraBody,
    ...off,
  };
}
