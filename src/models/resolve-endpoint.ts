import { ConfigError, UsageError } from "../errors.ts";
import {
  isPrivateHost,
  normalEndpoint,
  parseEndpoint,
  requestPathOf,
  sameEndpoint,
} from "../lib/endpoint-url.ts";
import { unfilledName } from "../settings/interpolate-settings.ts";
import { findText } from "../settings/settings-layer.ts";
import type { Source, Sourced } from "../source.ts";
import { chosenAccount } from "./accounts/chosen-account.ts";
import type { Configuration } from "./configuration.ts";
import type { ConnectionFlags } from "./connection-flags.ts";
import { flagSource } from "./connection-flags.ts";
import type { ModelEntry } from "./entries/model-entries.ts";
import { type Protocol, STANDARD } from "./protocol.ts";

export type KnownEndpoint = {
  readonly kind: "known";
  /** In its one form (`parseEndpoint`). */
  readonly endpoint: Sourced<string>;
  readonly isPrivate: boolean;
  /**
   * The endpoint that a flag or an account took the place of. What belongs to that one, an entry
   * with all that stands in it, does not go along.
   */
  readonly replaced: string | undefined;
  /** The account that was asked for belongs there, and so does its key: the entry names only its variable. */
  readonly isOfAccount: boolean;
  readonly warnings: readonly string[];
};

export type ResolvedEndpoint =
  | KnownEndpoint
  /** Nothing says where to; a key is not sent to a guess. */
  | {
      readonly kind: "unknown";
      /** A variable that names an endpoint for others, and that nothing here reads. */
      readonly misnamed: string | undefined;
    };

type EndpointRequest = {
  readonly flags: ConnectionFlags;
  readonly entry: ModelEntry | undefined;
  /** The model that would be asked. */
  readonly model: string | undefined;
};

/**
 * Chooses the endpoint: `--openai-base-url`, the entry's `baseUrl`, the protocol's variables,
 * `security.auth.baseUrl`, the protocol's public default (`spec/settings-and-env.md`).
 * @throws ConfigError or, for the flag, UsageError when it is no usable URL
 */
export function resolveEndpoint(
  configuration: Configuration,
  protocol: Protocol,
  request: EndpointRequest,
): ResolvedEndpoint {
  const { flags, entry } = request;
  const [stated, ...lower] = statedEndpoints(configuration, protocol, request);
  const below = [stated, ...lower].map((other) => other?.source ?? []).flat();
  const home = stated?.value ?? (entry && STANDARD[protocol].publicEndpoint);
  const account = accountEndpoint(configuration, flags, entry);
  const isOfAccount =
    account !== undefined && sameEndpoint(flags.baseUrl ?? account.value, account.value);
  if (flags.baseUrl !== undefined) {
    const source = flagSource("--openai-base-url");
    const flagged = checkEndpoint({ value: flags.baseUrl, source, shadowed: below });
    const isMoved = home !== undefined && !sameEndpoint(home, flags.baseUrl);
    return { ...flagged, replaced: isMoved ? normalEndpoint(home) : undefined, isOfAccount };
  }
  if (account !== undefined) {
    const moved = checkEndpoint({ ...account, shadowed: below });
    return { ...moved, replaced: home && normalEndpoint(home), isOfAccount };
  }
  if (stated !== undefined) {
    const shadowed = [...stated.shadowed, ...lower.map(({ source }) => source)];
    return checkEndpoint({ ...stated, shadowed });
  }
  const misnamed = misnamedEndpoint(configuration, protocol, request);
  return misnamed === undefined && takesDefault(protocol, request)
    ? checkEndpoint({
        value: STANDARD[protocol].publicEndpoint,
        source: { kind: "default", origin: "user" },
        shadowed: [],
      })
    : { kind: "unknown", misnamed };
}

/** Where entries that name no endpoint go. */
export function homeEndpoint(configuration: Configuration, protocol: Protocol): string {
  const request = { flags: {}, entry: undefined, model: undefined };
  const [stated] = statedEndpoints(configuration, protocol, request);
  return stated?.value ?? STANDARD[protocol].publicEndpoint;
}

