import { CODING_PLAN } from "../../auth/providers/alibaba-providers.ts";
import { findProvider } from "../../auth/providers/find-provider.ts";
import type { Provider } from "../../auth/providers/provider.ts";
import { PROVIDERS } from "../../auth/providers/providers.ts";
import { offeredRegions } from "../endpoint-flags.ts";
import { type FlagValues, textOf } from "../flag.ts";

/** What completion offers of the catalogue, which the tables of flags do without. */
export const PROVIDER_IDS: readonly string[] = PROVIDERS.map(({ id }) => id);

/** Regions, once `--provider` stands there; before, none. */
export function regionsOf(given: FlagValues): readonly string[] {
  const provider = providerIn(given);
  return provider === undefined ? [] : offeredRegions(provider);
}

/** Models, likewise. */
export function modelsOf(given: FlagValues): readonly string[] {
  return providerIn(given)?.models.map(({ id }) => id) ?? [];
}

export const PLAN_REGIONS = offeredRegions(CODING_PLAN);

export const PLAN_MODELS: readonly string[] = CODING_PLAN.models.map(({ id }) => id);

function providerIn(given: FlagValues): Provider | undefined {
  return findProvider(textOf(given, "provider") ?? "");
}
