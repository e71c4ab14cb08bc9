import { fstatSync } from "node:fs";
import { resolve } from "node:path";
import { throwIfInsideRun } from "../../auth/inside-run.ts";
import { keyInStore } from "../../auth/login/key-in-store.ts";
import { findProvider } from "../../auth/providers/find-provider.ts";
import { isProviderEntry } from "../../auth/providers/provider-entries.ts";
import { type ExportedSetUp, exportSetUp } from "../../auth/transfer/export-set-up.ts";
import { loadConnection } from "../../connect/load-connection.ts";
import { tellWarnings } from "../../connect/tell-warnings.ts";
import { AuthError, EXIT, type ExitCode, UsageError } from "../../errors.ts";
import { variableOf } from "../../flags/account-word.ts";
import { providerNamed } from "../../flags/endpoint-flags.ts";
import { namesOf, pathOf } from "../../flags/flag.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { saveNewFile } from "../../lib/files/save-new-file.ts";
import type { JsonObject } from "../../lib/json/json-object.ts";
import { jsonText, visibleText } from "../../lib/visible-text.ts";
import type { Configuration } from "../../models/configuration.ts";
import type { Runtime } from "../../runtime.ts";
import { readFromKeyring } from "../../secrets/keyring.ts";
import { accountItem } from "../../settings/accounts.ts";
import { envKeysOf } from "../../settings/env-keys.ts";
import { readRawSettings } from "../../settings/load-settings.ts";
import { userSettingsPath } from "../../settings/paths.ts";
import type { Command } from "../command.ts";

export type ExportOptions = GlobalOptions & {
  readonly providers: readonly string[] | undefined;
  readonly withKeys: boolean;
  /** `undefined`: standard output. */
  readonly output: string | undefined;
};

export const exportCommand: Command<ExportOptions> = {
  details: [
    "Prints models, selection and accounts of your own settings as one JSON object,",
    "for `qwen auth import` on another machine. Keys stay here without --with-keys;",
    "references such as $NAME stay as they are written.",
  ],
  examples: [
    "qwen auth export --output set-up.json",
    "qwen auth export --with-keys | ssh host qwen auth import - --yes",
    "qwen auth export --provider openrouter --with-keys --output openrouter.json",
  ],
  toOptions: (values, globals) => ({
    ...globals,
    providers: namesOf(values, "provider"),
    withKeys: values["with-keys"] === true,
    output: pathOf(values, "output"),
  }),
  run: runExport,
};

/**
 * Writes the set-up for another machine.
 * @throws AuthError when there is none, UsageError when keys would be shown or lie open
 */
export async function runExport(runtime: Runtime, options: ExportOptions): Promise<ExitCode> {
  const { providers, withKeys, output } = options;
  if (withKeys) {
    throwIfInsideRun(runtime.env, "export keys");
    await throwIfOpen(runtime, output);
  }
  const wanted = providers?.map(toWanted);
  const { configuration } = await loadConnection(runtime, options);
  const settings = await readRawSettings(userSettingsPath(runtime));
  const exported = exportSetUp({
    settings,
    accounts: configuration.accounts,
    keys: withKeys ? await storedKeys(runtime, configuration, settings) : new Map(),
    withKeys,
    isWanted: (entry) => wanted === undefined || wanted.some((isIt) => isIt(entry)),
    isAllWanted: wanted === undefined,
    holdsSecret: runtime.holdsSecret,
  });
  if (exported.count === 0) {
    const what = providers === undefined ? "" : ` of ${providers.join(", ")}`;
    throw new AuthError(`Cannot export: your settings have nothing${visibleText(what)}`, {
      code: "not-configured",
      hint: "see what there is: `qwen auth list`",
    });
  }
  await tellWarnings(runtime, options, exported.notes);
  await write(runtime, options, exported);
  return EXIT.ok;
}

async function write(
  runtime: Runtime,
  { output, quiet, withKeys }: ExportOptions,
  { document }: ExportedSetUp,
): Promise<void> {
  const text = jsonText(document);
  if (output === undefined || output === "-") {
    await (withKeys ? runtime.stdout.writeSecret(text) : runtime.stdout.writeJson(document));
    return;
  }
  const path = resolve(runtime.cwd, output);
  await saveNewFile(runtime, path, withKeys ? text : runtime.redact(text));
  if (!quiet) {
    const keys = withKeys ? "with its keys: keep it as you keep them" : "without keys";
    await runtime.stderr.write(`✓ ${visibleText(path)} has the set-up, ${keys}\n`);
  }
}

/** @throws UsageError when keys would be seen on a terminal, or by others in a file */
async function throwIfOpen(runtime: Runtime, output: string | undefined): Promise<void> {
  if (output !== undefined && output !== "-") {
    return;
  }
  const isTerminal = await runtime.stdout.isTerminal();
  if (isTerminal || othersCanRead(1)) {
    throw new UsageError(
      `Cannot export keys ${isTerminal ? "onto a terminal" : "into a file that others can read"}`,
      {
        code: "invalid-value",
        hint: "write them with `--output FILE`, or to another program with `|`",
      },
    );
  }
}

/** A file that a shell made for `>` has the mode that the umask leaves. */
function othersCanRead(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFile() && (stats.mode & 0o077) !== 0;
  } catch {
    return false;
  }
}

/** What a word of `--provider` means of the entries. @throws UsageError for one that means none */
function toWanted(word: string): (entry: JsonObject) => boolean {
  const provider = findProvider(word);
  if (provider !== undefined) {
    return (entry) =>
      provider.envKey === undefined
        ? isProviderEntry(entry, provider)
        : entry.envKey === provider.envKey;
  }
  const envKey = variableOf(word);
  if (envKey === undefined) {
    // Says what there is.
    providerNamed(word);
  }
  return (entry) => entry.envKey === envKey;
}

/** Every key that `qwen auth` keeps for a variable of the settings, and those of accounts. */
async function storedKeys(
  runtime: Runtime,
  { accounts }: Configuration,
  settings: JsonObject,
): Promise<ReadonlyMap<string, string>> {
  const keys = new Map<string, string>();
  const keep = (name: string, key: string | undefined): void => {
    if (key !== undefined) {
      runtime.addSecret(key);
      keys.set(name, key);
    }
  };
  for (const envKey of envKeysOf(settings)) {
    keep(envKey, (await keyInStore(runtime, settings, envKey)).key);
  }
  for (const [envKey, own] of accounts) {
    for (const [name, { key }] of own) {
      const item = accountItem(envKey, name);
      keep(item, key ?? (await readFromKeyring(runtime, item)));
    }
  }
  return keys;
}
