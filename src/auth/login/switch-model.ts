import { UsageError } from "../../errors.ts";
import type { JsoncEdit } from "../../lib/json/jsonc-edit.ts";
import type { Configuration } from "../../models/configuration.ts";
import { qualifiedId } from "../../models/entries/match-entries.ts";
import {
  entryIdentity,
  type ModelEntry,
  modelEntries,
} from "../../models/entries/model-entries.ts";
import { mergeSettings } from "../../settings/merge-settings.ts";

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

/** A choice in the user's settings that only this project's files explain breaks everywhere else. */
export function throwIfElsewhere(
  { layers }: Configuration,
  entry: ModelEntry,
  scope: "user" | "project",
): void {
  const source = entry.sourceOf();
  if (scope === "user" && source.scope === "project" && !isOfUser(layers, entry)) {
    throw new UsageError(
      `Cannot switch to "${entry.id}" in your settings: only \`${source.path}\` has it`,
      { code: "invalid-value", hint: "add `--scope project`" },
    );
  }
}

/** Settings name a default by id and base URL: of two entries alike in both only the first can be. */
export function throwIfSecond({ models }: Configuration, entry: ModelEntry): void {
  const first = models.entries.find(
    (other) => other.protocol === entry.protocol && entryIdentity(other) === entryIdentity(entry),
  );
  if (first !== entry && first !== undefined) {
    throw new UsageError(
      `Cannot make "${entry.id}" with \`${entry.envKey}\` the default: another entry of the same id and base URL stands before it`,
      {
        code: "invalid-value",
        hint: `use it with \`--model ${qualifiedId(entry, models.entries)}\`, or move it up in \`modelProviders\``,
      },
    );
  }
}

/** Whether the entry would be there without the project's file, which hides others as a whole. */
function isOfUser(layers: Configuration["layers"], entry: ModelEntry): boolean {
  const own = layers.filter((layer) => layer.scope !== "project");
  const merged = mergeSettings(own.map(({ value }) => value));
  return modelEntries(own, merged).entries.some(
    (other) => other.protocol === entry.protocol && entryIdentity(other) === entryIdentity(entry),
  );
}
