import { CancelledError, ConfigError } from "../errors.ts";
import { isWithinPair, shownUrl } from "../lib/endpoint-url.ts";
import type { RequestBody, Runtime } from "../runtime.ts";
import { looksLikeKey } from "../secrets/looks-like-key.ts";
import { type HideSent, hideSent, withoutSent } from "./hide-sent.ts";
import { behindProxy, networkFailure, proxyFailure } from "./network-failure.ts";
import type { ClientCertificate } from "./read-client-certificate.ts";
import { RequestError, type Via } from "./request-failure.ts";
import { startTimer } from "./start-timer.ts";

/** How this machine reaches others. */
export type Network = {
  /** The proxy for a URL; `undefined`: none. */
  readonly proxyFor: (url: string) => string | undefined;
  /** Every certificate that is trusted, as PEM; `undefined`: those that Bun knows. */
  readonly authorities: readonly string[] | undefined;
  /** Shown to servers that want to know who connects. */
  readonly client?: ClientCertificate | undefined;
  /** What names that proxy: `http_proxy`, `--proxy`. */
  readonly proxyName?: (url: string) => string | undefined;
};

export type Http = Pick<Runtime, "fetch" | "sleep" | "now" | "random" | "trace"> & {
  readonly userAgent: string;
  readonly network: Network;
};

export type HttpRequest = {
  readonly url: string;
  /** What all that is sent belongs to: the endpoint that was paired, which `url` lies within. */
  readonly within: string;
  readonly method: "GET" | "POST";
  readonly headers: Headers;
  readonly body?: RequestBody;
  /** What of it is taken out of the server's words where it repeats them. */
  readonly secrets?: readonly string[];
};

export type SendOptions = {
  /** Milliseconds until the headers of the answer are there; 0: no limit. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** The answer arrives in pieces, none of which may be lost. */
  readonly isStream?: boolean;
  /** How often an answer may send elsewhere, on the same scheme, host and port. */
  readonly mostRedirects?: number;
};

/** A response of which the body has yet to be read, with the connection that it comes over. */
export type OpenResponse = {
  readonly response: Response;
  /** Aborted when the request is, by whomever. */
  readonly signal: AbortSignal;
  /** The signal that the request was made with. */
  readonly caller: AbortSignal | undefined;
  /** Ends the connection; reading on then fails with `reason`. */
  readonly abort: (reason: unknown) => void;
  /** For every text of the server's that is told as an error or traced. */
  readonly hideSent: HideSent;
  /** The proxy that handed the answer on, where it may have given it itself. */
  readonly via?: Via;
};

/** What `http/decompress.ts` reads. */
const ACCEPTED_CODINGS = "gzip, deflate, br, zstd";

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 3;
const PROXY_WANTS_CREDENTIALS = 407;

/**
 * Sends one request and returns once the headers of the answer are there
 * (`spec/trust-and-secrets.md`, "Secrets in motion"). Nothing leaves for a URL outside of the
 * endpoint that was paired. Redirects, which a server with the key chooses, stay on the same scheme,
 * host and port: anything else would carry the key away.
 * @throws ConfigError for a URL outside; RequestError; what `signal` was aborted with;
 *   CancelledError, when the person left
 */
export async function send(
  http: Http,
  request: HttpRequest,
  { timeoutMs, signal, isStream = false, mostRedirects = MOST_REDIRECTS }: SendOptions,
): Promise<OpenResponse> {
  assertWithinPair(request);
  const controller = new AbortController();
  const timeout = new RequestError({
    kind: "timeout",
    message: `no answer within ${timeoutMs / 1000} s`,
  });
  const timer = startTimer(timeoutMs, () => controller.abort(timeout));
  const signals = [controller.signal, ...(signal === undefined ? [] : [signal])];
  const abortable = AbortSignal.any(signals);
  const hide = hideSent(request.secrets);
  try {
    let next = request;
    for (let redirects = 0; ; redirects += 1) {
      const response = await fetchOnce(http, next, { signal: abortable, isStream });
      // Of `https:` a proxy sees nothing that it could answer.
      const via = next.url.startsWith("http:") ? viaOf(http, next) : undefined;
      throwIfProxyRefuses(response, via);
      const location = REDIRECTS.has(response.status) ? response.headers.get("location") : null;
      if (location === null) {
        const abort = (reason: unknown): void => controller.abort(reason);
        const answer = { response, signal: abortable, caller: signal, abort, hideSent: hide };
        return via === undefined ? answer : { ...answer, via };
      }
      await response.body?.cancel();
      next = redirected(next, {
        location,
        status: response.status,
        redirects,
        most: mostRedirects,
      });
    }
  } catch (error) {
    const cause: unknown = abortable.aborted ? abortable.reason : withoutSecrets(error, hide);
    http.trace?.(() => [describeFailed(cause)]);
    // Of an answer that is not wanted, nobody reads the body.
    controller.abort(cause);
    throw cause;
  } finally {
    clearTimeout(timer);
  }
}

