import { isDeniedName } from "../env/denied-names.ts";
import { valueAt } from "../lib/json/json-object.ts";
import type { SettingsFile } from "../settings/load-settings.ts";
import { mergeSettings } from "../settings/merge-settings.ts";
import { listedNames } from "../settings/name-lists.ts";
import { findText } from "../settings/settings-layer.ts";
import type { Source } from "../source.ts";
import type { Configuration } from "./configuration.ts";
import { requestedModel } from "./connection-flags.ts";
import { matchEntries } from "./entries/match-entries.ts";
import { modelEntries } from "./entries/model-entries.ts";
import { isProtocol, PROTOCOLS } from "./protocol.ts";
import { resolveModel } from "./resolve-model.ts";

/** Where a key lies that is fetched just before it is needed, and not before. */
export type KeyPlace =
  | {
      readonly kind: "keyring";
      /** What the item is called, where that is not the variable. */
      readonly item?: string;
      readonly source: Source;
    }
  | {
      readonly kind: "helper";
      /** As it stands in the settings. */
      readonly command: string;
      readonly source: Source;
    };

/**
 * The places that a variable's key may be fetched from, the first goes before the second: its item
 * in the keyring, if `security.auth.keyring` of the user's settings lists it, and the key helper
 * (`spec/settings-and-env.md`, "Order for one variable"). Pure: asks neither.
 */
export function keyPlaces(configuration: Configuration, name: string): readonly KeyPlace[] {
  if (isDeniedName(name)) {
    return [];
  }
  const isListed = configuration.files.some(
    (file) => file.scope === "user" && listedNames(file.value, "keyring").includes(name),
  );
  const keyring: KeyPlace = { kind: "keyring", source: { kind: "keyring", name, origin: "user" } };
  const helper = helperOf(configuration, name);
  return [...(isListed ? [keyring] : []), ...(helper === undefined ? [] : [helper])];
}

/** Settings that only the user's files may have. */
const USERS_ALONE = [
  ["proxy"],
  ["apiKeyHelper"],
  ["security", "auth", "keyring"],
  ["security", "auth", "envFile"],
];

/**
 * What a project's file says of what only the user names, and a helper that another user
 * may have written down.
 */
export function keyPlaceWarnings(files: readonly SettingsFile[]): string[] {
  return files
    .map(({ origin, path, value, owner, isForeign }) => {
      if (origin === "project") {
        return USERS_ALONE.filter((setting) => valueAt(value, setting) !== undefined).map(
          (setting) => `\`${setting.join(".")}\` in \`${path}\` was ignored: it is a project's`,
        );
      }
      return isForeign === true && value.apiKeyHelper !== undefined
        ? [`\`apiKeyHelper\` in \`${path}\` was ignored: it belongs to another user (uid ${owner})`]
        : [];
    })
    .flat();
}

/**
 * The command for a variable. It is taken as it stands in the user's and the system's files, if
 * those belong to the user or to root, since a command is a program that is run:
 * nothing of a project's becomes a part of it, and no key of the user's an argument.
 */
function helperOf(configuration: Configuration, name: string): KeyPlace | undefined {
  const own = configuration.files.filter(
    ({ origin, value, isForeign }) =>
      origin === "user" && isForeign !== true && value.apiKeyHelper !== undefined,
  );
  if (own.length === 0) {
    return undefined;
  }
  const { apiKeyHelper: merged } = mergeSettings(
    own.map(({ value: { apiKeyHelper } }) => ({ apiKeyHelper })),
  );
  const isForAll = typeof merged === "string";
  if (merged === undefined || (isForAll && name !== selectedEnvKey(configuration))) {
    return undefined;
  }
  const setting = isForAll ? ["apiKeyHelper"] : ["apiKeyHelper", name];
  const file = own.findLast(({ value }) => valueAt(value, setting) !== undefined);
  const command = valueAt(file?.value, setting);
  return file === undefined || typeof command !== "string" || command.trim() === ""
    ? undefined
    : {
        kind: "helper",
        command,
        source: {
          kind: "helper",
          name: setting.join("."),
          path: file.path,
          scope: file.scope,
          origin: "user",
        },
      };
}

/**
 * The variable of the entry that `model.name` selects, by the user's and the system's settings
 * alone: a project that chooses another model does not choose where a helper's key goes.
 */
function selectedEnvKey(configuration: Configuration): string | undefined {
  const layers = configuration.layers.filter(({ origin }) => origin === "user");
  const merged = mergeSettings(layers.map(({ value }) => value));
  const own = { ...configuration, layers, merged, models: modelEntries(layers, merged) };
  const name = requestedModel({ layers }, {});
  if (name?.source.origin !== "user") {
    return undefined;
  }
  const selected = findText(layers, ["security", "auth", "selectedType"])?.value ?? "";
  const protocol = [...(isProtocol(selected) ? [selected] : []), ...PROTOCOLS].find(
    (candidate) => matchEntries(own, candidate, name.value).length > 0,
  );
  if (protocol === undefined) {
    return undefined;
  }
  const { entry } = resolveModel(own, protocol, {});
  return entry?.sourceOf("envKey").origin === "user" ? entry.envKey : undefined;
}
