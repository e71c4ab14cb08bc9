import { afterAll, describe, expect, test } from "bun:test";
import { createServer, type Socket } from "node:net";
import { rawServer } from "./raw-server.ts";
import { certificate, told } from "./told.ts";

/** A server that says `greeting` when it is spoken to, listens `times` times, and never hangs up. */
async function listener(greeting = "", times = 1) {
  const accepted = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<string>();
  const server = createServer((socket: Socket) => {
    let heard = 0;
    socket.on("data", () => {
      heard += 1;
      socket.write(heard === 1 ? greeting : "");
      if (heard === times) {
        accepted.resolve();
      }
    });
    socket.on("error", () => closed.resolve("closed"));
    socket.on("close", () => closed.resolve("closed"));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  afterAll(() => {
    server.close();
  });
  const address = server.address();
  const host = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  return { host, accepted: accepted.promise, closed: closed.promise };
}

describe("fetchStream() hangs up on whoever", () => {
  type Case = readonly [name: string, url: string, proxy: string | undefined];
  const cases: readonly Case[] = [
    ["takes the request and says nothing", "http://HOST/", undefined],
    ["never finishes the handshake", "https://HOST/", undefined],
    ["is a proxy and opens no tunnel", "https://host.invalid/", "http://HOST"],
    ["is a proxy and never finishes its handshake", "http://host.invalid/", "https://HOST"],
    ["is a proxy before a tunnel and never finishes it", "https://host.invalid/", "https://HOST"],
  ];
  test.each(cases)("%s, once it is given up", async (_name, url, proxy) => {
    const { host, accepted, closed } = await listener();
    const controller = new AbortController();
    const asked = told(url.replace("HOST", host), {
      signal: controller.signal,
      ...(proxy === undefined ? {} : { proxy: proxy.replace("HOST", host) }),
    });
    await accepted;
    const reason = new Error("left");
    controller.abort(reason);
    expect(await asked).toEqual({ text: "", code: reason });
    expect(await closed).toBe("closed");
  });

  test("opens a tunnel to nobody, once it is given up", async () => {
    const { host, accepted, closed } = await listener("HTTP/1.1 200 Established\r\n\r\n", 2);
    const controller = new AbortController();
    const { signal } = controller;
    const asked = told("https://host.invalid/", { signal, proxy: `http://${host}` });
    await accepted;
    controller.abort(new Error("left"));
    await asked;
    expect(await closed).toBe("closed");
  });

  test.each(["220 mail.example ESMTP\r\n", "HTTP/1.1 403 No\r\n\r\n"])(
    "is a proxy and answers %j",
    async (greeting) => {
      const { host, closed } = await listener(greeting);
      const ran = await told("https://host.invalid/", { proxy: `http://${host}` });
      expect(ran).toEqual({ text: "", code: "ERR_PROXY_TUNNEL" });
      expect(await closed).toBe("closed");
    },
  );
});

describe("fetchStream() fails where a proxy that speaks TLS", () => {
  const established = "HTTP/1.1 200 Established\r\n\r\n";
  const cases: readonly (readonly [string, (socket: Socket) => void])[] = [
    ["closes instead of answering", (socket) => socket.end()],
    ["resets instead of answering", (socket) => socket.destroy()],
    ["closes inside the handshake", (socket) => socket.end(established)],
    ["resets inside the handshake", (socket) => socket.write(established, () => socket.destroy())],
    ["opens a tunnel to no TLS", (socket) => socket.end(`${established}220 mail\r\n`)],
  ];
  test.each(cases)("%s", async (_name, reply) => {
    const { origin } = await rawServer(reply, certificate);
    const { text, code } = await told("https://host.invalid/", { proxy: origin });
    expect({ text, code }).toEqual({ text: "", code: expect.stringMatching(/^E[A-Z_]+$/) });
  });

  test("is no proxy at all", async () => {
    const { host } = await listener("220 mail.example ESMTP\r\n");
    const { text, code } = await told("https://host.invalid/", { proxy: `https://${host}` });
    expect({ text, code }).toEqual({ text: "", code: expect.stringMatching(/^E/) });
  });
});
