import { type Received, type Upstream, upstream } from "./broker-machine.ts";

/** What every tool is told. */
export const WORD = "PONG42";

/** A service that speaks all protocols that tools speak, and says one word. */
export function toolService(): Upstream {
  return upstream(answerFor);
}

/** The same that lists models. */
export function listingService(models: () => readonly string[]): Upstream {
  return upstream((request) =>
    request.method === "GET" && request.path.endsWith("/models")
      ? Response.json({ data: models().map((id) => ({ id })) })
      : answerFor(request),
  );
}

function answerFor({ method, path, body }: Received): Response {
  const [pathname = ""] = path.split("?");
  if (method === "GET") {
    return new Response("no list", { status: 404 });
  }
  const { model, stream } = JSON.parse(body || "{}");
  if (pathname.endsWith("/chat/completions")) {
    return chat(model, stream === true);
  }
  if (pathname.endsWith("/responses")) {
    return responses(model);
  }
  if (pathname.endsWith("/messages")) {
    return messages(model, stream === true);
  }
  if (pathname.endsWith("/count_tokens")) {
    return Response.json({ input_tokens: 5 });
  }
  return pathname.includes("enerateContent")
    ? generated(pathname)
    : new Response("no such path", { status: 404 });
}

function events(...all: readonly object[]): Response {
  const text = all.map((event) => {
    const { type } = event as { type?: string };
    const name = type === undefined ? "" : `event: ${type}\n`;
    return `${name}data: ${JSON.stringify(event)}\n\n`;
  });
  return new Response(text.join(""), { headers: { "content-type": "text/event-stream" } });
}

function chat(model: string, isStream: boolean): Response {
  const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };
  const message = { role: "assistant", content: WORD };
  if (!isStream) {
    const choices = [{ index: 0, message, finish_reason: "stop" }];
    return Response.json({ id: "c", object: "chat.completion", created: 1, model, choices, usage });
  }
  const chunk = { id: "c", object: "chat.completion.chunk", created: 1, model };
  return events(
    { ...chunk, choices: [{ index: 0, delta: message, finish_reason: null }] },
    { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
    { ...chunk, choices: [], usage },
  );
}

function responses(model: string): Response {
  const part = { type: "output_text", text: WORD, annotations: [] };
  const item = {
    id: "m",
    type: "message",
    role: "assistant",
    status: "completed",
    content: [part],
  };
  const response = {
    id: "r",
    object: "response",
    created_at: 1,
    status: "completed",
    model,
    output: [item],
    usage: {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 2,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 12,
    },
  };
  const place = { output_index: 0, item_id: "m", content_index: 0 };
  return events(
    { type: "response.created", response: { ...response, status: "in_progress", output: [] } },
    { type: "response.output_item.added", output_index: 0, item: { ...item, content: [] } },
    { type: "response.output_text.delta", ...place, delta: WORD },
    { type: "response.output_item.done", output_index: 0, item },
    { type: "response.completed", response },
  );
}

function messages(model: string, isStream: boolean): Response {
  const usage = { input_tokens: 10, output_tokens: 1 };
  const message = { id: "m", type: "message", role: "assistant", model, content: [], usage };
  if (!isStream) {
    const content = [{ type: "text", text: WORD }];
    return Response.json({ ...message, content, stop_reason: "end_turn", stop_sequence: null });
  }
  return events(
    { type: "message_start", message: { ...message, stop_reason: null, stop_sequence: null } },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: WORD } },
    { type: "content_block_stop", index: 0 },
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { output_tokens: 2 },
    },
    { type: "message_stop" },
  );
}

function generated(pathname: string): Response {
  const answer = {
    candidates: [
      { content: { role: "model", parts: [{ text: WORD }] }, finishReason: "STOP", index: 0 },
    ],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 2, totalTokenCount: 12 },
  };
  return pathname.includes("stream") ? events(answer) : Response.json(answer);
}
