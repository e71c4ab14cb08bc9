import { AuthError, ConfigError } from "../errors.ts";
import { sameEndpoint } from "../lib/endpoint-url.ts";
import { findText } from "../settings/settings-layer.ts";
import type { Sourced } from "../source.ts";
import { accountWarnings, unknownAccount } from "./accounts/chosen-account.ts";
import type { Configuration } from "./configuration.ts";
import { throwIfSteering, unknownEndpoint } from "./connection-failures.ts";
import type { ConnectionFlags } from "./connection-flags.ts";
import { throwIfFaulty, throwIfIgnored } from "./entries/misspelt-models.ts";
import type { ModelEntry } from "./entries/model-entries.ts";
import { pairKey } from "./entries/pair-key.ts";
import { unfitEntry } from "./entries/unfit-entries.ts";
import { keyPlaces } from "./key-places.ts";
import { keyWarnings } from "./key-warnings.ts";
import { prepareRequest } from "./prepare-request.ts";
import type { Protocol } from "./protocol.ts";
import type { Catalogue, Resolution, ResolvedKey, Unfinished } from "./resolution.ts";
import { checkEndpoint, resolveEndpoint } from "./resolve-endpoint.ts";
import { keyOfVariable, resolveKey } from "./resolve-key.ts";
import { type ResolvedModel, resolveModel } from "./resolve-model.ts";
import { enforcedTypeProblem, resolveProtocol } from "./resolve-protocol.ts";
import { unreadVariables } from "./unread/unread-variables.ts";

/**
 * Decides which protocol, model, endpoint and key are in force, each with its source, and whether
 * the key may go to the endpoint. Pure; the only place where this is decided
 * (`spec/settings-and-env.md`, `spec/trust-and-secrets.md`).
 * @throws UsageError when the flags themselves are wrong
 */
export function resolveConnection(
  configuration: Configuration,
  flags: ConnectionFlags,
  catalogue: Catalogue,
): Resolution {
  const resolution = attempt(() => resolve(configuration, flags, catalogue));
  return resolution.state === "configured"
    ? resolution
    : {
        ...resolution,
        unread: unreadVariables(configuration, resolution, catalogue),
        distrusted: configuration.distrusted,
      };
}

function attempt(resolving: () => Resolution): Resolution {
  try {
    return resolving();
  } catch (error) {
    if (error instanceof ConfigError || error instanceof AuthError) {
      return { ...NOTHING, state: "incomplete", problem: error };
    }
    throw error;
  }
}

/**
 * What would be used if `entry` were chosen, with the key of `account` where one is given; nothing
 * else about it is asked, so it never has a problem of another entry's.
 */
export function resolveEntry(
  configuration: Configuration,
  entry: ModelEntry,
  catalogue: Catalogue,
  account?: ConnectionFlags["account"],
): Resolution {
  const source = entry.sourceOf();
  const protocol = { value: entry.protocol, source, shadowed: [] };
  const model = { value: entry.id, source: entry.sourceOf("id"), shadowed: [] };
  return attempt(() =>
    connect(configuration, catalogue, { protocol, flags: { account }, model, entry, warnings: [] }),
  );
}

const MISSING: ResolvedKey = { kind: "missing", envKeys: [], unresolved: [], hiddenIn: [] };

const NOTHING: Unfinished = {
  state: "none",
  selectedBy: undefined,
  protocol: undefined,
  isQwenOauth: false,
  model: undefined,
  entry: undefined,
  endpoint: undefined,
  replaced: undefined,
  key: MISSING,
  pairing: { kind: "allowed" },
  projectSource: undefined,
  trustFolder: undefined,
  isLegacyPlan: false,
  unread: [],
  warnings: [],
  problem: undefined,
};

function resolve(
  configuration: Configuration,
  flags: ConnectionFlags,
  catalogue: Catalogue,
): Resolution {
  const authType = resolveProtocol(configuration, flags);
  const problem = enforcedTypeProblem(configuration, authType);
  if (problem !== undefined) {
    throw problem;
  }
  if (authType.kind === "qwen-oauth") {
    const { source: selectedBy } = authType;
    if (flags.account?.from === "--account") {
      throw unknownAccount(configuration.accounts, flags.account.name, []);
    }
    return { ...NOTHING, state: "incomplete", selectedBy, isQwenOauth: true };
  }
  const protocol = authType.kind === "protocol" ? authType.protocol : undefined;
  const plan = legacyPlan(configuration, { protocol, flags }, catalogue);
  if (plan !== undefined) {
    return plan;
  }
  if (protocol !== undefined) {
    return resolveFor(configuration, { protocol, flags }, catalogue);
  }
  const { models } = configuration;
  const [unfit] = models.unfit;
  if (models.entries.length === 0 && unfit !== undefined) {
    throw unfitEntry(unfit);
  }
  throwIfIgnored(configuration, NOTHING);
  return models.entries.length === 0 ? NOTHING : { ...NOTHING, state: "incomplete" };
}

type Choice<Known> = { readonly protocol: Known; readonly flags: ConnectionFlags };

function resolveFor(
  configuration: Configuration,
  { protocol, flags }: Choice<Sourced<Protocol>>,
  catalogue: Catalogue,
): Resolution {
  const chosen = resolveModel(configuration, protocol.value, flags);
  return connect(configuration, catalogue, { protocol, flags, ...chosen });
}

