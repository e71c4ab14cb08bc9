import { afterAll } from "bun:test";
import { createServer, type Server, type Socket } from "node:net";

export type RecordedRequest = {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** What a server does once it has read a request. */
export type Reply = (socket: Socket) => void | Promise<void>;

export type ScriptedServer = {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly requests: readonly RecordedRequest[];
};

/**
 * A server on the loopback interface that gives the first request the first reply and so on; the
 * last one is for all that follow. It speaks HTTP by hand, so that it can also break its rules.
 */
export async function scriptedServer(...replies: readonly Reply[]): Promise<ScriptedServer> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    // Whoever leaves early resets the connection: that is theirs to do.
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    readRequest(socket, (request) => {
      requests.push(request);
      const reply = replies[Math.min(requests.length, replies.length) - 1];
      void reply?.(socket);
    });
  });
  const port = await listen(server);
  afterAll(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
    server.close();
  });
  return { origin: `http://127.0.0.1:${port}`, requests };
}

/** An origin at which nothing listens. */
export async function deadOrigin(): Promise<string> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** A whole answer, JSON unless the headers say otherwise. */
export function answer(
  status: number,
  body: string | object = "",
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const all = {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(text)),
    connection: "close",
    ...headers,
  };
  return (socket) => {
    socket.end(`${head(status, all)}${text}`);
  };
}

/**
 * An answer in these packets, which may be without end; it ends well, unless `then` does something
 * else.
 */
export function stream(pieces: Iterable<string | Uint8Array>, then: Reply = endWell): Reply {
  return async (socket) => {
    await write(socket, startStream());
    for (const piece of pieces) {
      if (socket.destroyed) {
        return;
      }
      await write(socket, chunk(piece));
    }
    await then(socket);
  };
}

/** The connection ends where more should come. */
export const cut: Reply = (socket) => {
  socket.destroy();
};

/** Nothing comes any more, and the connection stays. */
export const silence: Reply = () => undefined;

const endWell: Reply = (socket) => {
  socket.end("0\r\n\r\n");
};

function startStream(): string {
  return head(200, {
    "content-type": "text/event-stream",
    "transfer-encoding": "chunked",
    connection: "close",
  });
}

function head(status: number, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Status\r\n${lines.join("")}\r\n`;
}

function chunk(piece: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(piece);
  return Buffer.concat([
    Buffer.from(`${bytes.length.toString(16)}\r\n`),
    bytes,
    Buffer.from("\r\n"),
  ]);
}

/** Returns when the bytes are on their way; never, should nobody want them any more. */
function write(socket: Socket, bytes: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    socket.write(bytes, () => setImmediate(resolve));
  });
}

/** Calls `done` for the one request of a connection. */
function readRequest(socket: Socket, done: (request: RecordedRequest) => void): void {
  let received = Buffer.alloc(0);
  const onData = (bytes: Uint8Array): void => {
    received = Buffer.concat([received, bytes]);
    const request = parseRequest(received);
    if (request !== undefined) {
      socket.off("data", onData);
      socket.resume();
      done(request);
    }
  };
  socket.on("data", onData);
}

/** `undefined` while something is missing. */
function parseRequest(received: Buffer): RecordedRequest | undefined {
  const end = received.indexOf("\r\n\r\n");
  if (end === -1) {
    return undefined;
  }
  const [start = "", ...lines] = received.toString("latin1", 0, end).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(":")).toLowerCase(),
      line.slice(line.indexOf(":") + 1).trim(),
    ]),
  );
  const body = received.subarray(end + 4);
  const [method = "", path = ""] = start.split(" ");
  return body.length < Number(headers["content-length"] ?? 0)
    ? undefined
    : { method, path, headers, body: body.toString("utf8") };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
