import type { ServiceEndpoint } from "../../src/protocols/service-endpoint.ts";

/** How a server of each protocol says things in a stream. */
type Speech = {
  readonly protocol: ServiceEndpoint["protocol"];
  /** What stands behind the origin in a base URL. */
  readonly basePath: string;
  readonly chatPath: string;
  readonly text: (piece: string) => string;
  /** The end of a good answer. */
  readonly finish: string;
  /** A server that has too much to do, told inside a stream. */
  readonly overloaded: string;
  /** The body with which a key is refused. */
  readonly rejected: readonly [status: number, body: object];
};

export const OPENAI: Speech = {
  protocol: "openai",
  basePath: "/v1",
  chatPath: "/v1/chat/completions",
  text: (content) => sse({ choices: [{ index: 0, delta: { content } }] }),
  finish:
    sse({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }) +
    sse({ choices: [], usage: { prompt_tokens: 5, completion_tokens: 2 } }) +
    sse("[DONE]"),
  overloaded: sse({ error: { message: "Overloaded", code: 503 } }),
  rejected: [401, { error: { message: "Incorrect API key", code: "invalid_api_key" } }],
};

export const ANTHROPIC: Speech = {
  protocol: "anthropic",
  basePath: "",
  chatPath: "/v1/messages",
  text: (text) => {
    const delta = { type: "text_delta", text };
    return `event: content_block_delta\n${sse({ type: "content_block_delta", index: 0, delta })}`;
  },
  finish:
    sse({ type: "message_start", message: { usage: { input_tokens: 5 } } }) +
    sse({
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
      usage: { output_tokens: 2 },
    }) +
    sse({ type: "message_stop" }),
  overloaded: sse({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }),
  rejected: [
    401,
    { type: "error", error: { type: "authentication_error", message: "invalid x-api-key" } },
  ],
};

export const GEMINI: Speech = {
  protocol: "gemini",
  basePath: "",
  chatPath: "/v1beta/models/m:streamGenerateContent?alt=sse",
  text: (text) => sse({ candidates: [{ content: { role: "model", parts: [{ text }] } }] }),
  finish: sse({
    candidates: [{ content: { role: "model", parts: [] }, finishReason: "STOP" }],
    usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2 },
  }),
  overloaded: sse({ error: { code: 503, message: "Overloaded", status: "UNAVAILABLE" } }),
  rejected: [
    400,
    {
      error: {
        code: 400,
        message: "API key not valid",
        status: "INVALID_ARGUMENT",
        details: [{ reason: "API_KEY_INVALID" }],
      },
    },
  ],
};

export const SPEECHES: readonly Speech[] = [OPENAI, ANTHROPIC, GEMINI];

/** One event of a stream. */
export function sse(data: string | object): string {
  return `data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`;
}
