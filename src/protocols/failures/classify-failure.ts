import type { FailureKind, RequestFailure } from "../../http/request-failure.ts";
import type { FailureRow } from "./failure-row.ts";
import { GENERAL_ROWS } from "./failure-table.ts";

/** What is known of a failure that a server told of, as an answer or inside one. */
export type FailureFacts = {
  /** HTTP; `undefined` inside a stream. */
  readonly status: number | undefined;
  /** Codes, types and reasons (`readError`). */
  readonly codes: readonly string[];
  readonly words: string;
  /** The body is a web page or XML. */
  readonly isPage?: boolean;
};

/** Why a request failed, and what is told of it where that is not the kind's own sentence. */
export type Cause = Pick<RequestFailure, "kind" | "says" | "hint" | "shouldRetry">;

/** Characters that are looked at; no reason begins later. */
const LONGEST_WORDS = 4000;

/**
 * Why a request failed (`spec/protocols.md`): the rows of the service, then those of every service —
 * codes and types, then words — and where none holds, the status. The one place where this is
 * decided: the same failure is the same as an answer, inside a stream and in a verification.
 */
export function classifyFailure(
  { words, codes, isPage = false, ...facts }: FailureFacts,
  rows: readonly FailureRow[] = [],
): Cause {
  const status = facts.status ?? codes.map(Number).find((code) => code >= 400 && code < 600);
  const known = {
    status,
    words: words.slice(0, LONGEST_WORDS),
    codes: codes.map(normalize),
  };
  const row = [...rows, ...GENERAL_ROWS].find((each) => holds(each, known));
  return row === undefined
    ? causeOf({ status: status ?? statusOf(known.codes), words, isPage })
    : toCause(row);
}

type KnownFacts = {
  readonly status: number | undefined;
  readonly words: string;
  /** Normalised. */
  readonly codes: readonly string[];
};

function holds({ codes, words, statuses }: FailureRow, known: KnownFacts): boolean {
  // An error inside a stream mostly has no status: words mean the same there, a code may not.
  const isStatus =
    statuses === undefined ||
    (known.status === undefined ? codes === undefined : statuses.includes(known.status));
  return (
    isStatus &&
    (codes === undefined || codes.some((code) => isNamed(code, known.codes))) &&
    (words === undefined || words.test(known.words))
  );
}

function isNamed(code: string, named: readonly string[]): boolean {
  const wanted = normalize(code);
  return wanted.endsWith("*")
    ? named.some((each) => each.startsWith(wanted.slice(0, -1)))
    : named.includes(wanted);
}

/** `AllocationQuota.FreeTierOnly` and `allocation_quota.free_tier_only` are one. */
function normalize(code: string): string {
  return code.replace(/[_.\s-]/g, "").toLowerCase();
}

function toCause({ kind, says, hint, isFinal }: FailureRow): Cause {
  return {
    kind,
    ...(says === undefined ? {} : { says }),
    ...(hint === undefined ? {} : { hint }),
    ...(isFinal ? { shouldRetry: false } : {}),
  };
}

const FIREWALL: Cause = {
  kind: "not-allowed",
  says: "something before HOST lets nothing through",
  hint: "try another network, or ask whoever runs the firewall or proxy between here and there",
};

/** What a status means where neither code nor words tell more. */
const STATUSES: Readonly<Record<number, FailureKind>> = {
  401: "rejected",
  402: "quota",
  403: "forbidden",
  404: "not-found",
  408: "server-error",
  409: "server-error",
  413: "too-long",
  429: "rate-limited",
  451: "not-allowed",
};

function causeOf({ status, words, isPage }: Omit<Required<FailureFacts>, "codes">): Cause {
  if (status === undefined || status >= 500) {
    return { kind: "server-error" };
  }
  if (status === 403 && isPage) {
    return FIREWALL;
  }
  if (status === 404 && /\bmodel\b/i.test(words)) {
    return { kind: "unknown-model" };
  }
  return { kind: STATUSES[status] ?? (status < 400 ? "not-an-api" : "bad-request") };
}

/** What Anthropic and others answer with where their errors have a name alone. */
const NAMED_STATUSES: Readonly<Record<string, number>> = {
  authenticationerror: 401,
  permissionerror: 403,
  invalidrequesterror: 400,
  badrequesterror: 400,
  notfounderror: 404,
  ratelimiterror: 429,
};

/** The status that an error inside a stream would have had as an answer. */
function statusOf(codes: readonly string[]): number | undefined {
  return codes.map((code) => NAMED_STATUSES[code]).find((status) => status !== undefined);
}
