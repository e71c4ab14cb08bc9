import type { JsoncEdit } from "../../lib/json/jsonc-edit.ts";
import type { ModelEntry } from "../../models/entries/model-entries.ts";

/**
 * The edits that make an entry's model the default: `model.name`, the protocol, and
 * `model.baseUrl` where another of the protocol's entries has the same id
 * (`spec/settings-and-env.md`).
 */
export function applySwitch(entry: ModelEntry, entries: readonly ModelEntry[]): JsoncEdit[] {
  const { id, protocol, baseUrl } = entry;
  const same = entries.filter((other) => other.protocol === protocol && other.id === id);
  const needsUrl = same.length > 1 && baseUrl !== undefined;
  return [
    { kind: "set", path: ["security", "auth", "selectedType"], value: protocol },
    { kind: "set", path: ["model", "name"], value: id },
    needsUrl
      ? { kind: "set", path: ["model", "baseUrl"], value: baseUrl }
      : { kind: "remove", path: ["model", "baseUrl"] },
  ];
}
