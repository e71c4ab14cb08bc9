import type { Resolution } from "../models/resolution.ts";
import { describeSource } from "../source.ts";

/**
 * What must be said before a key goes to an endpoint of the project's choosing, or is handed out
 * for it (`spec/trust-and-secrets.md`); `undefined` for an endpoint of the user's own.
 */
export function endpointNotice(resolution: Resolution): string | undefined {
  const { endpoint, key, pairing, projectSource } = resolution;
  if (endpoint?.source.origin !== "project") {
    return undefined;
  }
  // A setting of the user's that a variable of the project's fills in: that one chose the place.
  const isFilledIn = endpoint.source.kind === "settings" && endpoint.source.scope !== "project";
  const source = isFilledIn ? (projectSource ?? endpoint.source) : endpoint.source;
  const from = `${endpoint.value} from ${describeSource(source)}`;
  const hasKey = key.kind === "present" || key.kind === "deferred";
  const name = hasKey ? (key.envKey ?? key.source.name) : undefined;
  return pairing.kind === "trusted" && name !== undefined
    ? `using ${name} with ${from} (folder trusted)`
    : `the endpoint is ${from}`;
}
