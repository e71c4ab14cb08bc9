import type { Configuration } from "../../models/configuration.ts";
import { entryTitle } from "../../models/entries/match-entries.ts";
import type { ModelEntry } from "../../models/entries/model-entries.ts";
import type { Resolution } from "../../models/resolution.ts";
import { findText } from "../../settings/settings-layer.ts";
import { endpointNames, endpointsNamed } from "../find-model.ts";
import { providerOf, providerOfEntry } from "../providers/catalogue.ts";
import { findProvider } from "../providers/find-provider.ts";
import type { Provider } from "../providers/provider.ts";
import { isAtEndpoint } from "../providers/provider-entries.ts";
import type { LogoutTarget } from "./apply-logout.ts";

/**
 * Whose login is in force: what settings select, or an older set-up of the Coding Plan. A provider
 * that only comes first among others is nobody's choice, so a second logout does not take it.
 */
export function activeTarget(
  configuration: Configuration,
  resolution: Resolution,
): LogoutTarget | undefined {
  const { layers } = configuration;
  const { endpoint, protocol, entry, isLegacyPlan, isQwenOauth } = resolution;
  const isSelected =
    findText(layers, ["model", "name"]) !== undefined ||
    findText(layers, ["security", "auth", "selectedType"]) !== undefined;
  if (isQwenOauth) {
    return { kind: "qwen-oauth" };
  }
  if (endpoint === undefined || protocol === undefined || !(isSelected || isLegacyPlan)) {
    return undefined;
  }
  const known =
    (entry && providerOfEntry(entry)) ?? providerOf(endpoint.value, protocol.value)?.provider;
  return known === undefined
    ? customTarget(configuration, endpoint.value, protocol.value)
    : providerTarget(configuration, known);
}

/**
 * The targets that `--provider` names: a provider of the catalogue, and configured endpoints by
 * title, host, host and path, or base URL; an endpoint where a provider's login stands is the
 * provider. Of several targets none is meant.
 */
export function namedTargets(
  configuration: Configuration,
  name: string,
): readonly { readonly name: string; readonly target: LogoutTarget }[] {
  if (name.toLowerCase() === "qwen-oauth") {
    return [{ name, target: { kind: "qwen-oauth" } }];
  }
  const provider = findProvider(name);
  const named = endpointsNamed(configuration, name, provider).map((endpoint) => ({
    name: endpoint.name,
    target:
      endpoint.provider === undefined
        ? customTarget(configuration, endpoint.baseUrl, endpoint.protocol)
        : providerTarget(configuration, endpoint.provider),
  }));
  const others = named.filter(
    ({ target }, index) => named.findIndex((one) => includesTarget(one.target, target)) === index,
  );
  if (provider === undefined) {
    return others;
  }
  const own = configuration.models.entries.filter((entry) => providerOfEntry(entry) === provider);
  const [where] = endpointNames(configuration, own);
  const target = providerTarget(configuration, provider);
  return where === undefined && others.length > 0
    ? others
    : [{ name: others.length === 0 ? name : (where ?? name), target }, ...others];
}

/** Whether two targets are the same one; everything includes each. */
export function includesTarget(target: LogoutTarget, other: LogoutTarget | undefined): boolean {
  if (target.kind === "all" || other === undefined) {
    return target.kind === "all";
  }
  if (target.kind === "provider" && other.kind === "provider") {
    return target.provider.id === other.provider.id;
  }
  if (target.kind === "custom" && other.kind === "custom") {
    return target.protocol === other.protocol && isAtEndpoint(target, other.baseUrl);
  }
  return target.kind === other.kind;
}

/**
 * Where the keys of a target are revoked: the consoles of the regions in use, or of all regions
 * where that is not known.
 */
export function consoleUrls(
  { models }: Configuration,
  { endpoint }: Resolution,
  target: LogoutTarget,
): string[] {
  const inUse = [endpoint?.value, ...models.entries.map(({ baseUrl }) => baseUrl)];
  return unique(
    providersOf(models.entries, target).flatMap(({ endpoints, consoleUrl }) => {
      const used = endpoints.filter((known) =>
        inUse.some((baseUrl) => isAtEndpoint({ baseUrl }, known.baseUrl)),
      );
      const regions = used.length === 0 ? endpoints : used;
      return regions.length === 0
        ? [consoleUrl]
        : regions.map((region) => region.consoleUrl ?? consoleUrl);
    }),
  );
}

function providersOf(entries: readonly ModelEntry[], target: LogoutTarget): readonly Provider[] {
  if (target.kind === "provider") {
    return [target.provider];
  }
  const known = target.kind === "all" ? entries.map(providerOfEntry) : [];
  return [...new Set(known.filter((provider) => provider !== undefined))];
}

function providerTarget({ models }: Configuration, provider: Provider): LogoutTarget {
  const own = models.entries.filter((entry) => providerOfEntry(entry) === provider);
  const envKeys = [provider.envKey, ...own.map(({ envKey }) => envKey)];
  return { kind: "provider", provider, envKeys: unique(envKeys) };
}

function customTarget(
  { models }: Configuration,
  baseUrl: string,
  protocol: ModelEntry["protocol"],
): LogoutTarget {
  const own = models.entries.filter(
    (entry) => entry.protocol === protocol && isAtEndpoint(entry, baseUrl),
  );
  return {
    kind: "custom",
    protocol,
    baseUrl,
    title: own.map(entryTitle).find((title) => title !== undefined),
    envKeys: unique(own.map(({ envKey }) => envKey)),
  };
}

function unique(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))];
}
