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

const FIRST_WORD = "HTTP/1.";

/**
 * Reads the status line and the headers of an answer; those that only say that it is to come
 * (`100 Continue`, `103 Early Hints`) are passed over. What cannot become an answer is refused as
 * soon as its first bytes tell: many services of other kinds greet, and then wait.
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
    const begun = bytes.toString("latin1", 0, FIRST_WORD.length);
    if (bytes.length > LONGEST || !FIRST_WORD.startsWith(begun)) {
      throw notHttp();
    }
    const more = await connection.read();
    if (more === undefined) {
      throw systemError("ECONNRESET", "the connection was closed before an answer came");
    }
    bytes = Buffer.concat([bytes, more]);
  }
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Where the body begins: behind an empty line. Lines may end with a line feed alone. */
function endOfHead(bytes: Buffer): number | undefined {
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) {
    const next = bytes[at + 1] === CARRIAGE_RETURN ? at + 2 : at + 1;
    if (bytes[next] === LINE_FEED) {
      return next + 1;
    }
  }
  return undefined;
}

const SWITCHED_PROTOCOLS = 101;
/** What a `Response` can have; there are no others. */
const STATUSES = { first: 100, last: 599 };

function parseHead(text: string, rest: Uint8Array): Head {
  const [first = "", ...lines] = text.split(/\r?\n/);
  const [, digits, statusText = ""] = /^HTTP\/1\.[01] (\d{3})(?: (.*))?$/.exec(first) ?? [];
  const status = Number(digits);
  // Nobody asked for another protocol.
  if (!(status >= STATUSES.first && status <= STATUSES.last) || status === SWITCHED_PROTOCOLS) {
    throw notHttp();
  }
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const value = line.slice(colon + 1).trim();
    if (NAME.test(line.slice(0, Math.max(0, colon))) && !NO_VALUE.test(value)) {
      headers.append(line.slice(0, colon), value);
    }
  }
  return { status, statusText, headers, rest };
}

const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
/** `Headers` would throw. */
const NO_VALUE = /[\0\r\n]/;

function notHttp(): Error {
  return systemError("Malformed_HTTP_Response", "the answer is no HTTP");
}
