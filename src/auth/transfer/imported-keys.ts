import type { Configuration } from "../../models/configuration.ts";
import { keyPlaces } from "../../models/key-places.ts";
import { KEYLESS } from "../../models/protocol.ts";
import type { Runtime } from "../../runtime.ts";
import { isReference } from "../../secrets/parse-key.ts";
import { readRawSettings } from "../../settings/load-settings.ts";
import { userSettingsPath } from "../../settings/paths.ts";
import { keyInStore } from "../login/key-in-store.ts";
import type { ImportedKey } from "./plan-import.ts";
import { selectedEntry } from "./selected-entry.ts";
import { entriesOf, type SetUp } from "./set-up.ts";

/** What of a set-up no output may show. */
export function keysOf({ env = {}, accounts = {} }: SetUp): string[] {
  const named = Object.values(accounts).flatMap((own) => Object.values(own));
  return [...Object.values(env), ...named.map(({ key }) => key)]
    .filter((key) => key !== undefined)
    .filter((key) => key !== KEYLESS && !isReference(key));
}

/** The variable of the model that is the default. */
export function variableOfSelected(setUp: SetUp): string | undefined {
  const { selection } = setUp;
  const entries = entriesOf(setUp);
  return (selectedEntry(entries, selection) ?? entries[0]?.entry)?.envKey;
}

/** A key of the command line or the terminal. */
export type TypedKey = { readonly envKey: string; readonly key: string };

/** The keys that an import writes, each with the place where it belongs. */
export async function importedKeys(
  runtime: Pick<Runtime, "env" | "cwd" | "home" | "platform" | "keyring" | "sleep">,
  { env = {} }: Pick<SetUp, "env">,
  given: readonly TypedKey[],
): Promise<ImportedKey[]> {
  const current = await readRawSettings(userSettingsPath(runtime));
  const names = new Set(given.map(({ envKey }) => envKey));
  const all = [
    ...given.map((each) => ({ ...each, isGiven: true })),
    ...Object.entries(env)
      .filter(([envKey]) => !names.has(envKey))
      .map(([envKey, key]) => ({ envKey, key, isGiven: false })),
  ];
  return Promise.all(
    all.map(async (each) => {
      const { store, key: stored } = await keyInStore(runtime, current, each.envKey);
      return { ...each, store, stored };
    }),
  );
}

/** Variables whose key is that of the import afterwards, and not one that was here before. */
export function freeVariables(
  configuration: Configuration,
  keys: readonly ImportedKey[],
  { replace }: { readonly replace: boolean },
): ReadonlySet<string> {
  const free = keys.filter(({ envKey, key, store, stored, isGiven }) => {
    const found = configuration.variable(envKey);
    const isTaken = isGiven || replace || stored === undefined || stored === key;
    const hasHelper = keyPlaces(configuration, envKey).some(({ kind }) => kind === "helper");
    // What stands where the import does not write goes on to win over it.
    const isOverwritten =
      found === undefined ||
      found.value === key ||
      (found.value === stored && found.source.kind === SOURCE_OF[store]);
    return !isReference(key) && isTaken && isOverwritten && !hasHelper;
  });
  return new Set(free.map(({ envKey }) => envKey));
}

const SOURCE_OF = { settings: "settings", "env-file": "dotenv", keyring: "keyring" } as const;

/** Variables that models of the set-up read and nothing has a key for. */
export function missingVariables(
  configuration: Configuration,
  setUp: SetUp,
  keys: readonly ImportedKey[],
): string[] {
  const here = new Set(keys.map(({ envKey }) => envKey));
  const names = entriesOf(setUp).flatMap(({ entry }) => entry.envKey ?? []);
  return [...new Set(names)].filter(
    (name) =>
      !here.has(name) &&
      configuration.variable(name) === undefined &&
      keyPlaces(configuration, name).length === 0,
  );
}
