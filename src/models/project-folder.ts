import { basename, dirname } from "node:path";
import type { SettingsLayer } from "../settings/settings-layer.ts";
import type { Source } from "../source.ts";
import type { Configuration } from "./configuration.ts";

/** The directory of a file of the project's; its trust is the one that counts. */
export function projectFolder({ origin, path }: Source): string | undefined {
  if (origin === "user" || path === undefined) {
    return undefined;
  }
  const directory = dirname(path);
  return basename(directory) === ".qwen" ? dirname(directory) : directory;
}

/**
 * The places in the project's own files that a value of project origin comes from: for a setting of
 * the user's that variables of the project filled in, those variables.
 */
export function projectParts(
  { layers }: Pick<Configuration, "layers">,
  source: Source,
): readonly Source[] {
  const parts: Source[] = [];
  const seen = new Set<string>();
  const visit = (part: Source): void => {
    if (part.origin === "user") {
      return;
    }
    const layer = part.kind === "settings" ? layerOf(layers, part) : undefined;
    if (layer === undefined || layer.origin === "project") {
      parts.push(part);
    }
    const place = `${part.scope} ${part.name}`;
    if (!seen.has(place)) {
      seen.add(place);
      layer?.projectPaths.get(part.name ?? "")?.forEach(visit);
    }
  };
  visit(source);
  return parts;
}

/** The same for a setting that is no single text: of whatever stands in it. */
export function projectPartsWithin(
  configuration: Pick<Configuration, "layers">,
  source: Source,
): readonly Source[] {
  const filled = [...(layerOf(configuration.layers, source)?.projectPaths ?? [])]
    .filter(([path]) => isWithinSetting(path, source))
    .map(([, sources]) => sources)
    .flat();
  return [source, ...filled].map((part) => projectParts(configuration, part)).flat();
}

/** Whether a variable of the user's stands in a setting, or the setting is the user's. */
export function holdsUsersPart({ layers }: Pick<Configuration, "layers">, source: Source): boolean {
  const layer = layerOf(layers, source);
  return (
    layer === undefined ||
    layer.origin === "user" ||
    [...layer.userPaths].some((path) => isWithinSetting(path, source))
  );
}

/** Whether any of these is the project's and the directory that holds its file is not trusted. */
export function untrustedPart(
  configuration: Pick<Configuration, "layers" | "isTrusted">,
  sources: readonly Source[],
): Source | undefined {
  return sources
    .map((source) => projectParts(configuration, source))
    .flat()
    .find((part) => !isTrustedPart(configuration, part));
}

/** Whether a value is the project's and a directory that holds a part of it is not trusted. */
export function isUntrusted(
  configuration: Pick<Configuration, "layers" | "isTrusted">,
  source: Source,
): boolean {
  return untrustedPart(configuration, [source]) !== undefined;
}

function isTrustedPart({ isTrusted }: Pick<Configuration, "isTrusted">, part: Source): boolean {
  const folder = projectFolder(part);
  return folder !== undefined && isTrusted(folder);
}

function layerOf(layers: readonly SettingsLayer[], source: Source): SettingsLayer | undefined {
  return source.kind === "settings"
    ? layers.find(({ scope }) => scope === source.scope)
    : undefined;
}

function isWithinSetting(path: string, { name = "" }: Source): boolean {
  return path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`);
}
