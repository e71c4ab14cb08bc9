import { isWithinPair } from "../lib/endpoint-url.ts";
import { isJsonObject, type JsonObject } from "../lib/json-object.ts";
import type { ChatRequest } from "../protocols/chat-request.ts";
import { findSetting } from "../settings/settings-layer.ts";
import type { Source } from "../source.ts";
import type { Catalogue, Resolution } from "./connection.ts";
import { readCustomHeaders } from "./custom-headers.ts";
import type { Configuration } from "./load-configuration.ts";
import {
  holdsUsersPart,
  isUntrusted,
  projectPartsWithin,
  untrustedPart,
} from "./project-folder.ts";
import { readReasoning } from "./read-reasoning.ts";

/** How a request is made, beside where to and with which key: `generationConfig`, understood. */
export type RequestOptions = {
  /** Milliseconds until the headers of an answer are there; 0: no limit. */
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly body: Pick<ChatRequest, "samplingParams" | "extraBody" | "reasoning">;
  readonly customHeaders: Readonly<Record<string, string>>;
  /** What was left out, and why. */
  readonly warnings: readonly string[];
};

const NO_HEADERS = { headers: {}, warnings: [] };

const DEFAULT_TIMEOUT_MS = 120_000;
/** No project keeps a question waiting for longer. */
const LONGEST_OF_PROJECT_MS = 600_000;
const DEFAULT_RETRIES = 3;
/** A typing error must not become an hour of tries. */
const MOST_RETRIES = 10;

/** A field of `generationConfig` and where it stands. */
type Field = { readonly value: unknown; readonly source: Source };

type Reader = (name: string) => Field | undefined;

/**
 * Understands `generationConfig` of the entry, then limits of `model.generationConfig` that the
 * entry does not set; without an entry all of it (`spec/settings-and-env.md`). Each field counts as
 * a whole. What belongs to another endpoint or model, what would carry a value of the user's to an
 * endpoint of the project's, or let a project add to a request with the user's key or take a limit
 * away, is left out (`spec/trust-and-secrets.md`).
 * @throws ConfigError for headers that cannot be sent
 */
export function resolveRequestOptions(
  configuration: Configuration,
  resolution: Resolution,
  catalogue: Pick<Catalogue, "knownPairs">,
): RequestOptions {
  const warnings = uninheritedWarnings(configuration, resolution);
  const read = fieldReader(configuration, resolution);
  const allowed = (name: string): Field | undefined => {
    const field = read(name);
    const reason = field && whyNot(configuration, resolution, { name, field, catalogue });
    if (reason !== undefined) {
      warnings.push(
        `\`${field?.source.name}\` of \`${field?.source.path}\` is left out: ${reason}`,
      );
    }
    return reason === undefined ? field : undefined;
  };
  const checked = <Value>(name: string, as: (value: unknown) => Value | undefined) => {
    const field = allowed(name);
    const value = field === undefined ? undefined : as(field.value);
    if (field !== undefined && value === undefined) {
      warnings.push(
        `\`${field.source.name}\` of \`${field.source.path}\` is ignored: its type is wrong`,
      );
    }
    return value;
  };
  const limit = (name: string): number | undefined => {
    const value = checked(name, toCount);
    const source = read(name)?.source;
    const isProjects = source !== undefined && projectPartsWithin(configuration, source).length > 0;
    if (value === undefined || value <= LONGEST_OF_PROJECT_MS || !isProjects) {
      return value;
    }
    warnings.push(
      `\`${source.name}\` of \`${source.path}\` is cut to ${LONGEST_OF_PROJECT_MS} ms: it is the project's`,
    );
    return LONGEST_OF_PROJECT_MS;
  };
  const samplingParams = checked("samplingParams", toObject);
  const extraBody = checked("extra_body", toObject);
  const thinking = readReasoning({
    reasoning: read("reasoning"),
    effort: findSetting(configuration.layers, ["model", "reasoningEffort"]),
    isMandatory: read("thinkingMandatory")?.value === true,
  });
  warnings.push(...thinking.warnings);
  const custom = allowed("customHeaders");
  const { headers, warnings: leftOut } =
    custom === undefined ? NO_HEADERS : readCustomHeaders(custom.value, custom.source);
  warnings.push(...leftOut);
  return {
    timeoutMs: timeoutOf(configuration, resolution, limit("timeout")),
    maxRetries: Math.min(checked("maxRetries", toCount) ?? DEFAULT_RETRIES, MOST_RETRIES),
    body: {
      ...(samplingParams === undefined ? {} : { samplingParams }),
      ...(extraBody === undefined ? {} : { extraBody }),
      ...(thinking.reasoning === undefined ? {} : { reasoning: thinking.reasoning }),
    },
    customHeaders: headers,
    warnings,
  };
}

