import { AuthError } from "../errors.ts";
import type { ServiceEndpoint } from "../protocols/service-endpoint.ts";
import { parseKey } from "../secrets/parse-key.ts";
import type { LoadedResolution } from "./connection.ts";
import type { RequestOptions } from "./request-options.ts";

/**
 * Where a request goes and what it carries; for a resolution that is `configured`.
 * @throws AuthError when the key cannot stand in a header
 */
export function toServiceEndpoint(
  { protocol, endpoint, key, isQwenOauth }: LoadedResolution,
  { customHeaders }: Pick<RequestOptions, "customHeaders">,
): ServiceEndpoint {
  const parsed = key.kind === "present" ? parseKey(key.value) : undefined;
  if (parsed?.kind === "invalid") {
    throw new AuthError(`Cannot send the key: ${parsed.reason}`, {
      code: "invalid-key",
      hint: "run `qwen auth status` to see where it comes from, and set it again",
    });
  }
  return {
    protocol: protocol?.value ?? "openai",
    baseUrl: endpoint?.value ?? "",
    credential: key.kind === "present" ? { value: key.value, scheme: key.scheme } : undefined,
    ...(isQwenOauth ? { authType: "qwen-oauth" } : {}),
    customHeaders,
  };
}
