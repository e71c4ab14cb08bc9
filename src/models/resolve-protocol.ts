import { AuthError, ConfigError, UsageError } from "../errors.ts";
import { isPrivateHost } from "../lib/endpoint-url.ts";
import { findText } from "../settings/settings-layer.ts";
import type { Source, Sourced } from "../source.ts";
import type { Configuration } from "./configuration.ts";
import type { ConnectionFlags } from "./connection-flags.ts";
import { flagSource, requestedModel } from "./connection-flags.ts";
import { matchEntries } from "./entries/match-entries.ts";
import { keyPlaces } from "./key-places.ts";
import {
  AUTH_TYPES,
  isProtocol,
  NOT_SUPPORTED,
  PROTOCOLS,
  type Protocol,
  QWEN_OAUTH,
  STANDARD,
} from "./protocol.ts";

/** How one authenticates: over a protocol with a key, or as a Qwen OAuth user. */
export type AuthType =
  | { readonly kind: "protocol"; readonly protocol: Sourced<Protocol> }
  | { readonly kind: "qwen-oauth"; readonly source: Source }
  | { readonly kind: "none" };

/**
 * Chooses the protocol (`spec/settings-and-env.md`): flags, `selectedType`, where the model is
 * configured, the first key variable that is set and has a model, the only configured protocol, the
 * first key variable that is set.
 * @throws UsageError when flags contradict each other
 * @throws ConfigError when the selected type is unknown or not supported
 */
export function resolveProtocol(configuration: Configuration, flags: ConnectionFlags): AuthType {
  return (
    fromFlags(flags) ??
    fromSelectedType(configuration, flags) ??
    fromModel(configuration, flags) ??
    fromKeyVariable(configuration, (protocol) => hasModel(configuration, protocol)) ??
    fromOnlyProtocol(configuration) ??
    fromKeyVariable(configuration, () => true) ??
    fromPrivateEndpoint(configuration) ?? { kind: "none" }
  );
}

/** The failure when `security.auth.enforcedType` wants another type than the one in force. */
export function enforcedTypeProblem(
  { layers }: Pick<Configuration, "layers">,
  authType: AuthType,
): AuthError | undefined {
  const enforced = findText(layers, ["security", "auth", "enforcedType"]);
  const actual = authTypeName(authType);
  if (enforced === undefined || actual === undefined || enforced.value === actual) {
    return undefined;
  }
  return new AuthError(
    `Cannot use "${actual}": \`${enforced.source.path}\` enforces "${enforced.value}"`,
    {
      code: "enforced-type",
      hint:
        enforced.source.scope === "project"
          ? `use a model of "${enforced.value}", or add \`--no-project\``
          : `use a model of "${enforced.value}", or ask whoever maintains that file`,
    },
  );
}

function authTypeName(authType: AuthType): string | undefined {
  switch (authType.kind) {
    case "protocol":
      return authType.protocol.value;
    case "qwen-oauth":
      return QWEN_OAUTH;
    case "none":
      return undefined;
  }
}

function fromFlags({ authType, apiKey, baseUrl }: ConnectionFlags): AuthType | undefined {
  const openaiFlag = [
    apiKey === undefined ? undefined : "--openai-api-key",
    baseUrl === undefined ? undefined : "--openai-base-url",
  ].find((flag) => flag !== undefined);
  if (authType === undefined) {
    return openaiFlag === undefined
      ? undefined
      : interpret({ value: "openai", source: flagSource(openaiFlag), shadowed: [] });
  }
  if (openaiFlag !== undefined && authType !== "openai") {
    throw new UsageError(`Cannot use \`${openaiFlag}\` with \`--auth-type ${authType}\``, {
      code: "invalid-value",
      hint: "leave one of the two out",
    });
  }
  return interpret({ value: authType, source: flagSource("--auth-type"), shadowed: [] });
}

