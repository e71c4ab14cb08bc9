import { afterAll } from "bun:test";
import { writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { generate } from "selfsigned";
import { temporaryDirectory } from "./temporary-directory.ts";

export type Certificate = {
  readonly key: string;
  readonly cert: string;
  /** A PEM file with `cert`, which is its own authority. */
  readonly file: string;
};

/** A certificate for these host names and addresses that no authority has signed. */
export async function selfSigned(names: readonly string[]): Promise<Certificate> {
  const [commonName = "localhost"] = names;
  const altNames = names.map((name) =>
    isIP(name) === 0 ? ({ type: 2, value: name } as const) : ({ type: 7, ip: name } as const),
  );
  const pems = await generate([{ name: "commonName", value: commonName }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "subjectAltName", altNames },
    ],
  });
  const file = join(temporaryDirectory(), "authority.pem");
  writeFileSync(file, pems.cert);
  return { key: pems.private, cert: pems.cert, file };
}

export type LoopbackServer = {
  readonly port: number;
  /** `METHOD HOST/PATH` of every request, in their order. */
  readonly seen: readonly string[];
};

type Handler = (request: Request) => Response | Promise<Response>;

/**
 * Serves on a free port of 127.0.0.1 until the tests end: over TLS with a certificate, else plain.
 */
export function serveLoopback(handler: Handler, certificate?: Certificate): LoopbackServer {
  const seen: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    ...(certificate === undefined ? {} : { tls: { key: certificate.key, cert: certificate.cert } }),
    fetch: (request) => {
      const { host, pathname } = new URL(request.url);
      seen.push(`${request.method} ${host}${pathname}`);
      return handler(request);
    },
  });
  afterAll(() => server.stop(true));
  return { port: server.port ?? 0, seen };
}

/** What an OpenAI-compatible service streams to say `text`. */
export function openaiAnswer(text: string): Response {
  const chunk = (choice: object) => `data: ${JSON.stringify({ choices: [choice] })}\n\n`;
  const body = [
    chunk({ index: 0, delta: { role: "assistant", content: text }, finish_reason: null }),
    chunk({ index: 0, delta: {}, finish_reason: "stop" }),
    "data: [DONE]\n\n",
  ];
  return new Response(body.join(""), { headers: { "content-type": "text/event-stream" } });
}
