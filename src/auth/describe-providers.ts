import { normalEndpoint, shownEndpoint } from "../lib/endpoint-url.ts";
import type { Configuration } from "../models/configuration.ts";
import { endpointNamer, entryTitle } from "../models/entries/match-entries.ts";
import type { ModelEntry } from "../models/entries/model-entries.ts";
import { PROTOCOL_NAMES, type Protocol } from "../models/protocol.ts";
import type { Resolution, ResolvedKey } from "../models/resolution.ts";
import { resolveEntry } from "../models/resolve-connection.ts";
import { keyOfVariable } from "../models/resolve-key.ts";
import { maskKey } from "../secrets/mask.ts";
import type { Source } from "../source.ts";
import { describeProblem, type ProblemField } from "./connection-problem.ts";
import { describeAccounts, type ListedAccount } from "./describe-accounts.ts";
import { DISCONTINUED_ON } from "./oauth/discontinued.ts";
import { CATALOGUE, providerOf, providerOfEntry } from "./providers/catalogue.ts";
import type { Provider } from "./providers/provider.ts";
import { PROVIDERS } from "./providers/providers.ts";
import { type StoredVariable, storedVariables } from "./stored-variables.ts";

/** One row of `qwen auth list --json` (`spec/cli.md`, "Other JSON"). */
export type ListedProvider = {
  /** Of the catalogue, or the host (and path) of an endpoint that it does not have. */
  readonly id: string;
  readonly label: string;
  readonly protocol: string;
  readonly baseUrl?: string;
  /** Where it speaks Anthropic's protocol, too, by its entries. */
  readonly anthropicBaseUrl?: string;
  readonly envKey?: string;
  readonly key: {
    readonly present: boolean;
    /** Only where the server wants none. */
    readonly needed?: false;
    readonly masked?: string;
    readonly source?: Source;
    /** Why what stands at the source can be no key. */
    readonly unusable?: string;
  };
  /** Why nothing can be asked there; absent where something can. */
  readonly problem?: ProblemField;
  readonly models: readonly string[];
  readonly active: boolean;
  /** Named keys of the variable. */
  readonly accounts?: readonly ListedAccount[];
};

/**
 * Every configured provider and every stored credential: entries grouped by endpoint and variable,
 * then key variables that have a value but no entry.
 */
export function describeProviders(
  configuration: Configuration,
  resolution: Resolution,
): readonly ListedProvider[] {
  const urls = configuration.models.entries.map(({ baseUrl }) => baseUrl);
  const nameEndpoint = endpointNamer(urls.filter((url) => url !== undefined));
  const configured = groupEntries(configuration).map((group) =>
    describeGroup(configuration, resolution, { group, nameEndpoint }),
  );
  const covered = new Set(configured.map(({ envKey }) => envKey));
  const stored = storedVariables(configuration)
    .filter(({ envKey }) => !covered.has(envKey))
    .map((candidate) => describeStored(configuration, resolution, { ...candidate, nameEndpoint }));
  const known = [
    ...configured,
    ...stored.filter(({ key, accounts }) => key.source !== undefined || accounts !== undefined),
  ];
  if (resolution.oauth !== undefined) {
    return [...known, describeOauth(resolution)];
  }
  return known.some(({ active }) => active)
    ? known
    : [...known, ...describeUnlisted(resolution, nameEndpoint)];
}

/** What is in force without an entry and without a variable of its key: a server without keys. */
function describeUnlisted(
  resolution: Resolution,
  nameEndpoint: Naming["nameEndpoint"],
): ListedProvider[] {
  const { entry, protocol, endpoint, key } = resolution;
  if (entry !== undefined || !protocol || !endpoint || key.kind === "missing") {
    return [];
  }
  const baseUrl = endpoint.value;
  return [
    {
      ...nameOf({ protocol: protocol.value, baseUrl, own: undefined, nameEndpoint }),
      protocol: protocol.value,
      baseUrl,
      key: describeKey(key),
      ...describeProblem(resolution),
      models: modelsOf(resolution),
      active: true,
    },
  ];
}

function modelsOf({ model }: Resolution): readonly string[] {
  return model === undefined ? [] : [model.value];
}

