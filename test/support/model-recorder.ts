import { OPENAI } from "./model-answers.ts";
import { serveLoopback } from "./tls-server.ts";

/** A model over the OpenAI protocol that remembers everything that it is sent. */
export function modelRecorder(): { readonly received: readonly string[]; readonly url: string } {
  const received: string[] = [];
  const server = serveLoopback(async (request) => {
    received.push(`${request.url} ${JSON.stringify([...request.headers])} ${await request.text()}`);
    const headers = { "content-type": "text/event-stream" };
    return new Response(OPENAI.text("hi") + OPENAI.finish, { headers });
  });
  return { received, url: `http://127.0.0.1:${server.port}/v1` };
}