/** Endpoint and key of a model that is chosen. */
function connect(
  configuration: Configuration,
  catalogue: Catalogue,
  {
    protocol,
    flags,
    model,
    entry,
    unlisted,
    ...chosenBy
  }: Choice<Sourced<Protocol>> & ResolvedModel,
): Resolution {
  const { warnings, isUnconfigured = false } = chosenBy;
  throwIfSteering(protocol.value, model);
  const endpoint = resolveEndpoint(configuration, protocol.value, {
    ...{ flags, entry },
    model: model?.value,
  });
  const isMoved =
    endpoint.kind === "known" && endpoint.replaced !== undefined && !endpoint.isOfAccount;
  const own = isMoved ? undefined : entry;
  throwIfFaulty(own, flags);
  const key = resolveKey(configuration, protocol.value, { flags, entry: own, endpoint, unlisted });
  const selectedBy = protocol.source;
  const chosen: Unfinished = {
    ...{ ...NOTHING, selectedBy, protocol, model, entry: own, key, warnings },
    state: "incomplete",
  };
  if (endpoint.kind === "unknown") {
    throwIfIgnored(configuration, chosen);
    const problem = model && unknownEndpoint(protocol.value, { ...endpoint, key, model });
    return { ...chosen, problem };
  }
  const connected: Unfinished = {
    ...chosen,
    endpoint: endpoint.endpoint,
    replaced: endpoint.replaced,
    warnings: [
      ...warnings,
      ...(isUnconfigured
        ? [`"${model?.value}" is not configured; it is sent as it is to ${endpoint.endpoint.value}`]
        : []),
      ...endpoint.warnings,
      ...accountWarnings(flags, key),
    ],
  };
  throwIfIgnored(configuration, connected);
  return complete(configuration, catalogue, connected);
}

/**
 * Set-ups of older releases: a key of the plan or `codingPlan.region`, and no entries. Flags that
 * name another connection go first.
 */
function legacyPlan(
  configuration: Configuration,
  { protocol, flags }: Choice<Sourced<Protocol> | undefined>,
  catalogue: Catalogue,
): Resolution | undefined {
  const { models, layers, variable } = configuration;
  const plan = catalogue.legacyPlan;
  const isOther = protocol !== undefined && protocol.value !== "openai";
  const hasEntries = models.entries.some((entry) => entry.protocol === "openai");
  const isFlagged = flags.apiKey !== undefined || flags.baseUrl !== undefined;
  if (isOther || hasEntries || isFlagged) {
    return undefined;
  }
  const region = findText(layers, ["codingPlan", "region"]);
  const hasPlan =
    region !== undefined ||
    variable(plan.envKey) !== undefined ||
    keyPlaces(configuration, plan.envKey).length > 0;
  if (!hasPlan) {
    return undefined;
  }
  const isKnown = region !== undefined && Object.hasOwn(plan.endpoints, region.value);
  const byRegion = isKnown ? plan.endpoints[region.value] : undefined;
  const fallback = byDefault(byRegion ?? plan.endpoints[plan.defaultRegion] ?? "");
  const planned = checkEndpoint(planEndpoint(configuration, plan, region) ?? fallback);
  const { endpoint } = planned;
  const known = protocol ?? byDefault("openai");
  return complete(configuration, catalogue, {
    ...NOTHING,
    isLegacyPlan: true,
    selectedBy: known.source,
    protocol: known,
    model: resolveModel(configuration, "openai", flags).model ?? byDefault(plan.defaultModel),
    endpoint,
    key: keyOfVariable(configuration, plan.envKey, { flags, endpoint: planned }),
    warnings:
      region !== undefined && byRegion === undefined
        ? [`\`codingPlan.region\` "${region.value}" is unknown; ${plan.defaultRegion} is used`]
        : [],
  });
}

/** `OPENAI_BASE_URL` chooses between the plan's endpoints where no region is stored. */
function planEndpoint(
  { variable }: Configuration,
  { endpoints }: Catalogue["legacyPlan"],
  region: Sourced<string> | undefined,
): Sourced<string> | undefined {
  const named = variable("OPENAI_BASE_URL");
  const isOfPlan =
    named !== undefined &&
    Object.values(endpoints).some((endpoint) => sameEndpoint(endpoint, named.value));
  return region === undefined && isOfPlan ? named : undefined;
}

/** Adds what follows from the four values: the pairing, and whether a request can be made. */
function complete(
  configuration: Configuration,
  catalogue: Catalogue,
  partial: Unfinished,
): Resolution {
  const { state: _state, problem: _problem, unread: _unread, ...known } = partial;
  const { endpoint, key, model, protocol } = known;
  if (endpoint === undefined || key.kind === "missing" || key.kind === "unusable") {
    return { ...partial, state: "incomplete" };
  }
  const warnings = [...known.warnings, ...keyWarnings(configuration, partial)];
  const paired = {
    ...known,
    ...pairKey(configuration, catalogue, { endpoint, key, entry: known.entry }),
    warnings,
  };
  if (paired.pairing.kind === "withheld") {
    return { ...partial, ...paired, state: "withheld" };
  }
  return protocol === undefined || model === undefined
    ? { ...partial, ...paired, state: "incomplete" }
    : prepareRequest(configuration, { ...paired, protocol, model, endpoint, key }, catalogue);
}

function byDefault<Value>(value: Value): Sourced<Value> {
  return { value, source: { kind: "default", origin: "user" }, shadowed: [] };
}
