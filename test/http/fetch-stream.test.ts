import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import {
  brotliCompressSync,
  createBrotliCompress,
  createGzip,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { decompress } from "../../src/http/decompress.ts";
import { fetchStream } from "../../src/http/fetch-stream.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { selfSigned } from "../support/tls-server.ts";
import { rawServer } from "./raw-server.ts";
import { certificate, HEAD, OPTIONS, told, trusting } from "./told.ts";

const MIB = 1024 * 1024;
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n`;

/** Bad ends right behind the data; each loses what came with Bun's `fetch`, every other time. */
const BAD_ENDS: Readonly<Record<string, (socket: Socket) => void>> = {
  "no last chunk": (socket) => socket.end(`${CHUNKED}5\r\nHello\r\n`),
  "half a chunk": (socket) => socket.end(`${CHUNKED}ff\r\nHello`),
  "a length that is too long": (socket) => socket.end(`${HEAD}content-length: 99\r\n\r\nHello`),
  "a reset": (socket) => {
    socket.write(`${CHUNKED}5\r\nHello\r\n`, () => socket.resetAndDestroy());
  },
  "a head of its own, then the rest": (socket) => {
    socket.write(CHUNKED, () => setImmediate(() => socket.end("5\r\nHello\r\n")));
  },
};

describe("fetchStream() gives what came before it tells of a bad end:", () => {
  test.each(Object.keys(BAD_ENDS))("%s", async (name) => {
    const { origin } = await rawServer((socket) => BAD_ENDS[name]?.(socket));
    for (let run = 0; run < 40; run += 1) {
      expect(await told(origin)).toEqual({ text: "Hello", status: 200, code: "ECONNRESET" });
    }
  });

  test("over TLS", async () => {
    const { origin } = await rawServer(
      (socket) => socket.end(`${CHUNKED}5\r\nHello\r\n`),
      certificate,
    );
    for (let run = 0; run < 40; run += 1) {
      expect(await told(origin)).toEqual({ text: "Hello", status: 200, code: "ECONNRESET" });
    }
  });

  test("also to a slow reader, and more than is kept in memory", async () => {
    const long = "x".repeat(24 * 1024 * 1024);
    const { origin } = await rawServer((socket) => {
      socket.end(`${HEAD}content-length: 99999999\r\n\r\n${long}`);
    });
    const { text, code } = await told(origin);
    expect({ length: text.length, code }).toEqual({ length: long.length, code: "ECONNRESET" });
  });
});

const GOOD: Readonly<Record<string, string>> = {
  "chunks with extensions and trailers": `${CHUNKED}2;a=b\r\nHe\r\n3 \r\nllo\r\n0\r\nx: y\r\n\r\n`,
  "chunks with bare line feeds": `${CHUNKED}2\nHe\n03\nllo\n0\n\n`,
  "a length, and junk behind": `${HEAD}content-length: 5\r\n\r\nHello, and more`,
  "the end of the connection": `${HEAD}\r\nHello`,
  "HTTP/1.0 and line feeds": "HTTP/1.0 200 OK\nx: y\n\nHello",
  "no reason phrase": "HTTP/1.1 200\r\n\r\nHello",
  "hints before the answer": `HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${HEAD}\r\nHello`,
  "lines that are no headers": `HTTP/1.1 200 OK\r\nno header\r\n: x\r\né: y\r\n\r\nHello`,
  "values that are none": "HTTP/1.1 200 OK\r\nx: a\0b\r\ny: a\rb\r\nz: é\x7f\r\n\r\nHello",
  "a folded header": `${HEAD}x: a\r\n content-length: 2\r\n\tmore\r\n\r\nHello`,
  "an empty line of another kind": "HTTP/1.1 200 OK\nx: y\n\r\nHello",
  "chunks and a length": `${HEAD}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n5\r\nHello\r\n0\r\n\r\n`,
  "chunks with zeros and spaces": `${CHUNKED}00000000000000000005  \r\nHello\r\n0 \r\n\r\n`,
  "the size of the last chunk": `${CHUNKED}5\r\nHello\r\n0\r\n`,
  "many hints": `${"HTTP/1.1 102 Processing\r\n\r\n".repeat(9)}HTTP/1.1 100 Continue\r\n\r\n${HEAD}\r\nHello`,
};

describe("fetchStream() reads a body that ends with", () => {
  test.each(Object.keys(GOOD))("%s", async (name) => {
    const bytes = Buffer.from(GOOD[name] ?? "");
    const whole = await rawServer((socket) => socket.end(bytes));
    expect(await told(whole.origin)).toEqual({ text: "Hello", status: 200 });
    const byteByByte = await rawServer(async (socket) => {
      socket.setNoDelay();
      for (const byte of bytes) {
        await new Promise((sent) => socket.write(Buffer.of(byte), () => setImmediate(sent)));
      }
      socket.end();
    });
    expect(await told(byteByByte.origin)).toEqual({ text: "Hello", status: 200 });
  });

  test.each([
    ["a length that is given twice", "content-length: 5\r\ncontent-length: 5\r\n\r\nHello"],
    ["a list of lengths", "content-length: 5, 5,5\r\n\r\nHello"],
    ["a last chunk without trailers", "transfer-encoding: chunked\r\n\r\n5\r\nHello\r\n0\r\n"],
    ["trailers without end", "transfer-encoding: chunked\r\n\r\n5\r\nHello\r\n0\r\nx: y\r\n"],
  ])("%s, on a connection that stays open", async (_name, bytes) => {
    const { origin } = await rawServer((socket) => socket.write(`${HEAD}${bytes}`));
    expect(await told(origin)).toEqual({ text: "Hello", status: 200 });
  });

  test("a quarter of a megabyte of spaces in a header, at once", async () => {
    const spaces = " ".repeat(250_000);
    const { origin } = await rawServer((socket) => {
      socket.end(`${HEAD}x: a${spaces}b\r\n\r\nHello`);
    });
    expect(await told(origin)).toEqual({ text: "Hello", status: 200 });
  });

  test("nothing, as 204 says", async () => {
    const { origin } = await rawServer((socket) => socket.write("HTTP/1.1 204 No\r\n\r\n"));
    expect((await told(origin, { method: "GET" })).status).toBe(204);
  });
});

describe("fetchStream() refuses", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["what is no HTTP", "SSH-2.0-x\r\n\r\n", "Malformed_HTTP_Response"],
    ["chunks without a size", `${CHUNKED}Hello\r\n`, "Malformed_HTTP_Response"],
    ["a size that is none", `${CHUNKED}-1\r\n`, "Malformed_HTTP_Response"],
    ["a status that there is not", "HTTP/1.1 999 Denied\r\n\r\nHello", "Malformed_HTTP_Response"],
    ["a status below all", "HTTP/1.1 000 x\r\n\r\nHello", "Malformed_HTTP_Response"],
    ["a protocol that nobody asked for", "HTTP/1.1 101 x\r\n\r\nHello", "Malformed_HTTP_Response"],
    ["HTTP/2", "HTTP/2 200\r\n\r\nHello", "Malformed_HTTP_Response"],
    ["headers without end", `${HEAD}${"x: y\r\n".repeat(60_000)}`, "Malformed_HTTP_Response"],
    ["a connection that ends before the answer", "", "ECONNRESET"],
    ["one that ends in the headers", HEAD, "ECONNRESET"],
  ];
  test.each(cases)("%s", async (_name, bytes, code) => {
    const { origin } = await rawServer((socket) => socket.end(bytes));
    expect(await told(origin)).toMatchObject({ text: "", code });
  });

  test.each([
    ["a shell", "SSH-2.0-OpenSSH_9.9\r\n"],
    ["a mail server", "220 mail.example ESMTP\r\n"],
    ["a store", "-ERR unknown command\r\n"],
    ["HTTP/2 in the clear", "\0\0\x12\x04\0\0\0\0\0"],
    ["one letter", "x"],
  ])("%s that greets and then waits", async (_name, bytes) => {
    const { origin } = await rawServer((socket) => socket.write(bytes));
    expect(await told(origin)).toEqual({ text: "", code: "Malformed_HTTP_Response" });
  });

  test("what is no chunk, and gives what came in the same packet", async () => {
    for (const junk of ["ZZ\r\n", "-1\r\n", "<html>\r\n", `${"x".repeat(70_000)}`]) {
      const { origin } = await rawServer((socket) => socket.end(`${CHUNKED}5\r\nHello\r\n${junk}`));
      const code = "Malformed_HTTP_Response";
      expect(await told(origin)).toEqual({ text: "Hello", status: 200, code });
    }
  });

  const known = expect.stringMatching(/^(?:DEPTH_ZERO_SELF_SIGNED_CERT|EPROTO|ERR_TLS_CERT)/);
  test("a certificate of nobody, one for another host, and no TLS, before a byte is sent", async () => {
    const other = await selfSigned(["example.org"]);
    const secure = await rawServer((socket) => socket.end(`${HEAD}\r\nHello`), certificate);
    const wrong = await rawServer((socket) => socket.end(`${HEAD}\r\nHello`), other);
    using plain = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: { data: (socket) => void socket.end("HTTP/1.1 400 Bad\r\n\r\n") },
    });
    const tls = trusting(other);
    expect(await told(secure.origin, { tls })).toEqual({ text: "", code: known });
    expect(await told(wrong.origin, { tls })).toEqual({ text: "", code: known });
    expect(secure.requests).toEqual([]);
    expect(wrong.requests).toEqual([]);
    const { code } = await told(`https://127.0.0.1:${plain.port}`);
    expect(code).toBe("EPROTO");
  });
});

