import type { Configuration } from "./configuration.ts";
import type { Configured } from "./resolution.ts";

/** The ids that settings have at the endpoint in force. */
export function modelsAt(
  { models }: Pick<Configuration, "models">,
  { protocol, endpoint }: Pick<Configured, "protocol" | "endpoint">,
): string[] {
  return models.entries
    .filter((entry) => entry.protocol === protocol.value)
    .filter(({ baseUrl }) => (baseUrl ?? endpoint.value) === endpoint.value)
    .map(({ id }) => id);
}
