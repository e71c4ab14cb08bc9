import { createServer as createTcpServer } from "node:net";
import type { JsonObject } from "../../src/lib/json/json-object.ts";

/** What a program did when it was asked: the request that it sent, less what every question has. */
export type Outcome =
  | {
      readonly kind: "sent";
      /** `A`, `B`, or a host that stood in a CONNECT: then the rest is not known. */
      readonly to: string;
      readonly path?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: JsonObject;
    }
  | { readonly kind: "refused" };

export type Recorder = {
  readonly a: string;
  readonly b: string;
  readonly proxy: string;
  /** The first request with this word in its body, or a CONNECT to a model's host. */
  readonly first: Promise<Outcome>;
  readonly stop: () => void;
};

const MODEL_HOSTS = /openai\.com|anthropic\.com|googleapis\.com|dashscope.*aliyuncs\.com/;
const HEADERS = ["authorization", "x-api-key", "x-goog-api-key", "x-one", "x-two"];
/** What is said, and what both say of every question in their own way. */
const EVERY_QUESTION = [
  "messages",
  "system",
  "contents",
  "systemInstruction",
  "tools",
  "tool_choice",
  "toolConfig",
  "stream",
  "stream_options",
  "metadata",
];

/** Two servers and a proxy on the loopback interface that remember who asked what. */
export async function recorder(word: string): Promise<Recorder> {
  const { promise: first, resolve } = Promise.withResolvers<Outcome>();
  const serve = (to: string) =>
    Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: async (request) => {
        const text = await request.text();
        if (text.includes(word)) {
          resolve(outcomeOf(to, request, text));
        }
        return new Response(`{"error":{"message":"${word}"}}`, { status: 400 });
      },
    });
  const servers = [serve("A"), serve("B")] as const;
  const proxy = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      const [, host] = /^CONNECT ([^:\s]+)/.exec(bytes.toString("latin1")) ?? [];
      if (host !== undefined && MODEL_HOSTS.test(host)) {
        resolve({ kind: "sent", to: host });
      }
      socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    });
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  const address = proxy.address();
  const [a, b] = servers.map(({ port }) => `http://127.0.0.1:${port}`);
  return {
    a: a ?? "",
    b: b ?? "",
    proxy: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    first,
    stop: () => {
      proxy.close();
      for (const server of servers) {
        void server.stop(true);
      }
    },
  };
}

function outcomeOf(to: string, { url, headers }: Request, text: string): Outcome {
  const { pathname } = new URL(url);
  const body: JsonObject = JSON.parse(text);
  return {
    kind: "sent",
    to,
    path: pathname,
    headers: Object.fromEntries(
      HEADERS.flatMap((name) => {
        const value = headers.get(name);
        return value === null ? [] : [[name, value]];
      }),
    ),
    body: Object.fromEntries(
      Object.entries(body).filter(([name]) => !EVERY_QUESTION.includes(name)),
    ),
  };
}
