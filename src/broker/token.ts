import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** What a token begins with, so that whoever finds one in a log knows that it is worthless. */
const PREFIX = "qwen-run-";

/** Headers in which clients send their credential; all of them end here (`spec/broker.md` §3). */
export const CREDENTIAL_HEADERS = ["authorization", "x-api-key", "x-goog-api-key", "api-key"];

/** The parameter of a query in which some clients send it. */
export const CREDENTIAL_PARAMETER = "key";

/** A token that opens one broker and dies with it: 32 random bytes. */
export function createToken(): string {
  return `${PREFIX}${randomBytes(32).toString("base64url")}`;
}

export type TokenCheck = (request: {
  readonly headers: Headers;
  readonly query: URLSearchParams;
}) => boolean;

/**
 * Whether a request carries the token in one of the places where clients put a key. Hashes are
 * compared, in constant time, so that neither length nor beginning of a guess is told.
 */
export function tokenCheck(token: string): TokenCheck {
  const wanted = hash(token);
  return ({ headers, query }) =>
    presented(headers, query).some((text) => timingSafeEqual(hash(text), wanted));
}

function presented(headers: Headers, query: URLSearchParams): string[] {
  const values = CREDENTIAL_HEADERS.map((name) => {
    const value = headers.get(name) ?? "";
    return name === "authorization" ? value.replace(/^bearer +/i, "") : value;
  });
  return [...values, ...query.getAll(CREDENTIAL_PARAMETER)].filter((value) => value !== "");
}

function hash(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
