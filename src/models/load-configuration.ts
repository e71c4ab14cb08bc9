import { dirname } from "node:path";
import { isDeniedName } from "../env/denied-names.ts";
import { type LoadedDotenv, loadDotenv } from "../env/load-dotenv.ts";
import { loadVariables } from "../env/load-variables.ts";
import { filled } from "../lib/filled.ts";
import { formatJsonPath, type JsonObject, valueAt } from "../lib/json/json-object.ts";
import type { Runtime } from "../runtime.ts";
import { loadAccounts } from "../settings/accounts.ts";
import { envKeysOf } from "../settings/env-keys.ts";
import {
  type InterpolationLookup,
  interpolateSettings,
  referencedNames,
} from "../settings/interpolate-settings.ts";
import { loadSettings, type SettingsFile } from "../settings/load-settings.ts";
import { mergeSettings } from "../settings/merge-settings.ts";
import { fileSlips, MODEL_PROVIDERS } from "../settings/misspelt.ts";
import { listedNames } from "../settings/name-lists.ts";
import { ownFiles, ownRule, qwenHome } from "../settings/paths.ts";
import { envOf, findText, type SettingsLayer } from "../settings/settings-layer.ts";
import { type Sourced, secretOrigin } from "../source.ts";
import { type FolderTrust, folderDistrust, folderTrust } from "../trust/folder-trust.ts";
import { loadTrust } from "../trust/trusted-folders.ts";
import type { Configuration } from "./configuration.ts";
import { modelEntries } from "./entries/model-entries.ts";
import { keyPlaceWarnings } from "./key-places.ts";
import { STANDARD_NAMES } from "./protocol.ts";

export type LoadOptions = {
  /** `--trust` */
  readonly trust: boolean;
  /** `--no-project`: resolve as if the project had no files. */
  readonly noProject: boolean;
  /** Further variables of interest, for `NAME_FILE`. */
  readonly names: readonly string[];
};

type Machine = Pick<Runtime, "env" | "cwd" | "home" | "platform" | "uid" | "trace">;

/** Variables that are never taken from a project's `.env` (`spec/settings-and-env.md`). */
const ALWAYS_EXCLUDED = ["DEBUG", "DEBUG_MODE"];

/**
 * Reads trust, settings and `.env`, in the order of `spec/settings-and-env.md`: raw settings →
 * exclusions → `.env` → interpolation → merge. Writes nothing, connects to nothing.
 * @throws ConfigError when a file cannot be used
 */
export async function loadConfiguration(
  machine: Machine,
  { trust, noProject, names }: LoadOptions,
): Promise<Configuration> {
  const home = qwenHome(machine);
  const own = ownRule(machine);
  const { rules, warnings: trustWarnings } = await loadTrust(home, own);
  const { objection, isRefusal } = remembered(folderDistrust({ trustAll: trust, rules }));
  const { warnings: accountWarnings, ...named } = await loadAccounts(home, own);
  const settings = await loadSettings({ ...machine, projectFiles: !noProject, objection });
  machine.trace?.(() => settings.files.map(traceFile));
  const raw = settings.files.map((file) => file.value);
  const dotenv = loadDotenv({
    ...{ cwd: machine.cwd, home: machine.home },
    qwenHome: home,
    own,
    userFiles: ownFiles(machine),
    projectFiles: !noProject,
    objection,
    excluded: [...ALWAYS_EXCLUDED, ...excludedNames(raw)],
    listed: settings.files
      .map(({ scope, value }) => (scope === "user" ? listedNames(value, "envFile") : []))
      .flat(),
  });
  machine.trace?.(() => traceDotenv(dotenv));
  const shellAndDotenv = loadVariables({
    env: machine.env,
    dotenv,
    names: [
      ...STANDARD_NAMES,
      ...names,
      ...raw.map((value) => [...envKeysOf(value)]).flat(),
      ...settings.files
        .map(({ refers, value }) => (refers ? [...referencedNames(value)] : []))
        .flat(),
    ],
  });
  const isTrusted = folderTrust({ trustAll: trust, env: machine.env, rules });

  const { layers, settingsEnv, warnings } = interpolateLayers(settings.files, {
    lookup: shellAndDotenv.lookup,
    isTrusted,
  });
  const merged = mergeSettings(layers.map((layer) => layer.value));
  const models = modelEntries(layers, merged);
  const unread = [...settings.warnings, ...dotenv.warnings].filter(isRefusal);
  return {
    files: settings.files,
    layers,
    merged,
    models,
    dotenv,
    variable: (name) => stack(shellAndDotenv.lookup(name), settingsEnv(name)),
    ...named,
    failures: shellAndDotenv.failures,
    isTrusted,
    cwd: machine.cwd,
    warnings: [
      ...trustWarnings,
      ...accountWarnings,
      ...settings.warnings,
      ...keyPlaceWarnings(settings.files),
      ...dotenv.warnings,
      ...warnings,
      ...models.warnings,
      ...layers.map(slipWarnings).flat(),
    ],
    distrusted: unread,
  };
}

