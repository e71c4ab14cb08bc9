import { isLoopbackHost, parseEndpoint } from "../../lib/endpoint-url.ts";

/** Where tokens go whose service names no place. */
const DEFAULT_ENDPOINT = "https://dashscope.aliyuncs.com/compatible-mode/v1";

export type ResourceEndpoint =
  | { readonly kind: "url"; readonly baseUrl: string }
  | { readonly kind: "invalid"; readonly reason: string };

/**
 * The base URL that a `resource_url` stands for: `portal.qwen.ai` → `https://portal.qwen.ai/v1`
 * (`spec/qwen-oauth.md`). A token is sent over `https:` alone, or to this machine.
 */
export function resourceEndpoint(resourceUrl: string | undefined): ResourceEndpoint {
  if (resourceUrl === undefined) {
    return { kind: "url", baseUrl: DEFAULT_ENDPOINT };
  }
  if (!/^[\w[][^\s\\]*$/.test(resourceUrl)) {
    return { kind: "invalid", reason: "it is no URL" };
  }
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(resourceUrl);
  const parsed = parseEndpoint(hasScheme ? resourceUrl : `https://${resourceUrl}`);
  const safe = parsed.kind === "invalid" ? parsed : checkSafe(parsed.url);
  if (safe.kind === "invalid") {
    return safe;
  }
  const base = safe.url.href.replace(/\/+$/, "");
  return { kind: "url", baseUrl: base.endsWith("/v1") ? base : `${base}/v1` };
}

type SafeUrl =
  | { readonly kind: "url"; readonly url: URL }
  | { readonly kind: "invalid"; readonly reason: string };

/** What tokens may be sent to: `https:`, or `http:` on this machine; nothing behind the path. */
export function checkSafe(url: URL): SafeUrl {
  if (url.protocol !== "https:" && !isLoopbackHost(url.hostname)) {
    return { kind: "invalid", reason: "it must begin with https://" };
  }
  if (url.search !== "" || url.hash !== "") {
    return { kind: "invalid", reason: "it must not have a query or a fragment" };
  }
  return { kind: "url", url };
}
