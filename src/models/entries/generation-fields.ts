import { isWithinPair } from "../../lib/endpoint-url.ts";
import { isJsonObject, type JsonObject, valueAt } from "../../lib/json/json-object.ts";
import { mergeSettings } from "../../settings/merge-settings.ts";
import { type SettingsLayer, settingSource } from "../../settings/settings-layer.ts";
import type { Source } from "../../source.ts";
import type { Configuration } from "../configuration.ts";
import {
  holdsUsersPart,
  isUntrusted,
  projectPartsWithin,
  untrustedPart,
} from "../project-folder.ts";
import type { Catalogue, Complete } from "../resolution.ts";

/** A field of `generationConfig` and where it stands, or the highest part of it. */
export type Field = { readonly value: unknown; readonly source: Source };

export type GenerationFields = {
  /** A field as it counts: merged over scopes, less what is not for this connection. */
  readonly read: (name: string) => Field | undefined;
  /** What is left out, and why; filled as fields are read. */
  readonly warnings: string[];
};

/**
 * Reads `generationConfig` of the entry, then limits of `model.generationConfig` that the entry
 * does not set; without an entry all of it, merged over scopes (`spec/settings-and-env.md`). What
 * belongs to another endpoint or model, what would carry a value of the user's to an endpoint of
 * the project's, or let a project add to a request with the user's key or take a limit away, is
 * left out (`spec/trust-and-secrets.md`).
 */
export function generationFields(
  configuration: Configuration,
  connection: Complete,
  catalogue: Pick<Catalogue, "knownPairs">,
): GenerationFields {
  // Most set-ups have none: then nothing is looked up in any.
  const layers = configuration.layers.filter(({ value }) => valueAt(value, PLACE) !== undefined);
  const warnings = uninheritedWarnings(layers, connection);
  const partsOf = partReader(layers, connection);
  const read = (name: string): Field | undefined => {
    const parts = partsOf(name);
    if (parts.length === 0) {
      return undefined;
    }
    const allowed = parts.filter((field) => {
      const reason = whyNot(configuration, connection, { name, field, catalogue });
      if (reason !== undefined) {
        const { source } = field;
        warnings.push(`\`${source.name}\` of \`${source.path}\` is left out: ${reason}`);
      }
      return reason === undefined;
    });
    const last = allowed.at(-1);
    const values = allowed.map(({ value }) => value).filter(isJsonObject);
    return last !== undefined && values.length > 1
      ? { ...last, value: mergeSettings(values) }
      : last;
  };
  return { read, warnings };
}

const PLACE = ["model", "generationConfig"];
/** Fields that go over the wire as they are. */
const BODIES = ["samplingParams", "extra_body"];
const LIMITS = ["timeout", "streamIdleTimeoutMs"];
const SENT = [...BODIES, "customHeaders"];
/** Fields that are meant for one model; another one at the same endpoint gets none of them. */
const OF_THE_MODEL = [...BODIES, "reasoning", "thinkingMandatory"];
/** Fields that are meant for one endpoint, or for one model at it. */
const OF_THE_ENDPOINT = [...OF_THE_MODEL, "customHeaders"];

/** Why what belongs to an entry's endpoint is not sent with the key of an account. */
export const ACCOUNT_ELSEWHERE = "the account belongs to another endpoint";

/** What of an entry's `generationConfig` another model at its endpoint is asked with. */
export function withoutModelFields(config: JsonObject = {}): JsonObject {
  return Object.fromEntries(
    Object.entries(config).filter(([name]) => !OF_THE_MODEL.includes(name)),
  );
}

/** What of an entry's `generationConfig` may follow it to another endpoint. */
export function withoutSentFields(config: JsonObject = {}): JsonObject {
  return Object.fromEntries(Object.entries(config).filter(([name]) => !SENT.includes(name)));
}

type PartReader = (name: string) => readonly Field[];

function partReader(layers: readonly SettingsLayer[], connection: Complete): PartReader {
  const { entry, model } = connection;
  const isItsModel = entry?.id === model.value;
  return (name) => {
    const own = entry?.generationConfig?.[name];
    if (entry === undefined || own === undefined) {
      return isInherited(connection, name) ? topLevel(layers, name) : [];
    }
    const { name: place, ...source } = entry.sourceOf();
    return isItsModel || !OF_THE_MODEL.includes(name)
      ? [{ value: own, source: { ...source, name: `${place}.generationConfig.${name}` } }]
      : [];
  };
}

