import { sameEndpoint } from "../../lib/endpoint-url.ts";
import type { JsonObject } from "../../lib/json/json-object.ts";
import { entryEndpoint } from "../../models/entries/entry-endpoint.ts";
import { meantEntries } from "../../models/entries/match-entries.ts";
import type { Protocol } from "../../models/protocol.ts";
import { unfilledName } from "../../settings/interpolate-settings.ts";

type EntryOfProtocol<Entry> = { readonly protocol: Protocol; readonly entry: Entry };

type Selection = { readonly selectedType: string; readonly model: string };

/**
 * Whether an entry of the selected protocol is where a selection says that its model is; one that
 * says nothing is anywhere. What a variable fills is known only where it is used.
 */
export function isAtSelected<Entry extends JsonObject>(
  entries: readonly EntryOfProtocol<Entry>[],
  { selectedType, baseUrl }: { readonly selectedType: Protocol; readonly baseUrl?: unknown },
): boolean {
  const wanted = textOf(baseUrl) ?? "";
  return (
    wanted === "" ||
    entries
      .filter(({ protocol }) => protocol === selectedType)
      .map(({ entry }) => entryEndpoint(selectedType, entry))
      .some(
        (endpoint) =>
          [endpoint, wanted].some((text) => unfilledName(text) !== undefined) ||
          sameEndpoint(endpoint, wanted),
      )
  );
}

/** The entry of a set-up that its selection means, as it will be understood where it arrives. */
export function selectedEntry<Entry extends JsonObject>(
  entries: readonly EntryOfProtocol<Entry>[],
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
