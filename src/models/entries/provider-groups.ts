import { formatJsonPath, isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";
import { MODEL_PROVIDERS, topSlips } from "../../settings/misspelt.ts";
import { findSetting, type SettingsLayer } from "../../settings/settings-layer.ts";
import { isProtocol, NOT_SUPPORTED, type Protocol, QWEN_OAUTH } from "../protocol.ts";

/** A key of `modelProviders`: a protocol, or a name that `providerProtocol` maps to one. */
export type ProviderGroup = {
  readonly protocol: Protocol;
  /** How its entries are asked where they do not say so (`wireApi`). */
  readonly wireApi: "chat-completions" | "responses";
  readonly layer: SettingsLayer;
  readonly path: readonly string[];
  readonly items: readonly unknown[];
  /** Something in it that does not count. */
  readonly remark?: string;
};

/** Models that stand in a file and do not count, as a whole. */
export type IgnoredGroup = {
  /** `undefined`: of which protocol cannot be told. */
  readonly protocol: Protocol | undefined;
  readonly complaint: string;
  readonly hint: string;
};

export type ProviderGroups = {
  readonly groups: readonly ProviderGroup[];
  readonly ignored: readonly IgnoredGroup[];
};

/** Where entries for OpenAI's other interface stand; those that say so are asked over the usual one. */
const RESPONSES_KEY = "openai-responses";

/**
 * The groups of `modelProviders` in force, each of the highest scope that has it. Provider objects
 * of `$version` 5 are read like bare arrays.
 */
export function providerGroups(
  layers: readonly SettingsLayer[],
  merged: JsonObject,
): ProviderGroups {
  const providers = isJsonObject(merged.modelProviders) ? merged.modelProviders : {};
  const groups: ProviderGroup[] = [];
  const ignored: IgnoredGroup[] = [];
  for (const key of Object.keys(providers)) {
    const found = readGroup(key, layers, merged);
    if (found === undefined) {
      continue;
    }
    if ("complaint" in found) {
      ignored.push(found);
    } else {
      groups.push(found);
    }
  }
  return { groups, ignored: [...ignored, ...layers.map(misspeltGroups).flat()] };
}

/** `modelproviders`: all that stands in it is not read. */
function misspeltGroups({ path: file, value }: SettingsLayer): IgnoredGroup[] {
  return topSlips(value)
    .filter(({ meant }) => meant === MODEL_PROVIDERS)
    .map(({ field, meant }) => ({
      protocol: undefined,
      complaint: `\`${field}\` in \`${file}\` is not read: did you mean \`${meant}\`?`,
      hint: `write \`${meant}\` instead`,
    }));
}

function readGroup(
  key: string,
  layers: readonly SettingsLayer[],
  merged: JsonObject,
): ProviderGroup | IgnoredGroup | undefined {
  const path = ["modelProviders", key];
  const found = findSetting(layers, path);
  const layer = layers.find(({ scope }) => scope === found?.source.scope);
  if (found === undefined || layer === undefined) {
    return undefined;
  }
  const { value } = found;
  const isVersion5 = isJsonObject(value);
  const items = isVersion5 ? value.models : value;
  const where = `\`${formatJsonPath(path)}\` in \`${layer.path}\``;
  const explicit = isVersion5 && typeof value.protocol === "string" ? value.protocol : undefined;
  const name = groupName(key, explicit, merged);
  const protocol = name === RESPONSES_KEY ? "openai" : name;
  if (!Array.isArray(items)) {
    const complaint = `${where} was ignored: expected an array`;
    return {
      protocol,
      complaint,
      hint: "put each model as an object into an array, with its `id`",
    };
  }
  if (protocol === undefined) {
    return { protocol, ...foreignGroup(where, key) };
  }
  const [hidden] = items.length === 0 ? found.shadowed : [];
  if (hidden !== undefined) {
    return { protocol, ...emptyGroup(where, layer, hidden.path) };
  }
  return {
    protocol,
    wireApi: name === RESPONSES_KEY ? "responses" : "chat-completions",
    layer,
    path: isVersion5 ? [...path, "models"] : path,
    items,
    ...strayProtocol({
      explicit,
      name,
      where: `\`${formatJsonPath([...path, "protocol"])}\` in \`${layer.path}\``,
    }),
  };
}

type Explicit = {
  readonly explicit: string | undefined;
  readonly name: string | undefined;
  readonly where: string;
};

/** What a group of version 5 calls its protocol, where its key says another. */
function strayProtocol({ explicit, name, where }: Explicit): Pick<ProviderGroup, "remark"> {
  return explicit === undefined || explicit === name
    ? {}
    : { remark: `${where} is ignored: its models are of \`${name}\`` };
}

/** A list that is there to no end, and takes that of a lower scope away. */
function emptyGroup(
  where: string,
  { scope, path }: SettingsLayer,
  hidden: string | undefined,
): Pick<IgnoredGroup, "complaint" | "hint"> {
  return {
    complaint: `${where} is empty, and hides the models of \`${hidden}\``,
    hint:
      scope === "project"
        ? "add `--no-project` to leave the project's files out"
        : `remove it from \`${path}\``,
  };
}

/** Names under which others keep models of a protocol. */
const SYNONYMS: Readonly<Record<string, Protocol>> = {
  claude: "anthropic",
  google: "gemini",
  "google-genai": "gemini",
};

/** Why models below a name that is no protocol's do not count, and what to do about it. */
function foreignGroup(where: string, key: string): Pick<IgnoredGroup, "complaint" | "hint"> {
  if (key === QWEN_OAUTH || NOT_SUPPORTED.includes(key)) {
    return {
      complaint: `${where} was ignored: it is not supported here`,
      hint: "choose another model, or set one up with `qwen auth`",
    };
  }
  const word = key.trim().toLowerCase();
  const complaint = `${where} was ignored: \`${key}\` is no protocol, and \`providerProtocol\` does not map it to one`;
  return isProtocol(word)
    ? { complaint, hint: `write \`${word}\` instead` }
    : {
        complaint,
        hint: `map it, as with \`"providerProtocol": {${JSON.stringify(key)}: "${SYNONYMS[word] ?? "openai"}"}\``,
      };
}

/** `providerProtocol` first: also a protocol's own name can be mapped to another. */
function groupName(
  key: string,
  explicit: string | undefined,
  merged: JsonObject,
): Protocol | typeof RESPONSES_KEY | undefined {
  const mapped = isJsonObject(merged.providerProtocol) ? merged.providerProtocol[key] : undefined;
  for (const name of [mapped, key, explicit]) {
    if (typeof name === "string" && (isProtocol(name) || name === RESPONSES_KEY)) {
      return name;
    }
  }
  return undefined;
}
