import { isDeniedName } from "../env/denied-names.ts";
import { ConfigError, UsageError } from "../errors.ts";
import { sameEndpoint } from "../lib/endpoint-url.ts";
import { isJsonObject, valueAt } from "../lib/json/json-object.ts";
import { isReference, parseKey } from "../secrets/parse-key.ts";
import { findText } from "../settings/settings-layer.ts";
import { type Source, type Sourced, secretOrigin } from "../source.ts";
import { accountKey } from "./accounts/chosen-account.ts";
import type { Configuration } from "./configuration.ts";
import type { ConnectionFlags } from "./connection-flags.ts";
import { flagSource } from "./connection-flags.ts";
import type { ModelEntry } from "./entries/model-entries.ts";
import { type KeyPlace, keyPlaces } from "./key-places.ts";
import { pairsOfEntries } from "./known-pairs.ts";
import { KEYLESS, type Protocol, STANDARD } from "./protocol.ts";
import type { ResolvedKey } from "./resolution.ts";
import type { KnownEndpoint, ResolvedEndpoint } from "./resolve-endpoint.ts";

type KeyRequest = {
  readonly flags: ConnectionFlags;
  /** The entry whose endpoint it is. */
  readonly entry: ModelEntry | undefined;
  readonly endpoint: ResolvedEndpoint;
  /** As `resolveModel` tells it. */
  readonly unlisted?: Sourced<string> | undefined;
};

/**
 * Chooses the key: `--openai-api-key`; the variable that the entry names and only that; without
 * one the protocol's variables, then `security.auth.apiKey` (`spec/settings-and-env.md`). A key of
 * one vendor is never taken for another because a variable was missing.
 * @throws ConfigError when the entry names a variable that can hold no key, or its key file cannot
 *   be read; UsageError when the flag's value is no key
 */
export function resolveKey(
  configuration: Configuration,
  protocol: Protocol,
  request: KeyRequest,
): ResolvedKey {
  const { flags, entry } = request;
  const envKeys = keyNames(configuration, protocol, request);
  const key = firstKey([
    ...fromFlag(flags),
    ...accountKey(configuration, request, envKeys),
    ...fromVariables(configuration, envKeys),
    ...(entry?.envKey === undefined ? legacyKey(configuration, request) : []),
  ]);
  const header = key.kind === "missing" ? credentialHeader(configuration, request) : undefined;
  if (header !== undefined) {
    return { kind: "keyless", envKey: undefined, header };
  }
  if (key.kind === "missing" && isKeyless(request)) {
    const { envKey } = entry ?? {};
    return { kind: "keyless", envKey, ...(envKey === undefined ? {} : { isUnset: true }) };
  }
  if (key.kind !== "missing") {
    return key;
  }
  const unused = findText(configuration.layers, ["security", "auth", "apiKey"])?.source;
  const isUnused = entry?.envKey !== undefined && unused !== undefined;
  const unusedVariable = unusedStandard(configuration, protocol, entry);
  return {
    ...missing(configuration, envKeys),
    ...(isUnused ? { unused } : {}),
    ...(unusedVariable === undefined ? {} : { unusedVariable }),
    ...(request.unlisted === undefined ? {} : { unlisted: request.unlisted }),
  };
}

/** A standard variable that is set while the entry names none: it is for another endpoint. */
export function unusedStandard(
  { variable }: Pick<Configuration, "variable">,
  protocol: Protocol,
  entry: ModelEntry | undefined,
): string | undefined {
  const isNamed = entry === undefined || entry.envKey !== undefined;
  return isNamed ? undefined : STANDARD[protocol].keys.find((name) => variable(name) !== undefined);
}

/** A private endpoint that an entry, a flag or a variable names wants no key when none applies. */
function isKeyless({ entry, endpoint }: KeyRequest): boolean {
  return (
    endpoint.kind === "known" &&
    endpoint.isPrivate &&
    (entry !== undefined || endpoint.endpoint.source.name !== "security.auth.baseUrl")
  );
}

