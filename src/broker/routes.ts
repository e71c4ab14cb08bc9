import { anthropicUrl, geminiModelsUrl, openaiUrl } from "../protocols/request-url.ts";
import { type Mount, mountNameAt, PREFIXES } from "./mount.ts";
import { type Refusal, refusal } from "./refusal.ts";
import { CREDENTIAL_PARAMETER } from "./token.ts";

/** What a path asks for. */
type Call = {
  readonly kind: "chat" | "responses" | "embeddings" | "count" | "models" | "model";
  readonly method: "GET" | "POST";
  /** Of the mount, below its prefix. */
  readonly path: string;
  /** The model, where the path names it. */
  readonly model?: string;
};

export type Route = {
  readonly kind: "route";
  readonly mount: Mount;
  readonly call: Call;
  /** The parameters of the tool, without a credential. */
  readonly query: URLSearchParams;
};

/** One segment; nothing that is encoded, since every server decodes in its own way. */
const ID = "([A-Za-z0-9._:@~-]+)";
/** Gemini writes what is to be done with a model behind a colon. */
const GEMINI_ID = "([A-Za-z0-9._@~-]+)";

type Row = readonly [Call["kind"], Call["method"], pattern: RegExp];

const row = (kind: Call["kind"], method: Call["method"], path: string): Row => [
  kind,
  method,
  new RegExp(`^${path}$`),
];

/** All that the broker answers (`spec/broker.md` §2). */
const CALLS: Readonly<Record<Mount["name"], readonly Row[]>> = {
  anthropic: [
    row("chat", "POST", "/v1/messages"),
    row("count", "POST", "/v1/messages/count_tokens"),
    row("models", "GET", "/v1/models"),
    row("model", "GET", `/v1/models/${ID}`),
  ],
  openai: [
    row("chat", "POST", "/chat/completions"),
    row("responses", "POST", "/responses"),
    row("embeddings", "POST", "/embeddings"),
    row("models", "GET", "/models"),
    row("model", "GET", `/models/${ID}`),
  ],
  gemini: [
    row("chat", "POST", `/v1beta/models/${GEMINI_ID}:(?:streamG|g)enerateContent`),
    row("count", "POST", `/v1beta/models/${GEMINI_ID}:countTokens`),
    row("models", "GET", "/v1beta/models"),
    row("model", "GET", `/v1beta/models/${GEMINI_ID}`),
  ],
};

type RequestHead = { readonly method: string; readonly url: URL; readonly headers: Headers };

/** The one call that a request is, or why it is none. */
export function routeOf(
  { method, url, headers }: RequestHead,
  mounts: readonly Mount[],
): Route | Refusal {
  if (method === "OPTIONS") {
    return refusal(405, "method", "there is no OPTIONS");
  }
  if (headers.has("upgrade")) {
    return refusal(426, "upgrade", "WebSockets are not answered; use plain HTTP");
  }
  const { pathname } = url;
  const mount = mounts.find(({ name }) => name === mountNameAt(pathname));
  if (mount === undefined || !isPlain(pathname)) {
    return noSuchPath();
  }
  const path = pathname.slice(PREFIXES[mount.name].length);
  const rows = CALLS[mount.name].filter(([, , pattern]) => pattern.test(path));
  const found = rows.find(([, wanted]) => wanted === method);
  if (found === undefined) {
    return rows.length === 0 ? noSuchPath() : refusal(405, "method", `there is no ${method} here`);
  }
  const [kind, wanted, pattern] = found;
  if (kind === "responses" && mount.responses === "none") {
    return refusal(404, "path", "the service has no Responses API");
  }
  const model = pattern.exec(path)?.[1];
  const call: Call = { kind, method: wanted, path, ...(model === undefined ? {} : { model }) };
  return { kind: "route", mount, call, query: withoutCredential(url.searchParams) };
}

/** What follows is compared as it is; the URL parser has resolved its dots before. */
function isPlain(pathname: string): boolean {
  return !/%|\/\/|\\|\.\./.test(pathname);
}

function noSuchPath(): Refusal {
  return refusal(404, "path", "this path is not one that goes to the service");
}

function withoutCredential(query: URLSearchParams): URLSearchParams {
  const kept = new URLSearchParams(query);
  kept.delete(CREDENTIAL_PARAMETER);
  return kept;
}

export type Target = {
  readonly url: string;
  /** The endpoint that was paired, with the same query: the rest of `url` lies below it. */
  readonly within: string;
};

/**
 * Where a call goes. Parameters of the base URL stay and go before those of the tool.
 * @param model the one that a path is to name
 */
export function targetOf({ mount, call, query }: Route, model: string | undefined): Target {
  const { baseUrl } = mount.upstream;
  const { responses } = mount;
  const base =
    call.kind === "responses" && typeof responses === "object" ? responses.baseUrl : baseUrl;
  const url = new URL(urlOf(mount.name, base, pathFor(call, model)));
  const within = new URL(base);
  for (const [name, value] of query) {
    if (!within.searchParams.has(name)) {
      url.searchParams.append(name, value);
    }
  }
  within.search = url.search;
  return { url: url.href, within: within.href };
}

function pathFor({ kind, path, model }: Call, wanted: string | undefined): string {
  return kind === "model" || model === undefined || wanted === undefined
    ? path
    : path.replace(/^(.*\/models\/)[^:]+(:[^:]+)$/, (_, before, after) => before + wanted + after);
}

function urlOf(name: Mount["name"], baseUrl: string, path: string): string {
  switch (name) {
    case "anthropic":
      return anthropicUrl(baseUrl, path.replace(/^\/v1/, ""));
    case "gemini": {
      const url = new URL(geminiModelsUrl(baseUrl));
      url.pathname += path.replace(/^\/v1beta\/models/, "");
      return url.href;
    }
    default:
      return openaiUrl(baseUrl, path);
  }
}
