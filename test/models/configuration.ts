import type { ConfigError } from "../../src/errors.ts";
import type { JsonObject } from "../../src/lib/json/json-object.ts";
import type { Configuration } from "../../src/models/configuration.ts";
import { modelEntries } from "../../src/models/entries/model-entries.ts";
import { mergeSettings } from "../../src/settings/merge-settings.ts";
import { findText, type SettingsLayer } from "../../src/settings/settings-layer.ts";
import type { Origin, Scope, Source } from "../../src/source.ts";

/** A variable's value; in an object one of the project's `.env`, else of the shell. */
type Variable =
  | string
  | { readonly value: string; readonly origin: Origin; readonly mixed?: boolean };

type Given = {
  /** Settings by scope, as if they stood in the files of `PATHS`. */
  readonly settings?: Readonly<Partial<Record<Scope, JsonObject>>>;
  /** Paths of user settings of which a part came from the project. */
  readonly projectPaths?: readonly string[];
  readonly variables?: Readonly<Record<string, Variable>>;
  /** Variables whose `NAME_FILE` cannot be read. */
  readonly failures?: Readonly<Record<string, ConfigError>>;
  /** `.env` files that were not read, and the names they set. */
  readonly shadowed?: Configuration["dotenv"]["shadowed"];
  readonly trusted?: readonly string[];
  readonly accounts?: Configuration["accounts"];
};

export const PATHS: Readonly<Record<Scope, string>> = {
  "system-defaults": "/etc/qwen-code/system-defaults.json",
  user: "/home/me/.qwen/settings.json",
  project: "/repo/.qwen/settings.json",
  system: "/etc/qwen-code/settings.json",
};

/** The project's `.env`. */
const DOTENV = "/repo/.env";

const SCOPES: readonly Scope[] = ["system-defaults", "user", "project", "system"];

/** What would be known of a machine with these files and variables; nothing is read. */
export function configuration(given: Given = {}): Configuration {
  const layers = SCOPES.map((scope) => layerOf(scope, given));
  const merged = mergeSettings(layers.map(({ value }) => value));
  const models = modelEntries(layers, merged);
  return {
    files: layers.map(({ scope, path, origin, value }) => {
      const exists = given.settings?.[scope] !== undefined;
      const mode = exists ? { mode: 0o600 } : {};
      return { scope, path, origin, exists, value, refers: true, ...mode };
    }),
    layers,
    merged,
    models,
    accounts: given.accounts ?? new Map(),
    accountsPath: "/home/me/.qwen/accounts.json",
    dotenv: {
      path: DOTENV,
      origin: "project",
      variables: new Map(),
      shadowed: given.shadowed ?? [],
      denied: [],
      warnings: [],
    },
    variable: (name) => {
      const settings = findText(layers, ["env", name]);
      const variable = given.variables?.[name];
      if (variable === undefined) {
        return settings;
      }
      return {
        value: typeof variable === "string" ? variable : variable.value,
        source: variableSource(name, typeof variable === "string" ? "user" : variable.origin),
        mixed: typeof variable !== "string" && variable.mixed === true,
        shadowed: settings === undefined ? [] : [settings.source, ...settings.shadowed],
      };
    },
    failures: new Map(Object.entries(given.failures ?? {})),
    isTrusted: (folder) => given.trusted?.includes(folder) ?? false,
    cwd: "/repo",
    warnings: models.warnings,
    distrusted: [],
  };
}

/** The source of a value in settings. */
export function settings(scope: Scope, name: string, origin?: Origin): Source {
  const own: Origin = scope === "project" ? "project" : "user";
  return { kind: "settings", name, path: PATHS[scope], scope, origin: origin ?? own };
}

/** The source of a variable: the shell, or the project's `.env`. */
export function variableSource(name: string, origin: Origin = "user"): Source {
  return origin === "user"
    ? { kind: "env", name, origin }
    : { kind: "dotenv", name, path: DOTENV, origin };
}

/** A project's variable. */
export function ofProject(value: string): Variable {
  return { value, origin: "project" };
}

function layerOf(scope: Scope, { settings: values, projectPaths }: Given): SettingsLayer {
  return {
    scope,
    path: PATHS[scope],
    origin: scope === "project" ? "project" : "user",
    value: values?.[scope] ?? {},
    projectPaths: new Map(
      (scope === "user" ? (projectPaths ?? []) : []).map((path) => [
        path,
        [variableSource("PART", "project")],
      ]),
    ),
    userPaths: new Set(),
    ownPaths: new Set(),
  };
}