/** A header of the connection's own that authenticates without a key. */
function credentialHeader(
  { merged }: Configuration,
  { entry, endpoint }: KeyRequest,
): string | undefined {
  if (endpoint.kind === "known" && endpoint.replaced !== undefined) {
    return undefined;
  }
  const headers =
    entry === undefined
      ? valueAt(merged, ["model", "generationConfig", "customHeaders"])
      : entry.generationConfig?.customHeaders;
  return Object.entries(isJsonObject(headers) ? headers : {})
    .filter(([, value]) => typeof value === "string" && value.trim() !== "")
    .map(([name]) => name)
    .find((name) => /^(?:authorization|x-api-key|api-key|x-goog-api-key)$/i.test(name));
}

/** The key of one variable, wherever it comes from. */
export function keyOfVariable(
  configuration: Configuration,
  envKey: string,
  request: Pick<KeyRequest, "flags" | "endpoint"> = NOTHING_ASKED,
): ResolvedKey {
  const key = firstKey([
    ...accountKey(configuration, request, [envKey]),
    ...fromVariables(configuration, [envKey]),
  ]);
  return key.kind === "missing" ? missing(configuration, [envKey]) : key;
}

const NOTHING_ASKED = { flags: {}, endpoint: { kind: "unknown", misnamed: undefined } } as const;

/** What a key may come from: a value, places to fetch it from, or why it cannot be read. */
type Candidate =
  | Text
  | { readonly places: readonly [KeyPlace, ...KeyPlace[]]; readonly envKey: string }
  | { readonly failure: ConfigError };

type Text = { readonly key: Sourced<string>; readonly envKey: string | undefined };

/** The highest candidate; what stands below it, it hides. */
function firstKey(candidates: readonly Candidate[]): ResolvedKey | { readonly kind: "missing" } {
  const [first, ...lower] = candidates;
  if (first === undefined) {
    return { kind: "missing" };
  }
  if ("failure" in first) {
    throw first.failure;
  }
  const hidden = lower.map(sourcesOf).flat();
  if ("places" in first) {
    const [{ source }, ...others] = first.places;
    const shadowed = [...others.map((place) => place.source), ...hidden];
    return { kind: "deferred", ...first, source, shadowed, scheme: schemeOf(first.envKey) };
  }
  return resolvedText(first, [...first.key.shadowed, ...hidden]);
}

/** What a text is as a key: that rule is `parseKey`, here as at a login. */
function resolvedText({ key, envKey }: Text, shadowed: readonly Source[]): ResolvedKey {
  const parsed = parseKey(key.value);
  const source = { ...key.source, origin: secretOrigin(key) };
  if (parsed.kind === "invalid") {
    throwIfFlag(source, parsed.reason);
    return { kind: "unusable", reason: parsed.reason, source, shadowed, envKey };
  }
  return parsed.key === KEYLESS
    ? { kind: "keyless", envKey }
    : {
        kind: "present",
        value: parsed.key,
        source,
        shadowed,
        envKey,
        scheme: schemeOf(envKey),
        ...(parsed.notes.length === 0 ? {} : { notes: parsed.notes }),
      };
}

function throwIfFlag({ kind, name }: Source, reason: string): void {
  if (kind === "flag") {
    throw new UsageError(`Cannot use the value of \`${name}\` as a key: ${reason}`, {
      code: "invalid-key",
      hint: "give the key alone",
    });
  }
}

function sourcesOf(candidate: Candidate): readonly Source[] {
  if ("places" in candidate) {
    return candidate.places.map(({ source }) => source);
  }
  return "key" in candidate ? [candidate.key.source, ...candidate.key.shadowed] : [];
}

function schemeOf(envKey: string | undefined): "key" | "bearer" {
  return envKey === "ANTHROPIC_AUTH_TOKEN" ? "bearer" : "key";
}

function fromFlag({ apiKey }: ConnectionFlags): Candidate[] {
  return apiKey === undefined
    ? []
    : [
        {
          key: { value: apiKey, source: flagSource("--openai-api-key"), shadowed: [] },
          envKey: undefined,
        },
      ];
}

