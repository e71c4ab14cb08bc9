import { isDeniedName } from "../env/denied-names.ts";
import { ConfigError } from "../errors.ts";
import { sameEndpoint } from "../lib/endpoint-url.ts";
import { findText } from "../settings/settings-layer.ts";
import type { Sourced } from "../source.ts";
import type { ConnectionFlags, ResolvedKey } from "./connection.ts";
import { flagSource } from "./connection-flags.ts";
import type { Configuration } from "./load-configuration.ts";
import type { ModelEntry } from "./model-entries.ts";
import { KEYLESS, type Protocol, STANDARD } from "./protocol.ts";
import type { ResolvedEndpoint } from "./resolve-endpoint.ts";

type KeyRequest = {
  readonly flags: ConnectionFlags;
  readonly entry: ModelEntry | undefined;
  readonly endpoint: ResolvedEndpoint;
};

/**
 * Chooses the key: `--openai-api-key`; the variable that the entry names and only that; without
 * one the protocol's variables, then `security.auth.apiKey` (`spec/settings-and-env.md`). A key of
 * one vendor is never taken for another because a variable was missing.
 * @throws ConfigError when the entry names a variable that can hold no key, or its key file cannot
 *   be read
 */
export function resolveKey(
  configuration: Configuration,
  protocol: Protocol,
  request: KeyRequest,
): ResolvedKey {
  const { flags, entry, endpoint } = request;
  const envKeys = keyNames(configuration, protocol, request);
  const found = fromFlag(flags) ?? fromVariables(configuration, envKeys);
  const legacy = entry?.envKey === undefined ? legacyKey(configuration, request) : undefined;
  const key = found ?? (legacy && { key: legacy, envKey: undefined });
  if (key === undefined) {
    return endpoint.isPrivate && entry !== undefined
      ? { kind: "keyless", envKey: entry.envKey }
      : { kind: "missing", envKeys, hiddenIn: hiddenIn(configuration, envKeys) };
  }
  return toResolvedKey(key.key, key.envKey);
}

/** The key of one variable, wherever it comes from. */
export function keyOfVariable(configuration: Configuration, envKey: string): ResolvedKey {
  const found = fromVariables(configuration, [envKey]);
  return found === undefined
    ? { kind: "missing", envKeys: [envKey], hiddenIn: hiddenIn(configuration, [envKey]) }
    : toResolvedKey(found.key, envKey);
}

type Found = { readonly key: Sourced<string>; readonly envKey: string | undefined };

function toResolvedKey(key: Sourced<string>, envKey: string | undefined): ResolvedKey {
  return key.value === KEYLESS
    ? { kind: "keyless", envKey }
    : {
        kind: "present",
        value: key.value,
        source: key.source,
        shadowed: key.shadowed,
        envKey,
        scheme: envKey === "ANTHROPIC_AUTH_TOKEN" ? "bearer" : "key",
      };
}

function fromFlag({ apiKey }: ConnectionFlags): Found | undefined {
  return apiKey === undefined
    ? undefined
    : {
        key: { value: apiKey, source: flagSource("--openai-api-key"), shadowed: [] },
        envKey: undefined,
      };
}

function fromVariables(configuration: Configuration, names: readonly string[]): Found | undefined {
  for (const envKey of names) {
    const key = configuration.variable(envKey);
    const failure = configuration.failures.get(envKey);
    if (failure !== undefined) {
      throw failure;
    }
    if (key !== undefined) {
      return { key, envKey };
    }
  }
  return undefined;
}

/**
 * The variables that may hold the key. The protocol's own ones serve an entry with an endpoint of
 * its own only if that is the endpoint they are meant for.
 */
function keyNames(
  { variable }: Configuration,
  protocol: Protocol,
  { flags, entry, endpoint }: KeyRequest,
): readonly string[] {
  if (entry?.envKey !== undefined) {
    throwIfDenied(entry, entry.envKey);
    return [entry.envKey];
  }
  const { keys, baseUrls, publicEndpoint } = STANDARD[protocol];
  if (entry?.baseUrl === undefined || flags.baseUrl !== undefined) {
    return keys;
  }
  const own = baseUrls.map((name) => variable(name)?.value).filter((url) => url !== undefined);
  const isMeant = [publicEndpoint, ...own].some((url) =>
    sameEndpoint(url, endpoint.endpoint.value),
  );
  return isMeant ? keys : [];
}

/** `security.auth.apiKey`, unless its own `baseUrl` says that it belongs elsewhere. */
function legacyKey(
  { layers }: Configuration,
  { endpoint }: KeyRequest,
): Sourced<string> | undefined {
  const baseUrl = findText(layers, ["security", "auth", "baseUrl"]);
  const belongs = baseUrl === undefined || sameEndpoint(baseUrl.value, endpoint.endpoint.value);
  return belongs ? findText(layers, ["security", "auth", "apiKey"]) : undefined;
}

function hiddenIn({ dotenv }: Configuration, envKeys: readonly string[]): string[] {
  return dotenv.shadowed
    .filter(({ names }) => names.some((name) => envKeys.includes(name)))
    .map(({ path }) => path);
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
