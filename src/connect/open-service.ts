import { failureRowsAt } from "../auth/providers/failure-rows.ts";
import { keyHeaderAt } from "../auth/providers/key-header.ts";
import { headerSecrets } from "../models/custom-headers.ts";
import type { LoadedResolution } from "../models/resolution.ts";
import { toServiceEndpoint } from "../models/to-service-endpoint.ts";
import type { ServiceEndpoint } from "../protocols/service-endpoint.ts";
import type { Runtime } from "../runtime.ts";

/**
 * Where requests of a configured connection go; what their headers carry is shown nowhere from then
 * on.
 */
export function openService(
  { addSecret }: Pick<Runtime, "addSecret">,
  resolution: LoadedResolution,
): ServiceEndpoint {
  headerSecrets(resolution.request.customHeaders).forEach(addSecret);
  const endpoint = toServiceEndpoint(resolution);
  const { baseUrl } = endpoint;
  return {
    ...endpoint,
    failureRows: failureRowsAt(baseUrl),
    keyHeader: keyHeaderAt(baseUrl),
  };
}
