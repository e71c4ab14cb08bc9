import { sameEndpoint } from "../lib/endpoint-url.ts";
import type { Resolution, ResolvedKey } from "../models/connection.ts";
import type { Configuration } from "../models/load-configuration.ts";
import type { ModelEntry } from "../models/model-entries.ts";
import { PROTOCOLS, STANDARD } from "../models/protocol.ts";
import { resolveEntry } from "../models/resolve-connection.ts";
import { keyOfVariable } from "../models/resolve-key.ts";
import { maskKey } from "../secrets/mask.ts";
import type { Source } from "../source.ts";
import { CATALOGUE, providerOf, providerOfEntry } from "./catalogue.ts";
import { PROVIDERS } from "./providers.ts";

/** One row of `qwen auth list --json` (`spec/cli.md`, "Other JSON"). */
export type ListedProvider = {
  /** Of the catalogue, or the host of an endpoint that it does not have. */
  readonly id: string;
  readonly label: string;
  readonly protocol: string;
  readonly baseUrl?: string;
  readonly envKey?: string;
  readonly key: { readonly present: boolean; readonly masked?: string; readonly source?: Source };
  readonly models: readonly string[];
  readonly active: boolean;
};

/**
 * Every configured provider and every stored credential: entries grouped by endpoint and variable,
 * then key variables that have a value but no entry.
 */
export function describeProviders(
  configuration: Configuration,
  resolution: Resolution,
): readonly ListedProvider[] {
  const configured = groupEntries(configuration).map((group) =>
    describeGroup(configuration, resolution, group),
  );
  const covered = new Set(configured.map(({ envKey }) => envKey));
  const stored = storedVariables(configuration)
    .filter(({ envKey }) => !covered.has(envKey))
    .map((candidate) => describeStored(configuration, resolution, candidate));
  return [...configured, ...stored.filter(({ key }) => key.present)];
}

type Group = readonly [ModelEntry, ...ModelEntry[]];

function groupEntries({ models }: Configuration): Group[] {
  const groups = new Map<string, Group>();
  for (const entry of models.entries) {
    const { protocol, baseUrl = "", envKey = "" } = entry;
    const identity = [protocol, baseUrl.replace(/\/+$/, ""), envKey].join("\n");
    const group = groups.get(identity);
    groups.set(identity, group === undefined ? [entry] : [...group, entry]);
  }
  return [...groups.values()];
}

function describeGroup(
  configuration: Configuration,
  resolution: Resolution,
  group: Group,
): ListedProvider {
  const [first] = group;
  const { endpoint, key } = resolveEntry(configuration, first, CATALOGUE);
  const baseUrl = endpoint?.value ?? first.baseUrl;
  const { entry } = resolution;
  return {
    ...nameOf(first, baseUrl),
    protocol: first.protocol,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(first.envKey === undefined ? {} : { envKey: first.envKey }),
    key: describeKey(key),
    models: group.map(({ id }) => id),
    active: entry !== undefined && group.includes(entry),
  };
}

function nameOf(entry: ModelEntry, baseUrl: string | undefined): { id: string; label: string } {
  const known =
    providerOfEntry(entry) ??
    (baseUrl === undefined ? undefined : providerOf(baseUrl, entry.protocol)?.provider);
  if (known !== undefined) {
    return { id: known.id, label: known.label };
  }
  const host = URL.parse(baseUrl ?? "")?.host ?? "custom";
  return { id: host, label: `Custom ${entry.protocol} endpoint` };
}

type Stored = Pick<ListedProvider, "id" | "label" | "protocol"> & {
  readonly envKey: string;
  readonly baseUrl: string | undefined;
};

/** The variables that a provider or a protocol reads by its own name. */
function storedVariables({ variable }: Configuration): Stored[] {
  const known = PROVIDERS.flatMap(({ id, label, protocol, envKey, endpoints }) =>
    envKey === undefined ? [] : [{ id, label, protocol, envKey, baseUrl: endpoints[0]?.baseUrl }],
  );
  const standard = PROTOCOLS.flatMap((protocol) =>
    STANDARD[protocol].keys.map((envKey) => ({
      id: protocol,
      label: `The protocol's own variable (${protocol})`,
      protocol,
      envKey,
      baseUrl: undefined,
    })),
  );
  return [
    ...known,
    ...standard.filter(({ envKey }) => !known.some((it) => it.envKey === envKey)),
  ].filter(({ envKey }) => variable(envKey) !== undefined);
}

function describeStored(
  configuration: Configuration,
  { entry, key, endpoint }: Resolution,
  { baseUrl, ...stored }: Stored,
): ListedProvider {
  const isActive = entry === undefined && key.kind === "present" && key.envKey === stored.envKey;
  const where = isActive ? endpoint?.value : baseUrl;
  const isElsewhere = where !== undefined && baseUrl !== undefined && !sameEndpoint(where, baseUrl);
  const known = isElsewhere ? providerOf(where, "openai")?.provider : undefined;
  return {
    ...stored,
    ...(isElsewhere ? { id: known?.id ?? URL.parse(where)?.host ?? stored.id } : {}),
    ...(where === undefined ? {} : { baseUrl: where }),
    key: describeKey(keyOfVariable(configuration, stored.envKey)),
    models: [],
    active: isActive,
  };
}

function describeKey(key: ResolvedKey): ListedProvider["key"] {
  return key.kind === "present"
    ? { present: true, masked: maskKey(key.value), source: key.source }
    : { present: false };
}
