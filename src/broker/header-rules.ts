import { wireOf } from "../protocols/request-headers.ts";
import type { ServiceEndpoint } from "../protocols/service-endpoint.ts";
import { CREDENTIAL_HEADERS } from "./token.ts";
import { createAnswerFilter } from "./without-secrets.ts";

/** What belongs to one connection and is never handed on (RFC 9110 §7.6.1). */
const HOP_BY_HOP =
  /^(?:connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|proxy-.*)$/;

/** What says where a request comes from, or is about this broker and not about the service. */
const FROM_HERE = /^(?:host|content-length|cookie|forwarded|via|origin|referer|x-forwarded-.*)$/;

/** What kind of credential `Authorization` carries, for DashScope. */
const TOKEN_KIND = "x-dashscope-authtype";

/** What an answer says of the connection and the site that it came from, and to pages of browsers. */
const FROM_THERE = /^(?:set-cookie|alt-svc|strict-transport-security|access-control-.*)$/;

/**
 * The headers of a tool as the service gets them (`spec/broker.md` §3, rule 6): without those of
 * the connection and of whoever knocked, with the real credential and the entry's `customHeaders`.
 * What the tool says of itself stays, and where it says nothing, nothing is invented.
 */
export function requestHeadersFor(asked: Headers, upstream: ServiceEndpoint): Headers {
  const headers = new Headers();
  const named = connectionNames(asked);
  for (const [name, value] of asked) {
    const isCredential = CREDENTIAL_HEADERS.includes(name);
    if (!isCredential && !HOP_BY_HOP.test(name) && !FROM_HERE.test(name) && !named.has(name)) {
      headers.set(name, value);
    }
  }
  if (!headers.has("accept-encoding")) {
    // A client that asked for nothing may not be able to read what is compressed.
    headers.set("accept-encoding", "identity");
  }
  const ofProtocol = wireOf(upstream).headers(upstream, headers.get("user-agent") ?? "");
  // A token that is no key of the service has a header that says so.
  const kinds = upstream.authType === undefined ? [] : [TOKEN_KIND];
  for (const name of [...CREDENTIAL_HEADERS, ...kinds]) {
    const value = ofProtocol[name];
    if (value !== undefined) {
      headers.set(name, value);
    }
  }
  for (const [name, value] of Object.entries(upstream.customHeaders)) {
    headers.set(name, value);
  }
  return headers;
}

/**
 * The headers of an answer as the tool gets them (rule 7), but for those that repeat what of the
 * request no tool may read.
 */
export function answerHeadersFor(answered: Headers, secrets: readonly string[]): Headers {
  const headers = new Headers();
  const named = connectionNames(answered);
  const filter = createAnswerFilter(secrets);
  for (const [name, value] of answered) {
    const isSecret = filter(name) !== name || filter(value) !== value;
    if (!isSecret && !HOP_BY_HOP.test(name) && !FROM_THERE.test(name) && !named.has(name)) {
      headers.append(name, value);
    }
  }
  return headers;
}

/** `Connection` names further headers that are for the next hop alone. */
function connectionNames(headers: Headers): ReadonlySet<string> {
  const names = (headers.get("connection") ?? "").toLowerCase().split(",");
  return new Set(names.map((name) => name.trim()));
}
