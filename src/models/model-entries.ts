import { formatJsonPath, isJsonObject, type JsonObject } from "../lib/json-object.ts";
import { describeMismatch, findMismatch, type Mismatch, type Shape } from "../lib/shape.ts";
import { findSetting, type SettingsLayer, settingSource } from "../settings/settings-layer.ts";
import type { Source } from "../source.ts";
import { isProtocol, PROTOCOLS, type Protocol } from "./protocol.ts";

const ENTRY: Shape = {
  id: expectName,
  name: "string",
  description: "string",
  envKey: "string",
  baseUrl: "string",
  wireApi: "string",
  generationConfig: {},
};

function expectName(value: unknown): string | undefined {
  if (typeof value !== "string") {
    return "expected a string";
  }
  return value === "" ? "expected a name that is not empty" : undefined;
}

/** One item of `modelProviders`, with the place that it stands at. */
export type ModelEntry = {
  readonly protocol: Protocol;
  readonly id: string;
  readonly name: string | undefined;
  readonly envKey: string | undefined;
  readonly baseUrl: string | undefined;
  /** Tokens. */
  readonly contextWindowSize: number | undefined;
  readonly wireApi: string | undefined;
  /** As it stands there, unchecked. */
  readonly generationConfig: JsonObject | undefined;
  /** The source of one of the entry's fields, or of the entry as a whole. */
  readonly sourceOf: (field?: "id" | "envKey" | "baseUrl") => Source;
};

/** An item that cannot be used; it stops nothing unless it is the selected one. */
export type BrokenEntry = {
  readonly protocol: Protocol;
  readonly id: string | undefined;
  /** File, JSON path and what was expected. */
  readonly complaint: string;
};

export type ModelEntries = {
  readonly entries: readonly ModelEntry[];
  readonly broken: readonly BrokenEntry[];
  readonly warnings: readonly string[];
};

/** A key of `modelProviders`: a protocol, or a name that `providerProtocol` maps to one. */
type Group = {
  readonly key: string;
  readonly protocol: Protocol;
  readonly layer: SettingsLayer;
  readonly path: readonly string[];
  readonly items: readonly unknown[];
};

/**
 * The model entries in force, protocol by protocol, in file order. The array of a protocol is that
 * of the highest scope that has one. Provider objects of `$version` 5 are read like bare arrays.
 */
export function modelEntries(layers: readonly SettingsLayer[], merged: JsonObject): ModelEntries {
  const providers = isJsonObject(merged.modelProviders) ? merged.modelProviders : {};
  const warnings: string[] = [];
  const groups: Group[] = [];
  for (const key of Object.keys(providers)) {
    const group = readGroup(key, layers, merged);
    if (typeof group === "string") {
      warnings.push(group);
    } else {
      groups.push(group);
    }
  }
  const entries: ModelEntry[] = [];
  const broken: BrokenEntry[] = [];
  for (const protocol of PROTOCOLS) {
    for (const group of groups.filter((group) => group.protocol === protocol)) {
      readItems(group, { entries, broken });
    }
  }
  const complaints = broken.map(({ complaint }) => complaint);
  return {
    entries,
    broken,
    warnings: [...warnings, ...complaints, ...duplicateWarnings(entries)],
  };
}

/** Whether two entries are the same one: id and base URL (`spec/settings-and-env.md`). */
export function entryIdentity({ id, baseUrl }: Pick<ModelEntry, "id" | "baseUrl">): string {
  return `${id}\n${(baseUrl ?? "").replace(/\/+$/, "")}`;
}

function readGroup(
  key: string,
  layers: readonly SettingsLayer[],
  merged: JsonObject,
): Group | string {
  const path = ["modelProviders", key];
  const layer = layerOf(layers, path);
  if (layer === undefined) {
    return `\`${formatJsonPath(path)}\` is empty`;
  }
  const value = findSetting(layers, path)?.value;
  const isVersion5 = isJsonObject(value) && Array.isArray(value.models);
  const items = isVersion5 ? value.models : value;
  const where = `\`${formatJsonPath(path)}\` in \`${layer.path}\``;
  if (!Array.isArray(items)) {
    return `${where} was ignored: expected an array`;
  }
  const explicit = isVersion5 && typeof value.protocol === "string" ? value.protocol : undefined;
  const protocol = groupProtocol(key, explicit, merged);
  if (protocol === undefined) {
    return `${where} was ignored: \`${key}\` is no protocol, and \`providerProtocol\` does not map it to one`;
  }
  return { key, protocol, layer, path: isVersion5 ? [...path, "models"] : path, items };
}

function groupProtocol(
  key: string,
  explicit: string | undefined,
  merged: JsonObject,
): Protocol | undefined {
  const mapped = isJsonObject(merged.providerProtocol) ? merged.providerProtocol[key] : undefined;
  const candidates = [key, mapped, explicit].filter((name) => typeof name === "string");
  return candidates.find(isProtocol);
}

function layerOf(
  layers: readonly SettingsLayer[],
  path: readonly string[],
): SettingsLayer | undefined {
  const source = findSetting(layers, path)?.source;
  return layers.find((layer) => layer.scope === source?.scope);
}

function readItems(
  group: Group,
  { entries, broken }: { readonly entries: ModelEntry[]; readonly broken: BrokenEntry[] },
): void {
  for (let index = 0; index < group.items.length; index += 1) {
    const item = group.items[index];
    if (isEntry(item)) {
      entries.push(toEntry(item, index, group));
      continue;
    }
    const mismatch = findMismatch(item, ENTRY);
    if (mismatch !== undefined) {
      broken.push(toBroken(item, mismatch, index, group));
    }
  }
}

type Entry = {
  readonly id: string;
  readonly name?: string;
  readonly envKey?: string;
  readonly baseUrl?: string;
  readonly wireApi?: string;
  readonly generationConfig?: JsonObject;
};

function isEntry(item: unknown): item is Entry {
  return findMismatch(item, ENTRY) === undefined;
}

function toEntry(entry: Entry, index: number, { protocol, layer, path }: Group): ModelEntry {
  return {
    protocol,
    id: entry.id,
    name: entry.name || undefined,
    envKey: entry.envKey || undefined,
    baseUrl: entry.baseUrl || undefined,
    contextWindowSize: contextWindowOf(entry.generationConfig),
    wireApi: entry.wireApi,
    generationConfig: entry.generationConfig,
    sourceOf: (field) =>
      settingSource(layer, [...path, index, ...(field === undefined ? [] : [field])]),
  };
}

function contextWindowOf(config: JsonObject | undefined): number | undefined {
  const size = config?.contextWindowSize;
  return typeof size === "number" ? size : undefined;
}

function toBroken(
  item: unknown,
  mismatch: Mismatch,
  index: number,
  { protocol, layer, path }: Group,
): BrokenEntry {
  const complaint = describeMismatch({ ...mismatch, path: [...path, index, ...mismatch.path] });
  return {
    protocol,
    id: isJsonObject(item) && typeof item.id === "string" ? item.id : undefined,
    complaint: `\`${layer.path}\`: ${complaint}`,
  };
}

function duplicateWarnings(entries: readonly ModelEntry[]): string[] {
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  // Most often no two have even the id in common.
  const ids = new Set(entries.map(({ id }) => id));
  for (const entry of ids.size === entries.length ? [] : entries) {
    const identity = `${entry.protocol}\n${entryIdentity(entry)}`;
    if (seen.has(identity)) {
      duplicates.add(`\`${entry.id}\` stands twice in \`modelProviders\` with the same base URL`);
    }
    seen.add(identity);
  }
  return [...duplicates];
}
