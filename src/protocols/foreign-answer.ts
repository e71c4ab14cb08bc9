import { isJsonObject, type JsonObject } from "../lib/json/json-object.ts";
import type { StreamFailure } from "./chat-event.ts";
import type { ServiceEndpoint } from "./service-endpoint.ts";

type Protocol = ServiceEndpoint["protocol"];

/** Whose form an event has; the last two are spoken by services, but not here. */
export type Speaker = Protocol | "responses" | "ollama";

const ANTHROPIC_TYPES = /^(?:message_(?:start|delta|stop)|content_block_(?:start|delta|stop))$/;

/** Whose protocol an event is of, by what no other one has; `undefined`: that cannot be told. */
export function speakerOf(event: JsonObject): Speaker | undefined {
  const { type, choices, candidates, content, object, output, done, message, response } = event;
  if (Array.isArray(choices)) {
    return "openai";
  }
  if (Array.isArray(candidates)) {
    return "gemini";
  }
  const name = typeof type === "string" ? type : "";
  if (ANTHROPIC_TYPES.test(name) || (name === "message" && Array.isArray(content))) {
    return "anthropic";
  }
  if (name.startsWith("response.") || (object === "response" && Array.isArray(output))) {
    return "responses";
  }
  const isOllama = isJsonObject(message) || typeof response === "string";
  return typeof done === "boolean" && isOllama ? "ollama" : undefined;
}

type Advice = Required<Pick<StreamFailure, "says" | "hint">>;

const TOLD: Readonly<Record<Speaker, Advice>> = {
  openai: spoken("OpenAI's", "openai"),
  anthropic: spoken("Anthropic's", "anthropic"),
  gemini: spoken("Gemini's", "gemini"),
  responses: {
    says: "HOST speaks OpenAI's Responses protocol, which is not supported",
    hint: "give a base URL at which `/chat/completions` is answered",
  },
  ollama: {
    says: "HOST speaks Ollama's own protocol, which is not supported",
    hint: "give its OpenAI-compatible base URL, which ends in /v1",
  },
};

function spoken(whose: string, protocol: Protocol): Advice {
  return {
    says: `HOST speaks ${whose} protocol`,
    hint: `set it up again with \`qwen auth api-key --protocol ${protocol}\``,
  };
}

/** An answer without a word in it that is one in another protocol, or `otherwise`. */
export function foreignFailure(
  { speaker, own }: { readonly speaker: Speaker | undefined; readonly own: Protocol },
  otherwise: StreamFailure,
): StreamFailure {
  return speaker === undefined || speaker === own
    ? otherwise
    : { ...otherwise, reason: "not-an-api", ...TOLD[speaker] };
}