/** @throws ConfigError when a request would leave the endpoint that its headers and body are for */
function assertWithinPair({ url, within }: HttpRequest): void {
  if (!isWithinPair(url, within)) {
    throw new ConfigError(
      `Cannot send the request: ${shownUrl(url)} lies outside of ${shownUrl(within)}`,
      { code: "settings-invalid", hint: "correct the base URL or the name of the model" },
    );
  }
}

/** The address that a server redirects to is its own words, too. */
function withoutSecrets(error: unknown, hide: HideSent): unknown {
  return error instanceof RequestError
    ? new RequestError(withoutSent(error.failure, hide), { cause: error.cause })
    : error;
}

type FetchOnce = { readonly signal: AbortSignal; readonly isStream: boolean };

async function fetchOnce(
  http: Http,
  request: HttpRequest,
  { signal, isStream }: FetchOnce,
): Promise<Response> {
  const { url, method, body } = request;
  const headers = new Headers(request.headers);
  if (!headers.has("accept-encoding")) {
    headers.set("accept-encoding", ACCEPTED_CODINGS);
  }
  const { proxyFor, authorities, client } = http.network;
  const proxy = proxyFor(url);
  http.trace?.(() => [describeRequest(request, proxy)]);
  const startedAt = http.now();
  try {
    const response = await http.fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      signal,
      redirect: "manual",
      // Bun would end the wait on its own after 360 s.
      timeout: false,
      verbose: false,
      decompress: false,
      isStream,
      tls: {
        rejectUnauthorized: true,
        ...(authorities === undefined ? {} : { ca: [...authorities] }),
        ...client,
      },
      ...(proxy === undefined ? {} : { proxy }),
    });
    http.trace?.(() => [
      hideSent(request.secrets)(describeResponse(response, http.now() - startedAt)),
    ]);
    return response;
  } catch (error) {
    if (error instanceof CancelledError) {
      throw error;
    }
    const failure = networkFailure(error);
    throw new RequestError(behindProxy(failure, viaOf(http, request)), {
      cause: error,
    });
  }
}

/** @throws RequestError when the proxy wants to know who asks */
function throwIfProxyRefuses({ status }: Response, via: Via | undefined): void {
  if (status === PROXY_WANTS_CREDENTIALS && via !== undefined) {
    throw new RequestError(behindProxy(proxyFailure(String(status)), via));
  }
}

/** The proxy that carries a request; `undefined`: none. */
function viaOf({ network }: Pick<Http, "network">, { url }: HttpRequest): Via | undefined {
  const proxy = network.proxyFor(url);
  return proxy === undefined
    ? undefined
    : { proxy: URL.parse(proxy)?.host ?? "", name: network.proxyName?.(url) ?? "--proxy" };
}

type Redirect = {
  readonly location: string;
  readonly status: number;
  readonly redirects: number;
  readonly most: number;
};

/** The same request at the new place; 303 asks for the result with GET. */
function redirected(
  request: HttpRequest,
  { location, status, redirects, most }: Redirect,
): HttpRequest {
  const from = new URL(request.url);
  const to = URL.parse(location, request.url);
  if (to === null || to.origin !== from.origin) {
    const isWeb = to?.protocol === "https:" || to?.protocol === "http:";
    const where = isWeb ? to.origin : "a place that is no web address";
    throw new RequestError({
      kind: "redirected",
      status,
      message: `${from.origin} redirects to ${where}, where no key is sent`,
    });
  }
  if (redirects === most) {
    const message =
      most === 0
        ? `${from.origin} redirects to another path`
        : `${from.origin} redirects more than ${most} times`;
    throw new RequestError({ kind: "redirected", status, message });
  }
  const { body: _, ...bodiless } = request;
  return status === 303
    ? { ...bodiless, url: to.href, method: "GET", headers: withoutContentType(request.headers) }
    : { ...request, url: to.href };
}

function withoutContentType(headers: Headers): Headers {
  const kept = new Headers(headers);
  kept.delete("content-type");
  return kept;
}

/** What `--debug` tells of a request: no value of a header, and of the body the length. */
function describeRequest(
  { method, url, headers, body }: HttpRequest,
  proxy: string | undefined,
): string {
  const parts = [
    `${method} ${shownUrl(url, looksLikeKey)}`,
    proxy === undefined ? "no proxy" : `proxy ${shownUrl(proxy, looksLikeKey)}`,
    `headers ${[...headers.keys()].join(" ")}`,
    body instanceof ReadableStream ? "body in pieces" : `body ${lengthOf(body)} bytes`,
  ];
  return parts.join(", ");
}

function lengthOf(body: string | Uint8Array = ""): number {
  return typeof body === "string" ? new TextEncoder().encode(body).length : body.length;
}

const REQUEST_IDS = ["x-request-id", "request-id"];

/** What it tells of the head of an answer, which came after so many milliseconds. */
function describeResponse({ status, headers }: Response, milliseconds: number): string {
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
function describeFailed(error: unknown): string {
  if (!(error instanceof RequestError)) {
    return "given up";
  }
  const { kind, code, message } = error.failure;
  return kind === "redirected"
    ? `redirect refused: ${message}`
    : `failed: ${kind}${code === undefined ? "" : ` (${code})`}`;
}
