import type { MountName } from "./mount.ts";

/** Why the broker answers by itself; `refusedBy` of the log. */
export type RefusalReason =
  | "address"
  | "browser"
  | "token"
  | "path"
  | "method"
  | "upgrade"
  | "encoding"
  | "size"
  | "budget"
  | "model"
  | "upstream";

/** An answer of the broker's own, with what a tool shows of it. */
export type Refusal = {
  readonly kind: "refusal";
  readonly status: number;
  readonly refusedBy: RefusalReason;
  /** One clause; "qwen auth run:" is put before it. */
  readonly message: string;
};

/** A refusal that another try meets as well. */
export function refusal(status: number, refusedBy: RefusalReason, message: string): Refusal {
  return { kind: "refusal", status, refusedBy, message };
}

/** Who speaks, so that nobody takes it for the words of the service. */
const SPEAKER = "qwen auth run:";

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  502: "api_error",
  503: "api_error",
  504: "api_error",
};

const OPENAI_TYPES: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  502: "api_error",
  503: "api_error",
  504: "api_error",
};

const GEMINI_STATUSES: Readonly<Record<number, string>> = {
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  502: "UNAVAILABLE",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/**
 * A refusal in the error form of a protocol (`spec/broker.md` §5), so that every client shows its
 * message; in OpenAI's where no protocol is known.
 */
export function refusalResponse(
  { status, refusedBy, message }: Refusal,
  mount: MountName | undefined,
): Response {
  const text = `${SPEAKER} ${message}`;
  return Response.json(bodyOf({ status, text, code: refusedBy }, mount), {
    status,
    // Clients that know the header make no further try; the service may be there again by then.
    headers: refusedBy === "upstream" ? {} : { "x-should-retry": "false" },
  });
}

type RefusalWords = { readonly status: number; readonly text: string; readonly code: string };

function bodyOf({ status, text, code }: RefusalWords, mount: MountName | undefined): object {
  switch (mount) {
    case "anthropic": {
      const type = ANTHROPIC_TYPES[status] ?? "invalid_request_error";
      return { type: "error", error: { type, message: text } };
    }
    case "gemini": {
      const word = GEMINI_STATUSES[status] ?? "INVALID_ARGUMENT";
      return { error: { code: status, message: text, status: word } };
    }
    default: {
      const type = OPENAI_TYPES[status] ?? "invalid_request_error";
      return { error: { message: text, type, code } };
    }
  }
}
