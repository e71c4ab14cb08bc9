/**
 * What `bench/broker.ts` compares the broker with, a process of its own: the least that a proxy of
 * Bun does. `bun bench/bare-proxy.ts URL`; prints its port.
 */
const [, , upstream = ""] = process.argv;

const proxy = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  idleTimeout: 0,
  development: false,
  fetch: async ({ method, body, signal }) => {
    const {
      status,
      headers,
      body: answer,
    } = await fetch(upstream, {
      method,
      body: await new Response(body).arrayBuffer(),
      signal,
    });
    const type = headers.get("content-type") ?? "";
    return new Response(answer, { status, headers: { "content-type": type } });
  },
});
process.stdout.write(`${proxy.port}\n`);
