/** A model server on loopback that answers `pong`, and the keys that it was asked with. */
export function pongServer() {
  const asked: (string | null)[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: ({ headers }) => {
      asked.push(headers.get("authorization"));
      const chunk = { choices: [{ index: 0, delta: { content: "pong" }, finish_reason: "stop" }] };
      return new Response(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`, {
        headers: { "content-type": "text/event-stream" },
      });
    },
  });
  return { url: `${server.url}v1`, asked, [Symbol.dispose]: () => server.stop(true) };
}
