import type { ServiceEndpoint } from "../protocols/service-endpoint.ts";
import type { LoadedResolution } from "./resolution.ts";

/** Where a request goes and what it carries. */
export function toServiceEndpoint({
  protocol,
  endpoint,
  key,
  isQwenOauth,
  request,
}: LoadedResolution): ServiceEndpoint {
  return {
    protocol: protocol.value,
    baseUrl: endpoint.value,
    credential: key.kind === "present" ? { value: key.value, scheme: key.scheme } : undefined,
    ...(isQwenOauth ? { authType: "qwen-oauth" } : {}),
    customHeaders: request.customHeaders,
  };
}