function fromVariables(configuration: Configuration, names: readonly string[]): Candidate[] {
  return names
    .map((envKey): Candidate[] => {
      const failure = configuration.failures.get(envKey);
      if (failure !== undefined) {
        return [{ failure }];
      }
      const key = configuration.variable(envKey);
      const [place, ...others] = keyPlaces(configuration, envKey);
      return [
        ...(key === undefined || isReference(key.value) ? [] : [{ key, envKey }]),
        ...(place === undefined ? [] : [{ places: [place, ...others], envKey } as const]),
      ];
    })
    .flat();
}

type Missing = Extract<ResolvedKey, { kind: "missing" }>;

function missing(configuration: Configuration, envKeys: readonly string[]): Missing {
  const { dotenv, variable } = configuration;
  const unresolved = envKeys
    .map((name) => variable(name)?.value)
    .filter((value) => value !== undefined);
  const hidden = dotenv.shadowed.filter(({ names }) =>
    names.some((name) => envKeys.includes(name)),
  );
  const hiddenIn = hidden.map(({ path }) => path);
  const isHidden = hiddenIn.length > 0 && dotenv.path !== undefined;
  const isOwnHidden = dotenv.origin === "project" && hidden.some(({ origin }) => origin === "user");
  return {
    kind: "missing",
    envKeys,
    unresolved,
    hiddenIn,
    ...(isHidden ? { hiddenBy: dotenv.path } : {}),
    ...(isOwnHidden ? { isOwnHidden } : {}),
  };
}

/**
 * The variables that may hold the key. The protocol's own ones serve an entry with an endpoint of
 * its own only if that is the endpoint they are meant for.
 */
function keyNames(
  configuration: Configuration,
  protocol: Protocol,
  { flags, entry, endpoint }: KeyRequest,
): readonly string[] {
  const { variable } = configuration;
  if (entry?.envKey !== undefined) {
    throwIfDenied(entry, entry.envKey);
    return [entry.envKey];
  }
  const { keys, baseUrls, publicEndpoint } = STANDARD[protocol];
  const isFree = entry?.baseUrl === undefined || flags.baseUrl !== undefined;
  if (isFree || endpoint.kind === "unknown") {
    const isFlagged = endpoint.kind === "known" && flags.baseUrl !== undefined;
    return keys.filter((name) => !isFlagged || !isElsewhere(configuration, name, endpoint));
  }
  const own = baseUrls.map((name) => variable(name)?.value).filter((url) => url !== undefined);
  const isMeant = [publicEndpoint, ...own].some((url) =>
    sameEndpoint(url, endpoint.endpoint.value),
  );
  return isMeant ? keys : [];
}

/** Whether entries of the user's own pair a variable with other endpoints, and none with this one. */
function isElsewhere(of: Configuration, name: string, { endpoint }: KnownEndpoint): boolean {
  const own = pairsOfEntries(of).filter(({ envKey }) => envKey === name);
  return own.length > 0 && !own.some(({ baseUrl }) => sameEndpoint(baseUrl, endpoint.value));
}

/**
 * `security.auth.apiKey`, unless its own `baseUrl` says that it belongs elsewhere, or a flag names
 * another endpoint than the one in force without it.
 */
function legacyKey({ layers }: Configuration, { endpoint }: KeyRequest): Candidate[] {
  if (endpoint.kind === "known" && endpoint.replaced !== undefined) {
    return [];
  }
  const baseUrl = findText(layers, ["security", "auth", "baseUrl"]);
  const belongs =
    baseUrl === undefined ||
    (endpoint.kind === "known" && sameEndpoint(baseUrl.value, endpoint.endpoint.value));
  const key = findText(layers, ["security", "auth", "apiKey"]);
  return belongs && key !== undefined && key.value.trim() !== "" && !isReference(key.value)
    ? [{ key, envKey: undefined }]
    : [];
}

function throwIfDenied(entry: ModelEntry, envKey: string): void {
  if (isDeniedName(envKey)) {
    const { path, name } = entry.sourceOf("envKey");
    throw new ConfigError(
      `Cannot take a key from the variable \`${envKey}\` (\`${name}\` in \`${path}\`): it is reserved`,
      { code: "settings-invalid", hint: "give `envKey` a name such as `MY_PROVIDER_API_KEY`" },
    );
  }
}