type Objection = ReturnType<typeof folderDistrust>;

/** An objection, and whether a line of text ends with one that it made. */
function remembered(objection: Objection): {
  readonly objection: Objection;
  readonly isRefusal: (line: string) => boolean;
} {
  const made = new Set<string>();
  return {
    objection:
      objection &&
      ((directory) => {
        const reason = objection(directory);
        if (reason !== undefined) {
          made.add(reason);
        }
        return reason;
      }),
    isRefusal: (line) => made.size > 0 && [...made].some((reason) => line.endsWith(reason)),
  };
}

function slipWarnings({ path: file, value }: SettingsLayer): string[] {
  return fileSlips(value)
    .filter(({ slip }) => slip.meant !== MODEL_PROVIDERS)
    .map(({ path, slip: { field, meant } }) => {
      const where = `\`${formatJsonPath([...path, field])}\` in \`${file}\``;
      return `${where} is not read: did you mean \`${formatJsonPath([...path, meant])}\`?`;
    });
}

function traceFile({ scope, path, exists }: SettingsFile): string {
  return `settings ${scope} ${path}${exists ? "" : ", not read"}`;
}

function traceDotenv({ path, origin, shadowed, warnings }: LoadedDotenv): string[] {
  return [
    path === undefined ? ".env none" : `.env ${path} (${origin})`,
    ...shadowed.map((other) => `.env passed over ${other.path}: another comes first`),
    ...warnings.map((warning) => `.env warning: ${warning}`),
  ];
}

type Lookup = (name: string) => Sourced<string> | undefined;

/**
 * Interpolates `env` first, then everything, now with `settings.env` among the variables. In the
 * project's file of an untrusted folder only variables of project origin are visible.
 */
function interpolateLayers(
  files: readonly SettingsFile[],
  { lookup, isTrusted }: { readonly lookup: Lookup; readonly isTrusted: FolderTrust },
): { layers: SettingsLayer[]; settingsEnv: Lookup; warnings: string[] } {
  const withEnv = files.map((file) =>
    interpolateFile({ ...file, value: { env: file.value.env ?? {} } }, lookup, isTrusted),
  );
  const hasEnv = files.some(({ value }) => value.env !== undefined);
  const settingsEnv: Lookup = (name) => {
    if (!hasEnv) {
      return undefined;
    }
    const found = isDeniedName(name) ? undefined : findText(withEnv, ["env", name]);
    const value = filled(found?.value);
    return found === undefined || value === undefined ? undefined : { ...found, value };
  };
  const layers = files.map((file) =>
    interpolateFile(file, (name) => lookup(name) ?? settingsEnv(name), isTrusted),
  );
  return { layers, settingsEnv, warnings: files.map(envWarnings).flat() };
}

const NOTHING_FILLED = {
  projectPaths: new Map<string, never>(),
  userPaths: new Set<string>(),
  ownPaths: new Set<string>(),
};

function interpolateFile(
  file: Omit<SettingsFile, "exists">,
  lookup: Lookup,
  isTrusted: FolderTrust,
): SettingsLayer {
  const { scope, path, origin, value } = file;
  if (!file.refers) {
    return { scope, path, origin, value, ...NOTHING_FILLED };
  }
  const seesAll = origin === "user" || isTrusted(dirname(dirname(path)));
  const visible: InterpolationLookup = (name) => {
    const found = lookup(name);
    const isVisible = seesAll || (found !== undefined && secretOrigin(found) === "project");
    return isVisible ? found : undefined;
  };
  return { scope, path, origin, ...interpolateSettings(value, visible) };
}

function envWarnings({ path, value }: SettingsFile): string[] {
  return Object.entries(envOf(value))
    .map(([name, text]) => {
      if (typeof text !== "string") {
        return [`\`env.${name}\` in \`${path}\` was ignored: expected a string`];
      }
      return isDeniedName(name) && text !== ""
        ? [`\`env.${name}\` in \`${path}\` was ignored: this variable is never taken from a file`]
        : [];
    })
    .flat();
}

/** Puts one source of a variable above another. */
function stack(
  upper: Sourced<string> | undefined,
  lower: Sourced<string> | undefined,
): Sourced<string> | undefined {
  if (upper === undefined || lower === undefined) {
    return upper ?? lower;
  }
  return { ...upper, shadowed: [...upper.shadowed, lower.source, ...lower.shadowed] };
}

function excludedNames(layers: readonly JsonObject[]): string[] {
  return layers
    .map((layer) => {
      const names = valueAt(layer, ["advanced", "excludedEnvVars"]);
      return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
    })
    .flat();
}
