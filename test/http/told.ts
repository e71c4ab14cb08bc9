import { decompress } from "../../src/http/decompress.ts";
import { fetchStream } from "../../src/http/fetch-stream.ts";
import type { FetchOptions } from "../../src/runtime.ts";
import { type Certificate, selfSigned } from "../support/tls-server.ts";

export const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";

export const certificate = await selfSigned(["127.0.0.1", "localhost"]);

export function trusting({ cert }: Certificate): FetchOptions["tls"] {
  return { rejectUnauthorized: true, ca: [cert] };
}

/** A question that trusts `certificate`. */
export const OPTIONS: FetchOptions = {
  method: "POST",
  headers: new Headers({ "content-type": "application/json" }),
  body: "{}",
  signal: new AbortController().signal,
  redirect: "manual",
  timeout: false,
  verbose: false,
  decompress: false,
  tls: trusting(certificate),
};

export type Told = { text: string; status?: number; code?: unknown };

/** What comes of a request, and how it ends. */
export async function told(url: string, options: Partial<FetchOptions> = {}): Promise<Told> {
  const result: Told = { text: "" };
  try {
    const response = await fetchStream(url, { ...OPTIONS, ...options });
    result.status = response.status;
    const coding = response.headers.get("content-encoding");
    for await (const bytes of decompress(response.body ?? new Blob().stream(), coding)) {
      result.text += new TextDecoder().decode(bytes);
    }
  } catch (error) {
    result.code = error instanceof Error && "code" in error ? error.code : error;
  }
  return result;
}
