import { ConfigError, UsageError } from "../errors.ts";
import { isPrivateHost, parseEndpoint } from "../lib/endpoint-url.ts";
import { findText } from "../settings/settings-layer.ts";
import type { Source, Sourced } from "../source.ts";
import type { ConnectionFlags } from "./connection.ts";
import { flagSource } from "./connection-flags.ts";
import type { Configuration } from "./load-configuration.ts";
import type { ModelEntry } from "./model-entries.ts";
import { type Protocol, STANDARD } from "./protocol.ts";

export type ResolvedEndpoint = {
  readonly endpoint: Sourced<string>;
  readonly isPrivate: boolean;
  readonly warnings: readonly string[];
};

/**
 * Chooses the endpoint: `--openai-base-url`, the entry's `baseUrl`, the protocol's variables,
 * `security.auth.baseUrl`, the protocol's public default (`spec/settings-and-env.md`).
 * @throws ConfigError or, for the flag, UsageError when it is no usable URL
 */
export function resolveEndpoint(
  configuration: Configuration,
  protocol: Protocol,
  { flags, entry }: { readonly flags: ConnectionFlags; readonly entry: ModelEntry | undefined },
): ResolvedEndpoint {
  const [highest, ...lower] = candidates(configuration, protocol, { flags, entry });
  const endpoint: Sourced<string> = highest
    ? { ...highest, shadowed: [...highest.shadowed, ...lower.map(({ source }) => source)] }
    : {
        value: STANDARD[protocol].publicEndpoint,
        source: { kind: "default", origin: "user" },
        shadowed: [],
      };
  return checkEndpoint(endpoint);
}

/** Checks an endpoint that is already chosen. */
export function checkEndpoint(endpoint: Sourced<string>): ResolvedEndpoint {
  const parsed = parseEndpoint(endpoint.value);
  if (parsed.kind === "invalid") {
    throw invalidEndpoint(endpoint.source, parsed.reason);
  }
  const isPrivate = isPrivateHost(parsed.url.hostname);
  const isPlain = parsed.url.protocol === "http:" && !isPrivate;
  return {
    endpoint,
    isPrivate,
    warnings: isPlain
      ? [`${parsed.url.host} is reached over plain http: the key can be read on the way`]
      : [],
  };
}

function candidates(
  { layers, variable }: Configuration,
  protocol: Protocol,
  { flags, entry }: { readonly flags: ConnectionFlags; readonly entry: ModelEntry | undefined },
): Sourced<string>[] {
  const flag: Sourced<string> | undefined =
    flags.baseUrl === undefined
      ? undefined
      : { value: flags.baseUrl, source: flagSource("--openai-base-url"), shadowed: [] };
  const own: Sourced<string> | undefined =
    entry?.baseUrl === undefined
      ? undefined
      : { value: entry.baseUrl, source: entry.sourceOf("baseUrl"), shadowed: [] };
  return [
    flag,
    own,
    ...STANDARD[protocol].baseUrls.map(variable),
    findText(layers, ["security", "auth", "baseUrl"]),
  ].filter((candidate) => candidate !== undefined);
}

function invalidEndpoint(source: Source, reason: string): UsageError | ConfigError {
  if (source.kind === "flag") {
    return new UsageError(`Cannot use the value of \`${source.name}\`: ${reason}`, {
      code: "invalid-value",
    });
  }
  const where = source.path === undefined ? "the environment" : `\`${source.path}\``;
  return new ConfigError(`Cannot use \`${source.name}\` of ${where} as an endpoint: ${reason}`, {
    code: "settings-invalid",
    hint: `correct \`${source.name}\``,
  });
}
