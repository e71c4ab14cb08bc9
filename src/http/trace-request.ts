import { shownUrl } from "../lib/shown-url.ts";
import type { Trace } from "../runtime.ts";
import { looksLikeKey } from "../secrets/looks-like-key.ts";
import type { HttpRequest } from "./http.ts";
import { RequestError } from "./request-failure.ts";

/** What `--debug` tells of a request: no value of a header, and of the body the length. */
export function describeRequest(
  { method, url, headers, body }: HttpRequest,
  proxy: string | undefined,
): string {
  const parts = [
    `${method} ${shownUrl(url, looksLikeKey)}`,
    proxy === undefined ? "no proxy" : `proxy ${shownUrl(proxy, looksLikeKey)}`,
    `headers ${[...headers.keys()].join(" ")}`,
    `body ${new TextEncoder().encode(body).length} bytes`,
  ];
  return parts.join(", ");
}

const REQUEST_IDS = ["x-request-id", "request-id"];

/** What it tells of the head of an answer, which came after so many milliseconds. */
export function describeAnswer({ status, headers }: Response, milliseconds: number): string {
  const id = REQUEST_IDS.map((name) => headers.get(name)).find((value) => value !== null);
  const parts = [
    `answer ${status}`,
    headers.get("content-type") ?? "no content type",
    ...(id === undefined ? [] : [`request id ${id}`]),
    `headers after ${milliseconds}ms`,
  ];
  return parts.join(", ");
}

/** Of a failure its kind, and not what a server says. */
export function describeFailed(error: unknown): string {
  if (!(error instanceof RequestError)) {
    return "given up";
  }
  const { kind, code, message } = error.failure;
  return kind === "redirected"
    ? `redirect refused: ${message}`
    : `failed: ${kind}${code === undefined ? "" : ` (${code})`}`;
}

/** The same events; their kinds are counted and told at the end, whoever ends it. */
export async function* traceEvents<Event extends { readonly kind: string }>(
  events: AsyncGenerator<readonly Event[]>,
  trace: Trace,
): AsyncGenerator<readonly Event[]> {
  const counts = new Map<string, number>();
  try {
    for await (const some of events) {
      for (const { kind } of some) {
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
      yield some;
    }
  } finally {
    const list = [...counts].map(([kind, count]) => `${kind} ${count}`);
    trace(() => [`events ${list.join(", ") || "none"}`]);
  }
}
