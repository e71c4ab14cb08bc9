import type { JsonObject } from "../../lib/json/json-object.ts";
import { meantEntries } from "../../models/entries/match-entries.ts";
import type { Protocol } from "../../models/protocol.ts";

type Placed<Entry> = { readonly protocol: Protocol; readonly entry: Entry };

type Selection = { readonly selectedType: string; readonly model: string };

/** The entry of a set-up that its selection means, as it will be understood where it arrives. */
export function selectedEntry<Entry extends JsonObject>(
  entries: readonly Placed<Entry>[],
  selection: Selection | undefined,
): Entry | undefined {
  if (selection === undefined) {
    return undefined;
  }
  const named = entries.map(({ protocol, entry }) => ({
    protocol,
    entry,
    id: String(entry.id),
    name: textOf(entry.name),
    baseUrl: textOf(entry.baseUrl),
    envKey: textOf(entry.envKey),
  }));
  return meantEntries({ models: { entries: named } }, selection.model).find(
    ({ protocol }) => protocol === selection.selectedType,
  )?.entry;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
