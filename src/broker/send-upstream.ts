import type { Http, OpenResponse } from "../http/http.ts";
import { send } from "../http/http.ts";
import type { LoadedKey } from "../models/resolution.ts";
import { sentSecrets } from "../protocols/service-endpoint.ts";
import type { RequestBody } from "../runtime.ts";
import { requestHeadersFor } from "./header-rules.ts";
import type { KeySupply } from "./key-supply.ts";
import { upstreamOf } from "./mount.ts";
import { type Route, targetOf } from "./routes.ts";

export type Outgoing = {
  readonly route: Route;
  /** Those of the tool. */
  readonly headers: Headers;
  readonly body: RequestBody | undefined;
  /** What a path is to name. */
  readonly model: string | undefined;
  readonly signal: AbortSignal;
};

export type Exchange = {
  readonly answer: OpenResponse;
  /** The key that it was answered to. */
  readonly key: LoadedKey;
  /** What of the request no tool may read in an error. */
  readonly secrets: readonly string[];
  /** As the answer was asked for (`SendOptions`). */
  readonly isStream: boolean;
  /** The key was refused and there is another one by now, but what was sent cannot be sent again. */
  readonly isLost?: boolean;
};

type Service = {
  readonly http: Http;
  readonly keys: KeySupply;
  /** Milliseconds until the headers of an answer are there; 0: no limit. */
  readonly timeoutMs: number;
};

/**
 * Sends one request of a tool to its service. Where the key is refused and whoever holds it has
 * another one, the request is sent once more, if its body was kept; nothing of an answer was handed
 * on by then. Nothing else is tried again: tools do that by themselves, and two layers multiply.
 * @throws RequestError, ConfigError as `send` does
 */
export async function sendUpstream(service: Service, outgoing: Outgoing): Promise<Exchange> {
  const key = service.keys.current();
  const first = await sendWith(service, outgoing, key);
  const { status } = first.answer.response;
  if (status !== 401 && status !== 403) {
    return first;
  }
  const next = await service.keys.renew(key);
  if (next === undefined) {
    return first;
  }
  if (outgoing.body instanceof ReadableStream) {
    return { ...first, isLost: true };
  }
  first.answer.abort(undefined);
  return sendWith(service, outgoing, next);
}

async function sendWith(
  { http, timeoutMs }: Service,
  { route, headers, body, model, signal }: Outgoing,
  key: LoadedKey,
): Promise<Exchange> {
  const upstream = upstreamOf(route.mount, key);
  const secrets = sentSecrets(upstream);
  // A body in pieces goes over Bun's own `fetch`, which alone takes one.
  const isStream = !(body instanceof ReadableStream);
  const answer = await send(
    http,
    {
      ...targetOf(route, model),
      method: route.call.method,
      headers: requestHeadersFor(headers, upstream),
      ...(body === undefined ? {} : { body }),
      secrets,
    },
    {
      timeoutMs,
      signal,
      isStream,
      mostRedirects: 0,
    },
  );
  return { answer, key, secrets, isStream };
}
