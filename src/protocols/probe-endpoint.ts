import { isIP } from "node:net";
import { type Http, type HttpRequest, send } from "../http/http.ts";
import { networkFailure } from "../http/network-failure.ts";
import { type Handshake, type HostAndPort, lookUp, tryTcp, tryTls } from "../http/probe-host.ts";
import { RequestError, type RequestFailure } from "../http/request-failure.ts";
import { withDeadline } from "../http/start-timer.ts";
import { checkAnswer } from "./check-answer.ts";
import { wireOf } from "./request-headers.ts";
import type { ServiceEndpoint } from "./service-endpoint.ts";

/** How one step on the way to an endpoint went. */
export type Step<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | { readonly kind: "failed"; readonly message: string }
  /** There is nothing to do, or a step before it failed. */
  | { readonly kind: "skipped"; readonly why: string };

export type HttpAnswer = {
  readonly status: number;
  /** Why it is no success (`classifyFailure`); `undefined`: it is one. */
  readonly failure: RequestFailure | undefined;
  /** What the server says the time is. */
  readonly date: string | undefined;
};

/** The way to an endpoint, step by step. */
export type EndpointProbe = {
  /** What this machine looks up and connects to: the endpoint's host, or the proxy. */
  readonly target: HostAndPort;
  /** The proxy's host; `undefined`: there is none. */
  readonly proxy: string | undefined;
  /** Addresses. */
  readonly dns: Step<readonly string[]>;
  readonly tcp: Step<undefined>;
  readonly tls: Step<Handshake>;
  readonly http: Step<HttpAnswer>;
};

type Endpoint = Pick<ServiceEndpoint, "protocol" | "baseUrl" | "failureRows">;

/**
 * Goes the way to an endpoint step by step, each on its own: DNS, TCP, TLS, HTTP. Sends no key, no
 * headers of the settings, and nothing of the endpoint's query, which may hold a key.
 * @param timeoutMs milliseconds for all of it
 */
export function probeEndpoint(
  http: Http,
  endpoint: Endpoint,
  { timeoutMs }: { readonly timeoutMs: number },
): Promise<EndpointProbe> {
  return withDeadline(timeoutMs, undefined, async (signal) => {
    const probe = probeUrl(endpoint);
    const { url } = probe;
    const proxy = http.network.proxyFor(url);
    const target = hostAndPort(proxy ?? url);
    const { protocol } = new URL(url);
    const dns =
      isIP(target.host) === 0
        ? await step(() => lookUp(target.host, signal))
        : skipped(`${target.host} is an address`);
    const tcp = await after(dns, () => tryTcp(target, signal).then(() => undefined));
    const tls =
      proxy !== undefined
        ? skipped("a proxy stands between; the HTTP check covers it")
        : protocol === "http:"
          ? skipped("the endpoint is plain http")
          : await after(tcp, () => tryTls(target, http.network, signal));
    return {
      target,
      proxy: proxy === undefined ? undefined : new URL(proxy).host,
      dns,
      tcp,
      tls,
      http: hasFailed(tcp)
        ? skipped(UNREACHED)
        : await after(tls, () => ask(http, { ...probe, rows: endpoint.failureRows }, signal)),
    };
  });
}

const UNREACHED = "a step before it failed";

type ProbeUrl = Pick<HttpRequest, "url" | "within">;

/** Where models are listed, without the query of the base URL. */
function probeUrl(endpoint: Endpoint): ProbeUrl {
  const url = wireOf(endpoint).modelsUrl(endpoint.baseUrl);
  return { url: withoutQuery(url), within: withoutQuery(endpoint.baseUrl) };
}

function withoutQuery(href: string): string {
  const url = new URL(href);
  url.search = "";
  return url.href;
}

function hostAndPort(url: string): HostAndPort {
  const { hostname, port, protocol } = new URL(url);
  const standard = protocol === "https:" ? 443 : 80;
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? standard : Number(port),
  };
}

async function ask(
  http: Http,
  { url, within, rows }: ProbeUrl & { readonly rows: ServiceEndpoint["failureRows"] },
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const headers = new Headers({ accept: "application/json", "user-agent": http.userAgent });
  const request = { method: "GET", url, within, headers } as const;
  const answer = await send(http, request, { timeoutMs: 0, signal });
  const { status, headers: given } = answer.response;
  const failure = await checkAnswer(answer, http, rows).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof RequestError) {
        return error.failure;
      }
      throw error;
    },
  );
  answer.abort(new Error("Nobody reads the rest of the answer"));
  return { status, failure, date: given.get("date") ?? undefined };
}

function after<Value>(before: Step<unknown>, work: () => Promise<Value>): Promise<Step<Value>> {
  return hasFailed(before) ? Promise.resolve(skipped(UNREACHED)) : step(work);
}

function hasFailed(before: Step<unknown>): boolean {
  return before.kind === "failed" || (before.kind === "skipped" && before.why === UNREACHED);
}

async function step<Value>(work: () => Promise<Value>): Promise<Step<Value>> {
  try {
    return { kind: "done", value: await work() };
  } catch (error) {
    const message = error instanceof RequestError ? error.message : networkFailure(error).message;
    return { kind: "failed", message };
  }
}

function skipped(why: string): { readonly kind: "skipped"; readonly why: string } {
  return { kind: "skipped", why };
}
