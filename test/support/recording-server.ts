import { ANTHROPIC, GEMINI, OPENAI } from "./model-answers.ts";
import { type Certificate, serveLoopback } from "./tls-server.ts";

export type Recording = {
  /** Host and port. */
  readonly host: string;
  readonly origin: string;
  /** `POST http://… [headers] body` of every request, in their order. */
  readonly received: readonly string[];
};

/** Remembers all that it is sent, and answers like a model of any protocol. */
export function recordingServer(certificate?: Certificate): Recording {
  const received: string[] = [];
  const server = serveLoopback(async (request) => {
    const headers = JSON.stringify([...request.headers]);
    received.push(`${request.method} ${request.url} ${headers} ${await request.text()}`);
    if (request.method === "GET") {
      return Response.json({ data: [{ id: "m" }], models: [] });
    }
    const { text, finish } = speechAt(request.url);
    return new Response(text("hi") + finish, { headers: { "content-type": "text/event-stream" } });
  }, certificate);
  const host = `127.0.0.1:${server.port}`;
  return { host, origin: `${certificate === undefined ? "http" : "https"}://${host}`, received };
}

function speechAt(url: string) {
  if (url.includes(":streamGenerateContent")) {
    return GEMINI;
  }
  return url.includes("/messages") ? ANTHROPIC : OPENAI;
}
