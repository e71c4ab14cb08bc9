/** Why a request did not do what it was for; what to tell of it is decided to the left. */
export type FailureKind =
  /** The host's name is unknown to the resolver. */
  | "dns"
  | "refused"
  /** The connection ended before an answer came. */
  | "reset"
  | "tls"
  /** The proxy refused, or cannot be used. */
  | "proxy"
  /** No answer within the limit. */
  | "timeout"
  /** The answer began and then nothing came for the limit. */
  | "silent"
  /** The connection ended inside the answer. */
  | "cut"
  /** The answer ended, in good order, before it was complete. */
  | "ended-early"
  /** The answer is not what the protocol says. */
  | "malformed"
  /** The service does not take the key. */
  | "rejected"
  /** 403 that does not say whether it is the key or something else. */
  | "forbidden"
  /** The place, the address, the account or the client is refused, whatever the key. */
  | "not-allowed"
  /** The key is good, but not for this model. */
  | "model-not-allowed"
  | "unknown-model"
  /** 404 for another reason: there is nothing at this path. */
  | "not-found"
  /** The account may not spend more. */
  | "quota"
  /** The window of a plan is used up; it refills by itself, within hours or days. */
  | "window"
  | "rate-limited"
  | "server-error"
  | "bad-request"
  /** The conversation is longer than the model can read. */
  | "too-long"
  /** The prompt was refused by a filter. */
  | "blocked"
  /** A web page, or something else that no endpoint of a model answers. */
  | "not-an-api"
  /** To another scheme, host or port, or too often. */
  | "redirected";

export type RequestFailure = {
  readonly kind: FailureKind;
  /** The server's own words, or what went wrong as a clause; not yet made visible. */
  readonly message: string;
  /** HTTP. */
  readonly status?: number;
  /** The server's or the system's code: `insufficient_quota`, `ECONNREFUSED`. */
  readonly code?: string;
  /** Whether another try may help; `undefined`: the kind decides. */
  readonly shouldRetry?: boolean;
  /** Milliseconds that the server asked to wait. */
  readonly retryAfterMs?: number;
  /** What is told instead of the kind's own sentence; `HOST` stands for the host. */
  readonly says?: string;
  /** What to do, where the kind's own hint does not fit. */
  readonly hint?: string;
  /** A field of the request that the service does not know. */
  readonly refusedField?: RefusedField;
  /** The proxy on the way, where it may be the reason. */
  readonly via?: Via;
  /** How often it was tried, where it was more than once. */
  readonly tries?: number;
};

/** A proxy by its host, and what names it: `http_proxy`, `--proxy`. */
export type Via = { readonly proxy: string; readonly name: string };

/** Fields that some services refuse, and that a request can do without. */
export type RefusedField = "stream_options" | "max_tokens";

/** Thrown by everything in this room; caught where it is told, or where a failure is an outcome. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly failure: RequestFailure;

  constructor(failure: RequestFailure, options?: ErrorOptions) {
    super(failure.message, options);
    this.failure = failure;
  }
}

const UNREACHABLE: ReadonlySet<FailureKind> = new Set([
  "dns",
  "refused",
  "reset",
  "tls",
  "proxy",
  "timeout",
  "silent",
  "cut",
  "ended-early",
  "malformed",
  "rate-limited",
  "server-error",
]);

/** Whether the service could not be reached or is not well: never a word about the key. */
export function isOutage({ kind }: RequestFailure): boolean {
  return UNREACHABLE.has(kind);
}
