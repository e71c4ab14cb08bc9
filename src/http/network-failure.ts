import { systemErrorCode } from "../lib/system-error.ts";
import type { FailureKind, RequestFailure, Via } from "./request-failure.ts";

type KnownFailure = { readonly kind: FailureKind; readonly message: string };

/** Bun's codes and what they mean for people (`reference/bun.md` §5). */
const KNOWN: Readonly<Record<string, KnownFailure>> = {
  ENOTFOUND: { kind: "dns", message: "the host name is unknown" },
  EAI_AGAIN: { kind: "dns", message: "the host name cannot be looked up; is there a network?" },
  ECONNREFUSED: { kind: "refused", message: "the connection was refused; is the server running?" },
  ConnectionRefused: { kind: "refused", message: "the connection was refused" },
  EHOSTUNREACH: { kind: "refused", message: "there is no route to the host" },
  ENETUNREACH: { kind: "refused", message: "the network is unreachable" },
  ETIMEDOUT: { kind: "timeout", message: "the connection took too long" },
  ECONNRESET: { kind: "reset", message: "the connection was closed without an answer" },
  ConnectionClosed: { kind: "reset", message: "the connection was closed without an answer" },
  ZlibError: { kind: "malformed", message: "the answer cannot be decompressed" },
  Malformed_HTTP_Response: { kind: "malformed", message: "the answer is no HTTP" },
  ERR_INVALID_ARG_VALUE: { kind: "proxy", message: "the address of the proxy is no URL" },
  UnsupportedProxyProtocol: {
    kind: "proxy",
    message: "only http:// and https:// proxies are supported",
  },
};

const TLS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate comes from an authority that is not known here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate comes from an authority that is not known here",
  UNABLE_TO_GET_ISSUER_CERT: "its certificate comes from an authority that is not known here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    "its certificate comes from an authority that is not known here",
  CERT_HAS_EXPIRED: "its certificate has expired; is the clock right?",
  CERT_NOT_YET_VALID: "its certificate is not valid yet; is the clock right?",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
};

/** What a handshake failed of, by the words of BoringSSL. */
const HANDSHAKES: readonly (readonly [words: RegExp, message: string])[] = [
  [/CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA/, "the server wants a client certificate"],
  [/NO_APPLICATION_PROTOCOL/, "the server speaks HTTP/2 alone, which is not supported"],
  [/WRONG_VERSION_NUMBER|HTTP_REQUEST/, "the server does not speak TLS on this port"],
  [/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/, "the server speaks no TLS that is safe (1.2 or newer)"],
];

/** Most codes that a handshake can fail with say nothing; a server may want several things. */
function handshakeFailure(code: string, text: string): RequestFailure {
  const [, message] = HANDSHAKES.find(([words]) => words.test(`${code} ${text}`)) ?? [];
  return {
    kind: "tls",
    message:
      message ?? "the TLS handshake failed: the server may want a client certificate, or HTTP/2",
    code,
  };
}

/** What a failed `fetch` means. Bun's own texts are for programmers and name no remedy. */
export function networkFailure(error: unknown): RequestFailure {
  const code = systemErrorCode(error) ?? "";
  const text = error instanceof Error ? error.message : String(error);
  const known = Object.hasOwn(KNOWN, code) ? KNOWN[code] : undefined;
  if (known !== undefined) {
    return { ...known, code };
  }
  if (code === "ERR_PROXY_TUNNEL") {
    return proxyFailure(/\b\d{3}\b/.exec(text)?.[0]);
  }
  if (code === "EPROTO" || /^ERR_SSL_/.test(code)) {
    return handshakeFailure(code, text);
  }
  const certificate = Object.hasOwn(TLS, code) ? TLS[code] : undefined;
  if (certificate !== undefined || /CERT|SSL|TLS/.test(code)) {
    return { kind: "tls", message: certificate ?? "its certificate cannot be checked", code };
  }
  return { kind: "reset", message: `the request failed (${code || text})` };
}

/** What it means that the proxy, not the server, answered with `status`. */
export function proxyFailure(status = ""): RequestFailure {
  return {
    kind: "proxy",
    message:
      status === "407"
        ? "the proxy wants a user name and password, or other ones (407)"
        : `the proxy did not connect (${status || "no reason given"})`,
    code: "ERR_PROXY_TUNNEL",
  };
}

/**
 * A failure of a request that a proxy was to carry. This machine looks up and connects to the proxy
 * alone, so that it is the proxy which is unknown or refuses.
 */
export function behindProxy(failure: RequestFailure, via: Via | undefined): RequestFailure {
  if (via === undefined) {
    return failure;
  }
  const isUnreached = failure.kind === "dns" || failure.kind === "refused";
  const message = isUnreached
    ? `the proxy ${via.proxy} cannot be reached: ${failure.message}`
    : failure.message;
  return isUnreached || failure.kind === "proxy"
    ? {
        ...failure,
        kind: "proxy",
        message: `${message} (named by \`${via.name}\`)`,
        via,
        ...(isUnreached ? { shouldRetry: true } : {}),
      }
    : failure;
}