describe("fetchStream() sends", () => {
  test("in the handshake that it speaks HTTP/1.1", async () => {
    const { origin, protocol } = await rawServer(
      (socket) => socket.end(`${HEAD}\r\nHello`),
      certificate,
    );
    expect(await told(origin)).toEqual({ text: "Hello", status: 200 });
    expect(protocol()).toBe("http/1.1");
  });

  test("one request with the headers that it was given, and the credentials of a URL", async () => {
    const { origin, requests } = await rawServer((socket) => socket.end(`${HEAD}\r\nHello`));
    const url = origin.replace("//", "//me:p%40ss%@");
    await told(`${url}/v1/a b?q=1#f`, { body: "é" });
    const [head = ""] = requests[0]?.split("\r\n\r\n") ?? [];
    const [first, ...lines] = head.split("\r\n");
    expect(first).toBe("POST /v1/a%20b?q=1 HTTP/1.1");
    expect(lines.sort()).toEqual([
      `authorization: Basic ${Buffer.from("me:p%40ss%").toString("base64")}`,
      "connection: close",
      "content-length: 2",
      "content-type: application/json",
      `host: ${new URL(origin).host}`,
    ]);
  });

  test("a body that the system does not take at once", async () => {
    const body = "x".repeat(8 * 1024 * 1024);
    const { origin } = await rawServer((socket, head) => {
      let length = head.length - head.indexOf("\r\n\r\n") - 4;
      socket.on("data", (bytes) => {
        length += bytes.length;
        if (length === body.length) {
          socket.end(`${HEAD}\r\nHello`);
        }
      });
    });
    expect(await told(origin, { body })).toEqual({ text: "Hello", status: 200 });
  });

  test("nothing more once it is given up, and ends with the reason", async () => {
    const { origin } = await rawServer((socket) => socket.write(`${CHUNKED}5\r\nHello\r\n`));
    const controller = new AbortController();
    const asked = fetchStream(origin, { ...OPTIONS, signal: controller.signal });
    const reader = (await asked).body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("Hello");
    const next = reader?.read();
    controller.abort(new Error("left"));
    expect(next).rejects.toThrow("left");
  });
});