/** Checks an endpoint that is already chosen. */
export function checkEndpoint(endpoint: Sourced<string>): KnownEndpoint {
  const parsed = parseEndpoint(endpoint.value);
  // Accounts are no settings: a variable in them is filled nowhere.
  const isFilled = endpoint.source.kind !== "account";
  const unfilled = isFilled ? unfilledName(endpoint.value) : undefined;
  if (unfilled !== undefined && (parsed.kind === "invalid" || parsed.url.host.includes("$"))) {
    throw invalidEndpoint(
      endpoint.source,
      `\`${unfilled}\` is not set`,
      `set \`${unfilled}\`, or `,
    );
  }
  if (parsed.kind === "invalid") {
    throw invalidEndpoint(endpoint.source, parsed.reason);
  }
  const isPrivate = isPrivateHost(parsed.url.hostname);
  const isPlain = parsed.url.protocol === "http:" && !isPrivate;
  const added = requestPathOf(parsed.url);
  return {
    kind: "known",
    endpoint: { ...endpoint, value: parsed.href },
    isPrivate,
    replaced: undefined,
    isOfAccount: false,
    warnings: [
      ...(isPlain
        ? [`${parsed.url.host} is reached over plain http: the key can be read on the way`]
        : []),
      ...(added === undefined
        ? []
        : [`the base URL ends before \`${added}\`, which is added to it: ${parsed.href} is used`]),
    ],
  };
}

/** What names an endpoint beside flag and account, highest first. */
function statedEndpoints(
  configuration: Configuration,
  protocol: Protocol,
  { entry }: EndpointRequest,
): Sourced<string>[] {
  const { layers, variable } = configuration;
  const own: Sourced<string> | undefined =
    entry?.baseUrl === undefined
      ? undefined
      : { value: entry.baseUrl, source: entry.sourceOf("baseUrl"), shadowed: [] };
  return [
    own,
    ...STANDARD[protocol].baseUrls.map(variable),
    findText(layers, ["security", "auth", "baseUrl"]),
  ].filter((candidate) => candidate !== undefined);
}

/** Where the key of an account belongs, if the entry goes elsewhere. */
function accountEndpoint(
  configuration: Configuration,
  flags: ConnectionFlags,
  entry: ModelEntry | undefined,
): Sourced<string> | undefined {
  const envKeys = entry?.envKey === undefined ? [] : [entry.envKey];
  const chosen = envKeys.length === 0 ? undefined : chosenAccount(configuration, flags, envKeys);
  const { baseUrl } = chosen?.account ?? {};
  return chosen === undefined || baseUrl === undefined || sameEndpoint(baseUrl, entry?.baseUrl)
    ? undefined
    : { value: baseUrl, source: chosen.source, shadowed: [] };
}

/**
 * Ids of OpenAI's own models, also of those that were tuned there. Others ask for `gpt-oss-120b`,
 * `gpt-j-6b` and the like, which it does not serve.
 */
const OPENAI_MODEL = /^(?:ft:)?(?:gpt-\d+(?:\.\d+)?(?!all|\d|b\b)|o\d(?![a-z\d])|chatgpt-|codex-)/;

/**
 * Whether a key is meant for the public endpoint of its protocol though nothing says so: many
 * vendors speak OpenAI's, so it takes an entry for the protocol's own key, or a model of OpenAI's.
 */
function takesDefault(protocol: Protocol, { entry, model }: EndpointRequest): boolean {
  return (
    protocol !== "openai" ||
    (entry !== undefined && isForStandardKey(protocol, entry)) ||
    (model !== undefined && OPENAI_MODEL.test(model))
  );
}

function isForStandardKey(protocol: Protocol, entry: ModelEntry | undefined): boolean {
  const envKey = entry?.envKey;
  return envKey === undefined || STANDARD[protocol].keys.includes(envKey);
}

/**
 * `OPENAI_API_BASE` and its like, which other programs read: a standard key beside it is meant for
 * that endpoint, not for the public one. A project's says nothing about a key of the user's.
 */
function misnamedEndpoint(
  { variable }: Configuration,
  protocol: Protocol,
  { flags, entry }: EndpointRequest,
): string | undefined {
  const { keys, baseUrls, publicEndpoint } = STANDARD[protocol];
  if (flags.apiKey !== undefined || !isForStandardKey(protocol, entry)) {
    return undefined;
  }
  const isUsersKey = keys.map(variable).find((key) => key !== undefined)?.source.origin === "user";
  return baseUrls
    .map((name) => name.replace("_BASE_URL", "_API_BASE"))
    .find((name) => {
      const other = variable(name);
      const counts = other?.source.origin === "user" || !isUsersKey;
      return other !== undefined && counts && !sameEndpoint(other.value, publicEndpoint);
    });
}

function invalidEndpoint(source: Source, reason: string, instead = ""): UsageError | ConfigError {
  if (source.kind === "flag") {
    return new UsageError(`Cannot use the value of \`${source.name}\`: ${reason}`, {
      code: "invalid-value",
    });
  }
  const where = source.path === undefined ? "the environment" : `\`${source.path}\``;
  return new ConfigError(`Cannot use \`${source.name}\` of ${where} as an endpoint: ${reason}`, {
    code: "settings-invalid",
    hint: `${instead}correct \`${source.name}\``,
  });
}
