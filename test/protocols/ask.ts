import { fetchStream } from "../../src/http/fetch-stream.ts";
import type { Http } from "../../src/http/http.ts";
import { RequestError, type RequestFailure } from "../../src/http/request-failure.ts";
import type { ChatEvent } from "../../src/protocols/chat-event.ts";
import type { ServiceEndpoint } from "../../src/protocols/service-endpoint.ts";
import { type StreamOptions, streamChat } from "../../src/protocols/stream-chat.ts";
import { OPENAI } from "../support/model-answers.ts";

export const KEY = "sk-0123456789abcdef";

/** The real ways to the network, a `sleep` that only remembers, a clock that stands at the epoch. */
export function rememberingHttp(): Http & { readonly delays: number[] } {
  const delays: number[] = [];
  return {
    delays,
    fetch: (url, options) =>
      options.isStream === true ? fetchStream(url, options) : fetch(url, options),
    sleep: async (milliseconds) => {
      delays.push(milliseconds);
    },
    now: () => 0,
    random: () => 0,
    userAgent: "QwenCode/1.2.3 (linux; x64)",
    network: { proxyFor: () => undefined, authorities: undefined },
  };
}

type Asked = {
  readonly origin: string;
  readonly speech?: typeof OPENAI;
  readonly endpoint?: Partial<ServiceEndpoint>;
  readonly options?: Partial<StreamOptions>;
  /** Told of all events so far, whenever some come. */
  readonly onEvents?: (events: readonly ChatEvent[]) => void;
};

/** What a question led to. */
export type Outcome = {
  readonly events: readonly ChatEvent[];
  readonly failure?: RequestFailure;
  readonly delays: readonly number[];
};

/** Asks "Hi" and waits for the end; what is no `RequestError` is thrown on. */
export async function ask({
  origin,
  speech = OPENAI,
  endpoint,
  options,
  onEvents,
}: Asked): Promise<Outcome> {
  const http = rememberingHttp();
  const events: ChatEvent[] = [];
  const service: ServiceEndpoint = {
    protocol: speech.protocol,
    baseUrl: `${origin}${speech.basePath}`,
    credential: { value: KEY, scheme: "key" },
    customHeaders: {},
    ...endpoint,
  };
  const request = { model: "m", messages: [{ role: "user", text: "Hi" } as const] };
  const limits = { timeoutMs: 0, idleTimeoutMs: 0, maxRetries: 3, ...options };
  try {
    for await (const some of streamChat(http, service, request, limits)) {
      events.push(...some);
      onEvents?.(events);
    }
    return { events, delays: http.delays };
  } catch (error) {
    if (!(error instanceof RequestError)) {
      throw error;
    }
    return { events, failure: error.failure, delays: http.delays };
  }
}

/** What was said, without reasoning. */
export function textOf(events: readonly ChatEvent[]): string {
  const thought = events.findIndex(({ kind }) => kind === "thoughts-end") + 1;
  return events
    .slice(thought)
    .map((event) => (event.kind === "text-delta" ? event.text : ""))
    .join("");
}
