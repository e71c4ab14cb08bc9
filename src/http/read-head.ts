import { type Connection, systemError } from "./open-connection.ts";

/** What an answer begins with. */
export type Head = {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  /** Bytes of the body that came with it. */
  readonly rest: Uint8Array;
};

/** Bytes; no server has as many headers. */
const LONGEST = 256 * 1024;

/**
 * Reads the status line and the headers of an answer; those that only say that it is to come
 * (`100 Continue`, `103 Early Hints`) are passed over.
 * Rejects with an error that has a `code`: `ECONNRESET` when the connection ends before.
 */
export async function readHead(connection: Pick<Connection, "read">): Promise<Head> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const end = endOfHead(bytes);
    if (end !== undefined) {
      const head = parseHead(bytes.toString("latin1", 0, end), bytes.subarray(end));
      if (head.status >= 200) {
        return head;
      }
      bytes = bytes.subarray(end);
      continue;
    }
    if (bytes.length > LONGEST) {
      throw notHttp();
    }
    const more = await connection.read();
    if (more === undefined) {
      throw systemError("ECONNRESET", "the connection was closed before an answer came");
    }
    bytes = Buffer.concat([bytes, more]);
  }
}

/** Where the body begins; lines may end with a line feed alone. */
function endOfHead(bytes: Buffer): number | undefined {
  const [end] = [bytes.indexOf("\r\n\r\n") + 4, bytes.indexOf("\n\n") + 2]
    .filter((position, index) => position > 3 - 2 * index)
    .sort((left, right) => left - right);
  return end;
}

function parseHead(text: string, rest: Uint8Array): Head {
  const [first = "", ...lines] = text.split(/\r?\n/);
  const [, status, statusText = ""] = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/.exec(first) ?? [];
  if (status === undefined) {
    throw notHttp();
  }
  const headers = new Headers();
  for (const line of lines) {
    const [, name, value = ""] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name !== undefined) {
      headers.append(name, value);
    }
  }
  return { status: Number(status), statusText, headers, rest };
}

function notHttp(): Error {
  return systemError("Malformed_HTTP_Response", "the answer is no HTTP");
}
