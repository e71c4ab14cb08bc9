import { describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { fetchStream } from "../../src/http/fetch-stream.ts";
import { releasePiece } from "../../src/http/release-piece.ts";
import { rawServer } from "./raw-server.ts";
import { certificate, HEAD, OPTIONS } from "./told.ts";

/** No two parts of it are alike. */
const BODY = Buffer.from(Array.from({ length: 400_000 }, (_, index) => `${index} `).join(""));

const chunked = (bytes: Buffer, size: number): Buffer => {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = bytes.subarray(at, at + size);
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n"));
  }
  return Buffer.concat([...chunks, Buffer.from("0\r\n\r\n")]);
};

const FRAMED: Readonly<Record<string, readonly [headers: string, content: Buffer]>> = {
  "a length": [`content-length: ${BODY.length}\r\n`, BODY],
  "the end of the connection": ["", BODY],
  "large chunks": ["transfer-encoding: chunked\r\n", chunked(BODY, 300_000)],
  "small chunks": ["transfer-encoding: chunked\r\n", chunked(BODY, 700)],
  "compressed chunks": ["transfer-encoding: gzip, chunked\r\n", chunked(gzipSync(BODY), 100_000)],
};

/** Reads to the end, and gives each piece back as soon as it is copied. */
async function readReleasing({ body }: Response): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const piece of body ?? []) {
    copies.push(Buffer.from(piece));
    releasePiece(piece);
  }
  return Buffer.concat(copies);
}

describe("releasePiece()", () => {
  test.each(Object.keys(FRAMED))("takes nothing from the pieces that follow: %s", async (name) => {
    const [headers, content] = FRAMED[name] ?? ["", BODY];
    const reply = Buffer.concat([Buffer.from(`${HEAD}${headers}\r\n`), content]);
    const plain = await rawServer((socket) => socket.end(reply));
    expect((await readReleasing(await fetchStream(plain.origin, OPTIONS))).equals(BODY)).toBe(true);
    const secure = await rawServer((socket) => socket.end(reply), certificate);
    const answer = await fetchStream(secure.origin, OPTIONS);
    expect((await readReleasing(answer)).equals(BODY)).toBe(true);
  });

  test("gives back what is large, and leaves what may share its memory", () => {
    const [large, small] = [new Uint8Array(64 * 1024), new Uint8Array(1024)];
    releasePiece(large);
    releasePiece(small);
    expect([large.length, small.length]).toEqual([0, 1024]);
  });
});