describe("decompress() gives what came, and then what is wrong:", () => {
  const text = "data: Hello\n\n".repeat(1000);
  const codings: readonly (readonly [string, (text: string) => Uint8Array])[] = [
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
    ["identity", (it) => Buffer.from(it)],
    ["br, gzip", (it) => gzipSync(brotliCompressSync(it))],
  ];
  test.each(codings)("%s", async (coding, compress) => {
    const bytes = compress(text);
    const head = `${HEAD}content-encoding: ${coding}\r\n`;
    const good = await rawServer((socket) => {
      socket.write(`${head}content-length: ${bytes.length}\r\n\r\n`);
      socket.end(bytes);
    });
    expect(await told(good.origin)).toEqual({ text, status: 200 });
    const cut = await rawServer((socket) => {
      socket.write(`${head}content-length: ${bytes.length + 9}\r\n\r\n`);
      socket.end(bytes);
    });
    expect(await told(cut.origin)).toEqual({ text, status: 200, code: "ECONNRESET" });
  });

  test.each(["gzip, chunked", "Gzip,Chunked", "x-gzip , chunked"])(
    "%s, for the way alone",
    async (coding) => {
      const bytes = gzipSync(text);
      const { origin } = await rawServer((socket) => {
        socket.write(`${HEAD}transfer-encoding: ${coding}\r\n\r\n${bytes.length.toString(16)}\r\n`);
        socket.write(bytes);
        socket.end("\r\n0\r\n\r\n");
      });
      expect(await told(origin)).toEqual({ text, status: 200 });
    },
  );

  test("gzip until the connection ends, whatever the length says", async () => {
    const { origin } = await rawServer((socket) => {
      socket.write(`${HEAD}transfer-encoding: gzip\r\ncontent-length: 9\r\n\r\n`);
      socket.end(gzipSync(text));
    });
    expect(await told(origin)).toEqual({ text, status: 200 });
  });

  test("each piece before the next one is sent", async () => {
    const words = ["data: one\n\n", "data: two\n\n", "data: three\n\n"];
    for (const create of [createGzip, createBrotliCompress]) {
      const coding = create === createGzip ? "gzip" : "br";
      const next: (() => void)[] = [];
      const { origin } = await rawServer(async (socket) => {
        socket.write(`${HEAD}content-encoding: ${coding}\r\n\r\n`);
        const packer = create();
        packer.on("data", (bytes) => socket.write(bytes));
        for (const word of words) {
          packer.write(word);
          packer.flush();
          await new Promise<void>((taken) => next.push(taken));
        }
        socket.end();
      });
      const { body } = await fetchStream(origin, OPTIONS);
      const said: string[] = [];
      for await (const bytes of decompress(body ?? new Blob().stream(), coding)) {
        said.push(new TextDecoder().decode(bytes));
        next.shift()?.();
        if (said.length === words.length) {
          break;
        }
      }
      expect(said).toEqual(words);
    }
  });

  test("no more than is taken of a few bytes that hold gigabytes", () => {
    const path = join(temporaryDirectory(), "bomb");
    writeFileSync(path, Buffer.concat(Array(128).fill(gzipSync(Buffer.alloc(4 * MIB)))));
    const room = join(import.meta.dir, "../../src/http/decompress.ts");
    const script = `
      const { decompress } = await import(${JSON.stringify(room)});
      const bomb = await Bun.file(${JSON.stringify(path)}).bytes();
      for await (const _ of decompress([bomb], "gzip")) break;
      console.log(process.memoryUsage.rss());`;
    const ran = Bun.spawnSync([process.execPath, "-e", script]);
    expect(ran.stderr.toString()).toBe("");
    expect(ran.stdout.length).toBeGreaterThan(0);
    expect(Number(ran.stdout)).toBeLessThan(256 * MIB);
  });

  test("a body that is not compressed as it says", async () => {
    const { origin } = await rawServer((socket) => {
      socket.end(`${HEAD}content-encoding: gzip\r\n\r\ndata: Hello\n\n`);
    });
    expect(await told(origin)).toEqual({ text: "", status: 200, code: "ZlibError" });
  });
});
