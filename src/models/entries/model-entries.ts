import { filled } from "../../lib/filled.ts";
import { formatJsonPath, isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";
import { describeMismatch, findMismatch, type Mismatch, type Shape } from "../../lib/json/shape.ts";
import { type SettingsLayer, settingSource } from "../../settings/settings-layer.ts";
import type { Source } from "../../source.ts";
import { PROTOCOLS, type Protocol } from "../protocol.ts";
import { type EntryFields, type Remark, remarksOn, whyNoChat } from "./entry-fields.ts";
import { type IgnoredGroup, type ProviderGroup, providerGroups } from "./provider-groups.ts";

const ENTRY: Shape = {
  id: expectName,
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
  /** As it stands there: `anthropicBaseOf` decides whether it counts. */
  readonly anthropicBaseUrl: string | undefined;
  /** Tokens. */
  readonly contextWindowSize: number | undefined;
  /** `models --update` found that its endpoint does not list it any more. */
  readonly isDelisted: boolean;
  /** As it stands there, unchecked. */
  readonly generationConfig: JsonObject | undefined;
  /** What Qwen Code is told of the model, unchecked. */
  readonly capabilities?: JsonObject;
  /** Something in it that is not read and that would decide which key goes where. */
  readonly fault?: Remark;
  /** The source of one of the entry's fields, or of the entry as a whole. */
  readonly sourceOf: (field?: "id" | "envKey" | "baseUrl" | "anthropicBaseUrl") => Source;
};

/** An item that cannot be used; it stops nothing unless it is the selected one. */
export type UnfitEntry = {
  readonly kind: "broken" | "no-chat";
  readonly protocol: Protocol;
  readonly id: string | undefined;
  /** File, JSON path and what was expected. */
  readonly complaint: string;
} & Pick<ModelEntry, "name" | "baseUrl" | "envKey">;

export type ModelEntries = {
  readonly entries: readonly ModelEntry[];
  readonly unfit: readonly UnfitEntry[];
  readonly ignored: readonly IgnoredGroup[];
  readonly warnings: readonly string[];
};

type FoundEntries = {
  readonly entries: ModelEntry[];
  readonly unfit: UnfitEntry[];
  readonly warnings: string[];
};

/**
 * The model entries in force, protocol by protocol, in file order. The array of a protocol is that
 * of the highest scope that has one. An entry that cannot answer a chat is none: it is never the
 * default, and selected by its name it has a reason (`spec/settings-and-env.md`).
 */
export function modelEntries(layers: readonly SettingsLayer[], merged: JsonObject): ModelEntries {
  const { groups, ignored } = providerGroups(layers, merged);
  const found: FoundEntries = { entries: [], unfit: [], warnings: [] };
  for (const protocol of PROTOCOLS) {
    for (const group of groups.filter((group) => group.protocol === protocol)) {
      if (group.remark !== undefined) {
        found.warnings.push(group.remark);
      }
      readItems(group, found);
    }
  }
  const { entries, unfit } = found;
  return {
    entries,
    unfit,
    ignored,
    warnings: [
      ...ignored.map(({ complaint }) => complaint),
      ...unfit.map(({ kind, complaint }) => (kind === "broken" ? [complaint] : [])).flat(),
      ...found.warnings,
      ...duplicateWarnings(entries),
    ],
  };
}

/** Whether two entries are the same one: id and base URL (`spec/settings-and-env.md`). */
export function entryIdentity({ id, baseUrl }: Pick<ModelEntry, "id" | "baseUrl">): string {
  return `${id}\n${(baseUrl ?? "").replace(/\/+$/, "")}`;
}

function readItems(group: ProviderGroup, { entries, unfit, warnings }: FoundEntries): void {
  const { protocol, layer, path } = group;
  for (let index = 0; index < group.items.length; index += 1) {
    const item = group.items[index];
    const place = [...path, index];
    if (!isEntry(item)) {
      unfit.push(toBroken(item, place, group));
      continue;
    }
    const why = whyNoChat(item, group.wireApi);
    if (why !== undefined) {
      const complaint = `\`${formatJsonPath(place)}\` in \`${layer.path}\` ${why}`;
      unfit.push({ kind: "no-chat", protocol, complaint, ...namedBy(item) });
      continue;
    }
    const remarks = remarksOn(item, place, layer.path);
    for (const { complaint } of remarks) {
      warnings.push(complaint);
    }
    const fault = remarks.find(({ decides }) => decides !== undefined);
    entries.push({ ...toEntry(item, place, group), ...(fault === undefined ? {} : { fault }) });
  }
}

function isEntry(item: unknown): item is EntryFields {
  return findMismatch(item, ENTRY) === undefined;
}

function toEntry(
  entry: EntryFields,
  place: readonly (string | number)[],
  { protocol, layer }: ProviderGroup,
): ModelEntry {
  return {
    protocol,
    id: entry.id,
    name: typeof entry.name === "string" && entry.name !== "" ? entry.name : undefined,
    envKey: filled(entry.envKey),
    baseUrl: entry.baseUrl || undefined,
    anthropicBaseUrl:
      typeof entry.anthropicBaseUrl === "string" ? entry.anthropicBaseUrl || undefined : undefined,
    contextWindowSize: contextWindowOf(entry.generationConfig),
    isDelisted: entry.delisted === true,
    generationConfig: entry.generationConfig,
    ...(isJsonObject(entry.capabilities) ? { capabilities: entry.capabilities } : {}),
    sourceOf: (field) => settingSource(layer, [...place, ...(field === undefined ? [] : [field])]),
  };
}

function contextWindowOf(config: JsonObject | undefined): number | undefined {
  const size = config?.contextWindowSize;
  return typeof size === "number" && size > 0 ? size : undefined;
}

function toBroken(
  item: unknown,
  place: readonly (string | number)[],
  { protocol, layer }: ProviderGroup,
): UnfitEntry {
  const mismatch: Mismatch = findMismatch(item, ENTRY) ?? {
    path: [],
    expected: "expected a model",
  };
  const complaint = describeMismatch({ ...mismatch, path: [...place, ...mismatch.path] });
  return {
    kind: "broken",
    protocol,
    complaint: `\`${layer.path}\`: ${complaint}`,
    ...namedBy(isJsonObject(item) ? item : {}),
  };
}

/** What words go by that mean an entry, whatever is wrong with it. */
function namedBy(
  item: JsonObject | EntryFields,
): Pick<UnfitEntry, "id" | "name" | "baseUrl" | "envKey"> {
  const { id, name, baseUrl, envKey } = item;
  const text = (value: unknown): string | undefined =>
    typeof value === "string" ? value || undefined : undefined;
  return { id: text(id), name: text(name), baseUrl: text(baseUrl), envKey: text(envKey) };
}

function duplicateWarnings(entries: readonly ModelEntry[]): string[] {
  const seen = new Map<string, ModelEntry>();
  const duplicates = new Set<string>();
  // Most often no two have even the id in common.
  const ids = new Set(entries.map(({ id }) => id));
  for (const entry of ids.size === entries.length ? [] : entries) {
    const identity = `${entry.protocol}\n${entryIdentity(entry)}`;
    const first = seen.get(identity);
    if (first !== undefined) {
      const twice = `\`${entry.id}\` stands twice in \`modelProviders\` with the same base URL`;
      const isOther = entry.envKey !== undefined && entry.envKey !== first.envKey;
      const way = isOther ? `; \`--model ${entry.id}@${entry.envKey}\` uses the second` : "";
      duplicates.add(`${twice}${way}`);
    }
    seen.set(identity, first ?? entry);
  }
  return [...duplicates];
}