function fromSelectedType(
  configuration: Configuration,
  flags: ConnectionFlags,
): AuthType | undefined {
  const selected = findText(configuration.layers, ["security", "auth", "selectedType"]);
  if (selected === undefined) {
    return undefined;
  }
  // A model that is configured over a protocol of ours needs no type that is not supported.
  const elsewhere = NOT_SUPPORTED.includes(selected.value) && fromModel(configuration, flags);
  if (elsewhere) {
    return elsewhere;
  }
  const authType = interpret(selected);
  const requested = requestedModel(configuration, flags);
  if (requested === undefined) {
    return authType;
  }
  const isHere =
    authType.kind === "protocol" &&
    matchEntries(configuration, authType.protocol.value, requested.value).length > 0;
  return isHere ? authType : (fromModel(configuration, flags) ?? authType);
}

function fromModel(configuration: Configuration, flags: ConnectionFlags): AuthType | undefined {
  const requested = requestedModel(configuration, flags);
  if (requested === undefined) {
    return undefined;
  }
  const protocol = PROTOCOLS.find(
    (candidate) => matchEntries(configuration, candidate, requested.value).length > 0,
  );
  return protocol && { kind: "protocol", protocol: { ...requested, value: protocol } };
}

/** The first protocol of which a key is set; a key without a model says little. */
function fromKeyVariable(
  configuration: Configuration,
  counts: (protocol: Protocol) => boolean,
): AuthType | undefined {
  for (const protocol of PROTOCOLS.filter(counts)) {
    for (const name of STANDARD[protocol].keys) {
      const [place] = keyPlaces(configuration, name);
      const key = configuration.variable(name) ?? (place && { ...place, shadowed: [] });
      if (key !== undefined) {
        const { source, shadowed } = key;
        return { kind: "protocol", protocol: { source, shadowed, value: protocol } };
      }
    }
  }
  return undefined;
}

function hasModel({ models, variable }: Configuration, protocol: Protocol): boolean {
  return (
    models.entries.some((entry) => entry.protocol === protocol) ||
    STANDARD[protocol].models.some((name) => variable(name) !== undefined)
  );
}

function fromOnlyProtocol({ models }: Configuration): AuthType | undefined {
  const [first, ...others] = models.entries;
  return first !== undefined && others.every(({ protocol }) => protocol === first.protocol)
    ? {
        kind: "protocol",
        protocol: { value: first.protocol, source: first.sourceOf(), shadowed: [] },
      }
    : undefined;
}

/** A server of one's own that a variable names needs no key to be meant. */
function fromPrivateEndpoint({ variable }: Configuration): AuthType | undefined {
  for (const protocol of PROTOCOLS) {
    const found = STANDARD[protocol].baseUrls.map(variable).find((it) => it !== undefined);
    const host = URL.parse(found?.value ?? "")?.hostname;
    if (found !== undefined && host !== undefined && isPrivateHost(host)) {
      const { source, shadowed } = found;
      return { kind: "protocol", protocol: { source, shadowed, value: protocol } };
    }
  }
  return undefined;
}

function interpret(named: Sourced<string>): AuthType {
  const { value: name, source } = named;
  if (isProtocol(name)) {
    return { kind: "protocol", protocol: { ...named, value: name } };
  }
  if (name === QWEN_OAUTH) {
    return { kind: "qwen-oauth", source };
  }
  if (source.kind === "flag") {
    throw new UsageError(`Cannot use \`--auth-type ${name}\`: ${unusable(name)}`, {
      code: "invalid-value",
      hint: `choose one of ${AUTH_TYPES.join(", ")}`,
      suggest: { word: name, from: AUTH_TYPES },
    });
  }
  const where = source.path === undefined ? "" : ` in \`${source.path}\``;
  const what = `\`${source.name}\`${where} is "${name}"`;
  throw new ConfigError(`Cannot tell how to authenticate: ${what}; ${unusable(name)}`, {
    code: NOT_SUPPORTED.includes(name) ? "unsupported" : "unknown-auth-type",
    hint: `select one of ${AUTH_TYPES.join(", ")}`,
    suggest: { word: name, from: AUTH_TYPES },
  });
}

function unusable(name: string): string {
  return NOT_SUPPORTED.includes(name) ? "it is not supported here" : "it is unknown";
}
