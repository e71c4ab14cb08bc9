import { describe, expect, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { selfSigned } from "../support/tls-server.ts";
import { rawServer } from "./raw-server.ts";
import { certificate, HEAD, told, trusting } from "./told.ts";

const overPlain = await rawServer((socket) => socket.end(`${HEAD}\r\nHello`));
const overTls = await rawServer((socket) => socket.end(`${HEAD}\r\nHello`), certificate);
const forward = (socket: Socket, head: string): void => {
  if (!head.includes(`Basic ${Buffer.from("me:pass").toString("base64")}`)) {
    socket.end("HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n");
  } else if (head.startsWith("CONNECT ")) {
    const upstream = connect(Number(new URL(overTls.origin).port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Established\r\n\r\n");
      socket.pipe(upstream).pipe(socket);
    });
  } else {
    socket.end(`${HEAD}\r\n${head.split(" ")[1]}`);
  }
};
const proxies = [await rawServer(forward), await rawServer(forward, certificate)];

describe("fetchStream() goes through a proxy:", () => {
  test.each(proxies)("$origin", async ({ origin, requests }) => {
    const proxy = origin.replace("//", "//me:pass@");
    const plain = `${overPlain.origin}/v1?x=1`;
    expect(await told(plain, { proxy })).toEqual({ text: plain, status: 200 });
    expect(await told(overTls.origin, { proxy })).toEqual({ text: "Hello", status: 200 });
    expect(overTls.protocol()).toBe("http/1.1");
    expect(await told(overTls.origin, { proxy: origin })).toEqual({
      text: "",
      code: "ERR_PROXY_TUNNEL",
    });
    expect((await told(plain, { proxy: origin })).status).toBe(407);
    expect(requests[1]).toStartWith(`CONNECT ${new URL(overTls.origin).host} HTTP/1.1\r\n`);
    expect(requests[1]).not.toContain("application/json");
  });

  test("one whose certificate, or the server's behind it, is for another host sees no request", async () => {
    const other = await selfSigned(["example.org"]);
    const secure = await rawServer(forward, other);
    const tls = trusting(other);
    const code = expect.stringMatching(/CERT/);
    expect(await told(overPlain.origin, { proxy: secure.origin, tls })).toEqual({ text: "", code });
    expect(await told(overTls.origin, { proxy: secure.origin, tls })).toEqual({ text: "", code });
    expect(secure.requests).toEqual([]);
    const [plain] = proxies;
    const proxy = plain?.origin.replace("//", "//me:pass@") ?? "";
    expect(await told(overTls.origin, { proxy, tls })).toEqual({ text: "", code });
  });
});
