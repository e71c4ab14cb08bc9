import { ConfigError } from "../errors.ts";
import { normalEndpoint } from "../lib/endpoint-url.ts";
import type { Configuration } from "../models/configuration.ts";
import { keyPlaces } from "../models/key-places.ts";
import { PROTOCOLS, type Protocol, STANDARD } from "../models/protocol.ts";
import { resolveEndpoint } from "../models/resolve-endpoint.ts";
import { keyOfVariable } from "../models/resolve-key.ts";
import { findText } from "../settings/settings-layer.ts";
import { activeAccount } from "./describe-accounts.ts";
import { CODING_PLAN } from "./providers/alibaba-providers.ts";
import { findRegion } from "./providers/find-provider.ts";
import type { Provider } from "./providers/provider.ts";
import { PROVIDERS } from "./providers/providers.ts";

/** A variable of a key that no entry has to name. */
export type StoredVariable = {
  readonly protocol: Protocol;
  readonly envKey: string;
  /** Where the variable's key belongs. */
  readonly baseUrl: string | undefined;
};

/** The variables that a provider or a protocol reads by its own name, if they have a value. */
export function storedVariables(configuration: Configuration): StoredVariable[] {
  const known = PROVIDERS.flatMap((provider): StoredVariable[] =>
    provider.envKey === undefined
      ? []
      : [
          {
            protocol: provider.protocol,
            envKey: provider.envKey,
            baseUrl: onlyEndpoint(configuration, provider),
          },
        ],
  );
  const standard = PROTOCOLS.flatMap((protocol) =>
    STANDARD[protocol].keys.map((envKey): StoredVariable => {
      const baseUrl = standardEndpoint(configuration, protocol);
      return { protocol, envKey, baseUrl };
    }),
  );
  const names = new Set(standard.map(({ envKey }) => envKey));
  const others = known.filter(({ envKey }) => !names.has(envKey));
  const own = new Set([...others, ...standard].map(({ envKey }) => envKey));
  const named = [...configuration.accounts].flatMap(([envKey, accounts]): StoredVariable[] => {
    const baseUrl = accountsEndpoint(configuration, envKey);
    return own.has(envKey) || accounts.size === 0 ? [] : [{ protocol: "openai", envKey, baseUrl }];
  });
  return [...others, ...standard, ...named].filter(
    ({ envKey }) =>
      configuration.variable(envKey) !== undefined ||
      keyPlaces(configuration, envKey).length > 0 ||
      configuration.accounts.has(envKey),
  );
}

/**
 * Where the key of a variable belongs that accounts alone speak of: a key in force where the account
 * does whose it is, and none where all of them do. Another's endpoint is none of its.
 */
function accountsEndpoint(configuration: Configuration, envKey: string): string | undefined {
  const { accounts } = configuration;
  const own = [...(accounts.get(envKey) ?? [])];
  const key = keyOfVariable(configuration, envKey);
  const active = activeAccount(accounts, key);
  const fitting = key.kind === "missing" ? own : own.filter(([name]) => name === active);
  const urls = new Set(fitting.map(([, { baseUrl }]) => baseUrl && normalEndpoint(baseUrl)));
  return urls.size === 1 ? [...urls][0] : undefined;
}

/** Where a provider's key belongs; of several endpoints only the one that settings choose. */
function onlyEndpoint({ layers }: Configuration, provider: Provider): string | undefined {
  const [first, second] = provider.endpoints;
  if (second === undefined) {
    return first?.baseUrl;
  }
  const region = findText(layers, ["codingPlan", "region"])?.value;
  return provider.id === CODING_PLAN.id && region !== undefined
    ? findRegion(provider, region)?.baseUrl
    : undefined;
}

/** Where a key of a protocol's own variable goes; not to a guess, nor where a project alone says. */
function standardEndpoint(configuration: Configuration, protocol: Protocol): string | undefined {
  try {
    const asked = { flags: {}, entry: undefined, model: undefined };
    const resolved = resolveEndpoint(configuration, protocol, asked);
    const isKnown = resolved.kind === "known" && resolved.endpoint.source.origin === "user";
    return isKnown ? resolved.endpoint.value : undefined;
  } catch (error) {
    // Whoever uses that endpoint is told; a list goes on.
    if (error instanceof ConfigError) {
      return undefined;
    }
    throw error;
  }
}