/** The parts of a field that are merged, lowest first: what is no object hides what is below. */
function topLevel(layers: readonly SettingsLayer[], name: string): readonly Field[] {
  const path = [...PLACE, name];
  const parts = layers
    .map((layer) => ({ value: valueAt(layer.value, path), source: settingSource(layer, path) }))
    .filter(({ value }) => value !== undefined && value !== "");
  if (parts.length < 2) {
    return parts;
  }
  const whole = parts.findLastIndex(({ value }) => !isJsonObject(value));
  return parts.slice(Math.max(whole, 0));
}

/**
 * Whether `model.generationConfig` counts: limits for every model, the rest for those without an
 * entry at the endpoint that is configured.
 */
function isInherited({ entry, replaced }: Complete, name: string): boolean {
  return !OF_THE_ENDPOINT.includes(name) || (entry === undefined && replaced === undefined);
}

/** One line for each file whose `model.generationConfig` names what is for other connections. */
function uninheritedWarnings(layers: readonly SettingsLayer[], connection: Complete): string[] {
  if (layers.length === 0) {
    return [];
  }
  const byPath = new Map<string, string[]>();
  for (const name of OF_THE_ENDPOINT) {
    const source = topLevel(layers, name).at(-1)?.source;
    if (source?.path !== undefined && !isInherited(connection, name)) {
      byPath.set(source.path, [...(byPath.get(source.path) ?? []), `\`${name}\``]);
    }
  }
  const why =
    connection.entry === undefined
      ? "they are not for the endpoint of the command line"
      : "they serve models without an entry";
  return [...byPath].map(
    ([path, names]) =>
      `${names.join(", ")} of \`model.generationConfig\` in \`${path}\` are left out: ${why}`,
  );
}

type JudgedField = {
  readonly name: string;
  readonly field: Field;
  readonly catalogue: Pick<Catalogue, "knownPairs">;
};

/** Why a field does not count; `undefined` when it does. */
function whyNot(
  configuration: Configuration,
  connection: Complete,
  { name, field, catalogue }: JudgedField,
): string | undefined {
  const { endpoint, key, pairing } = connection;
  if (isLeftBehind(connection, name, catalogue)) {
    return ACCOUNT_ELSEWHERE;
  }
  const parts = projectPartsWithin(configuration, field.source);
  if (LIMITS.includes(name) && field.value === 0 && parts.length > 0) {
    return "a project cannot take the limit away";
  }
  if (!SENT.includes(name)) {
    return undefined;
  }
  const isAtHome = endpoint.source.origin === "user" || pairing.kind === "known-pair";
  const holdsUsers = holdsUsersPart(configuration, field.source);
  if (holdsUsers && !isAtHome && isUntrusted(configuration, endpoint.source)) {
    return "the endpoint is the project's, and its folder is not trusted";
  }
  const yours = whatIsYours(endpoint, key);
  // A vendor takes what its interface knows; a gateway may take a new address from a header.
  const isVendor = catalogue
    .knownPairs()
    .some(({ baseUrl }) => isWithinPair(endpoint.value, baseUrl));
  const isHarmless = yours === undefined || (isVendor && BODIES.includes(name));
  return isHarmless || untrustedPart(configuration, parts) === undefined
    ? undefined
    : `${field.source.origin === "user" ? "a part of it" : "it"} is the project's, the ${yours} is yours, and the folder is not trusted`;
}

/**
 * Whether an account takes the entry's model to an endpoint that the entry's headers and bodies are
 * not for. What the model is asked with stays where the catalogue says that both endpoints are of
 * one provider, which serves that model in several places.
 */
function isLeftBehind(
  { endpoint, entry, replaced }: Complete,
  name: string,
  { knownPairs }: Pick<Catalogue, "knownPairs">,
): boolean {
  if (entry === undefined || replaced === undefined || !SENT.includes(name)) {
    return false;
  }
  const own = knownPairs().filter(({ envKey }) => envKey === entry.envKey);
  const isOfProvider = (url: string): boolean =>
    own.some(({ baseUrl }) => isWithinPair(url, baseUrl));
  return name === "customHeaders" || ![replaced, endpoint.value].every(isOfProvider);
}

/** What of a connection a project may not steer: the key that is sent, or a server without one. */
function whatIsYours(
  endpoint: Complete["endpoint"],
  key: Complete["key"],
): "key" | "endpoint" | undefined {
  if (key.kind === "present" || key.kind === "deferred") {
    return key.source.origin === "user" ? "key" : undefined;
  }
  return endpoint.source.origin === "user" ? "endpoint" : undefined;
}