/** Fields that go over the wire as they are. */
const BODIES = ["samplingParams", "extra_body"];
const SENT = [...BODIES, "customHeaders"];
/** Fields that are meant for one model; another one at the same endpoint gets none of them. */
const OF_THE_MODEL = [...BODIES, "reasoning", "thinkingMandatory"];
/** Fields that are meant for one endpoint, or for one model at it. */
const OF_THE_ENDPOINT = [...OF_THE_MODEL, "customHeaders"];

function fieldReader(configuration: Configuration, resolution: Resolution): Reader {
  const { entry, model } = resolution;
  const isItsModel = entry?.id === model?.value;
  return (name) => {
    const own = entry?.generationConfig?.[name];
    if (entry === undefined || own === undefined) {
      return isInherited(resolution, name) ? topLevel(configuration, name) : undefined;
    }
    const { name: place, ...source } = entry.sourceOf();
    return isItsModel || !OF_THE_MODEL.includes(name)
      ? { value: own, source: { ...source, name: `${place}.generationConfig.${name}` } }
      : undefined;
  };
}

function topLevel({ layers }: Configuration, name: string): Field | undefined {
  return findSetting(layers, ["model", "generationConfig", name]);
}

/**
 * Whether `model.generationConfig` counts: limits for every model, the rest for those without an
 * entry at the endpoint that is configured.
 */
function isInherited({ entry, replaced }: Resolution, name: string): boolean {
  return !OF_THE_ENDPOINT.includes(name) || (entry === undefined && replaced === undefined);
}

/** One line for each file whose `model.generationConfig` names what is for other connections. */
function uninheritedWarnings(configuration: Configuration, resolution: Resolution): string[] {
  const byPath = new Map<string, string[]>();
  for (const name of OF_THE_ENDPOINT) {
    const { source } = topLevel(configuration, name) ?? {};
    if (source?.path !== undefined && !isInherited(resolution, name)) {
      byPath.set(source.path, [...(byPath.get(source.path) ?? []), `\`${name}\``]);
    }
  }
  const why =
    resolution.entry === undefined
      ? "they are not for the endpoint of the command line"
      : "they serve models without an entry";
  return [...byPath].map(
    ([path, names]) =>
      `${names.join(", ")} of \`model.generationConfig\` in \`${path}\` are left out: ${why}`,
  );
}

type Judged = {
  readonly name: string;
  readonly field: Field;
  readonly catalogue: Pick<Catalogue, "knownPairs">;
};

/** Why a field does not count; `undefined` when it does. */
function whyNot(
  configuration: Configuration,
  resolution: Resolution,
  { name, field, catalogue }: Judged,
): string | undefined {
  const { endpoint, key, pairing } = resolution;
  const parts = projectPartsWithin(configuration, field.source);
  if (name === "timeout" && field.value === 0 && parts.length > 0) {
    return "a project cannot take the limit away";
  }
  if (!SENT.includes(name) || endpoint === undefined) {
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

/** What of a connection a project may not steer: the key that is sent, or a server without one. */
function whatIsYours(
  endpoint: NonNullable<Resolution["endpoint"]>,
  key: Resolution["key"],
): "key" | "endpoint" | undefined {
  if (key.kind === "present" || key.kind === "deferred") {
    return key.source.origin === "user" ? "key" : undefined;
  }
  return endpoint.source.origin === "user" ? "endpoint" : undefined;
}

function timeoutOf(
  { variable }: Configuration,
  { entry }: Resolution,
  configured: number | undefined,
): number {
  const text = variable("QWEN_CODE_API_TIMEOUT_MS")?.value ?? "";
  const named = /^\d+$/.test(text) ? Number(text) : undefined;
  const own = entry?.generationConfig?.timeout;
  return (typeof own === "number" ? configured : (named ?? configured)) ?? DEFAULT_TIMEOUT_MS;
}

function toObject(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

function toCount(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0
    ? Math.ceil(value)
    : undefined;
}