/** Tokens of Qwen OAuth; of whom they are in force, or would be if that were selected. */
export function describeOauth(resolution: Resolution): ListedProvider {
  const { endpoint, key, isQwenOauth } = resolution;
  return {
    id: "qwen-oauth",
    label: `Qwen OAuth (discontinued ${DISCONTINUED_ON})`,
    protocol: "openai",
    ...(endpoint === undefined ? {} : { baseUrl: endpoint.value }),
    key: describeKey(key),
    ...describeProblem(resolution),
    models: modelsOf(resolution),
    active: isQwenOauth,
  };
}

type Group = readonly [ModelEntry, ...ModelEntry[]];

function groupEntries({ models }: Configuration): Group[] {
  const groups = new Map<string, [ModelEntry, ...ModelEntry[]]>();
  for (const entry of models.entries) {
    const { protocol, baseUrl = "", envKey = "" } = entry;
    const identity = [protocol, normalEndpoint(baseUrl), envKey].join("\n");
    const group = groups.get(identity);
    if (group === undefined) {
      groups.set(identity, [entry]);
    } else {
      group.push(entry);
    }
  }
  return [...groups.values()];
}

function describeGroup(
  configuration: Configuration,
  resolution: Resolution,
  { group, nameEndpoint }: { readonly group: Group } & Naming,
): ListedProvider {
  const [first] = group;
  const active = resolution.entry !== undefined && group.includes(resolution.entry);
  const resolved = active ? resolution : resolveEntry(configuration, first, CATALOGUE);
  const baseUrl = resolved.endpoint?.value ?? shownEndpoint(first.baseUrl);
  return {
    ...nameOf({
      protocol: first.protocol,
      baseUrl,
      own: providerOfEntry(first),
      first,
      nameEndpoint,
    }),
    protocol: first.protocol,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(resolved.anthropicBase === undefined
      ? {}
      : { anthropicBaseUrl: resolved.anthropicBase.value }),
    ...(first.envKey === undefined ? {} : { envKey: first.envKey }),
    key: describeKey(resolved.key),
    ...describeAccounts(configuration, first.envKey, resolved.key),
    ...describeProblem(resolved),
    models: group.map(({ id }) => id),
    active,
  };
}

type Naming = { readonly nameEndpoint: (baseUrl: string) => string };

type EndpointNaming = Naming & {
  readonly protocol: Protocol;
  readonly baseUrl: string | undefined;
  readonly own: Provider | undefined;
  readonly first?: ModelEntry;
};

/** The catalogue's names for an endpoint, or what a person called it and its place. */
function nameOf({ protocol, baseUrl, own, first, nameEndpoint }: EndpointNaming): {
  id: string;
  label: string;
} {
  const known = own ?? (baseUrl && providerOf(baseUrl, protocol)?.provider);
  if (known) {
    return { id: known.id, label: known.label };
  }
  return {
    id: baseUrl === undefined ? "custom" : nameEndpoint(baseUrl),
    label: (first && entryTitle(first)) ?? `Custom ${PROTOCOL_NAMES[protocol]} endpoint`,
  };
}

function describeStored(
  configuration: Configuration,
  resolution: Resolution,
  { protocol, envKey, baseUrl, nameEndpoint }: StoredVariable & Naming,
): ListedProvider {
  const { entry, key, endpoint } = resolution;
  const active = entry === undefined && key.kind !== "missing" && key.envKey === envKey;
  const where = active ? endpoint?.value : baseUrl;
  const stored = keyOfVariable(configuration, envKey);
  const own = PROVIDERS.find((provider) => provider.envKey === envKey && where === undefined);
  return {
    ...nameOf({ protocol, baseUrl: where, own, nameEndpoint }),
    protocol,
    ...(where === undefined ? {} : { baseUrl: where }),
    envKey,
    key: describeKey(stored),
    ...describeAccounts(configuration, envKey, stored),
    ...(active ? describeProblem(resolution) : {}),
    models: active ? modelsOf(resolution) : [],
    active,
  };
}

function describeKey(key: ResolvedKey): ListedProvider["key"] {
  switch (key.kind) {
    case "present":
      return { present: true, masked: maskKey(key.value), source: key.source };
    case "deferred":
      return { present: true, source: key.source };
    case "keyless":
      return { present: false, needed: false };
    case "unusable":
      return { present: false, source: key.source, unusable: key.reason };
    case "missing":
      return { present: false };
  }
}
