import { entryTitle } from "../models/entries/match-entries.ts";
import type { Resolution } from "../models/resolution.ts";
import { CODING_PLAN } from "./providers/alibaba-providers.ts";
import { providerOf, providerOfEntry } from "./providers/catalogue.ts";

export type AuthMethod =
  | "coding-plan"
  | "token-plan"
  | "standard-api-key"
  | "api-key"
  | "qwen-oauth"
  | "none";

/** How one authenticates, as `qwen auth status` calls it. */
export type MethodInForce = {
  readonly method: AuthMethod;
  /** An id of the catalogue, or `custom`; absent where no endpoint is known. */
  readonly provider?: string;
  /** What a person called an endpoint that the catalogue does not have. */
  readonly name?: string;
  readonly region?: string;
};

/** The method in force, by the catalogue's names. */
export function describeMethod({
  endpoint,
  protocol,
  entry,
  isQwenOauth,
  isLegacyPlan,
}: Resolution): MethodInForce {
  if (isQwenOauth) {
    return { method: "qwen-oauth", provider: "qwen-oauth" };
  }
  if (protocol === undefined) {
    return { method: "none" };
  }
  if (endpoint === undefined) {
    return { method: "api-key" };
  }
  const known = providerOf(endpoint.value, protocol.value);
  if (known === undefined) {
    const own = entry && providerOfEntry(entry);
    const title = entry && own === undefined ? entryTitle(entry) : undefined;
    const name = title === undefined ? {} : { name: title };
    return { method: "api-key", provider: own?.id ?? "custom", ...name };
  }
  const { id, envKey } = known.provider;
  const isPlanKey = isLegacyPlan || entry?.envKey === envKey;
  const { region } = known.endpoint;
  return {
    method: methodOf(id, isPlanKey),
    provider: id,
    ...(region === undefined ? {} : { region }),
  };
}

/** A plan is a key and an endpoint: the endpoint with another key is an API key like any other. */
export function methodOf(provider: string, hasItsKey: boolean): AuthMethod {
  if (!hasItsKey) {
    return "api-key";
  }
  switch (provider) {
    case CODING_PLAN.id:
      return "coding-plan";
    case "token-plan":
      return "token-plan";
    case "modelstudio":
      return "standard-api-key";
    default:
      return "api-key";
  }
}
