import { CATALOGUE } from "../auth/catalogue.ts";
import { failureRowsAt } from "../auth/providers/failure-rows.ts";
import type { LoadedResolution } from "../models/connection.ts";
import type { Configuration } from "../models/load-configuration.ts";
import { type RequestOptions, resolveRequestOptions } from "../models/request-options.ts";
import { toServiceEndpoint } from "../models/to-service-endpoint.ts";
import type { ServiceEndpoint } from "../protocols/service-endpoint.ts";
import type { Runtime } from "../runtime.ts";

type Service = { readonly endpoint: ServiceEndpoint; readonly wishes: RequestOptions };

/**
 * Where requests of a configured connection go and how they are made; what their headers carry is
 * shown nowhere from then on.
 * @throws ConfigError for headers that cannot be sent, AuthError for such a key
 */
export function openService(
  { addSecret }: Pick<Runtime, "addSecret">,
  configuration: Configuration,
  resolution: LoadedResolution,
): Service {
  const wishes = resolveRequestOptions(configuration, resolution, CATALOGUE);
  headerSecrets(wishes.customHeaders).forEach(addSecret);
  const endpoint = toServiceEndpoint(resolution, wishes);
  const failureRows = failureRowsAt(endpoint.baseUrl);
  return { endpoint: { ...endpoint, failureRows }, wishes };
}

/** Values of headers that carry credentials by their name. */
function headerSecrets(customHeaders: Readonly<Record<string, string>>): string[] {
  return Object.entries(customHeaders)
    .filter(([name]) => /auth|key|token|secret|cookie/i.test(name))
    .flatMap(([, value]) => [value, value.replace(/^\w+ /, "")]);
}
