import { formatJsonPath, isJsonObject, type JsonObject, valueAt } from "../lib/json/json-object.ts";
import type { Origin, Scope, Source, Sourced } from "../source.ts";

/** One scope's settings, interpolated, with the paths that hold something of the project's. */
export type SettingsLayer = {
  readonly scope: Scope;
  readonly path: string;
  readonly origin: Origin;
  readonly value: JsonObject;
  /** With the variables of the project that filled them. */
  readonly projectPaths: ReadonlyMap<string, readonly Source[]>;
  /** Paths that hold a variable of the user's. */
  readonly userPaths: ReadonlySet<string>;
  /** Interpolated paths that hold text of the file's own, too. */
  readonly ownPaths: ReadonlySet<string>;
};

/**
 * The value that the merged settings have at `path`, with its source and the lower ones it hides.
 * For paths that merge as a whole: scalars, arrays, one variable of `env`. A blank string counts
 * as not set. `layers` stand lowest first.
 */
export function findSetting(
  layers: readonly SettingsLayer[],
  path: readonly string[],
): Sourced<unknown> | undefined {
  const saying = layers.filter(({ value }) => {
    const said = valueAt(value, path);
    return said !== undefined && !isBlank(said);
  });
  const highest = saying.pop();
  return highest === undefined
    ? undefined
    : {
        value: valueAt(highest.value, path),
        source: settingSource(highest, path),
        ...(isMixed(highest, path) ? { mixed: true } : {}),
        shadowed: saying.reverse().map((layer) => settingSource(layer, path)),
      };
}

function isBlank(value: unknown): boolean {
  return typeof value === "string" && value.trim() === "";
}

/** Like `findSetting`, for settings that the schema knows as strings. */
export function findText(
  layers: readonly SettingsLayer[],
  path: readonly string[],
): Sourced<string> | undefined {
  const found = findSetting(layers, path);
  return typeof found?.value === "string" ? { ...found, value: found.value } : undefined;
}

/** Whether a value was put together from parts of the user's and parts of the project's. */
function isMixed(layer: SettingsLayer, path: readonly string[]): boolean {
  const { origin, projectPaths, userPaths, ownPaths } = layer;
  if (projectPaths.size === 0 && userPaths.size === 0) {
    return false;
  }
  const name = formatJsonPath(path);
  return origin === "user"
    ? projectPaths.has(name) && (userPaths.has(name) || ownPaths.has(name))
    : userPaths.has(name);
}

/** The source of what one layer says at `path`. */
export function settingSource(layer: SettingsLayer, path: readonly (string | number)[]): Source {
  const name = formatJsonPath(path);
  return {
    kind: "settings",
    name,
    path: layer.path,
    scope: layer.scope,
    origin: layer.projectPaths.has(name) ? "project" : layer.origin,
  };
}

/** The variables that a settings file sets, as they stand there. */
export function envOf(value: JsonObject): JsonObject {
  return isJsonObject(value.env) ? value.env : {};
}
