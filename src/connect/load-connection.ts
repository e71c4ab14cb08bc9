import type { UnsavedTokens } from "../auth/oauth/refresh.ts";
import { CATALOGUE } from "../auth/providers/catalogue.ts";
import { readAccountWord } from "../flags/account-word.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import { filled } from "../lib/filled.ts";
import type { Configuration } from "../models/configuration.ts";
import type { ConnectionFlags } from "../models/connection-flags.ts";
import { loadConfiguration } from "../models/load-configuration.ts";
import { prepareRequest } from "../models/prepare-request.ts";
import type { Complete, Resolution } from "../models/resolution.ts";
import { resolveConnection } from "../models/resolve-connection.ts";
import { secretsOf, urlSecrets } from "../models/secrets-of.ts";
import type { Runtime } from "../runtime.ts";

/** Everything on this machine, and what follows from it. */
export type Connection = {
  readonly configuration: Configuration;
  readonly resolution: Resolution;
  /** Tokens that a refresh of this process could not save. */
  readonly unsaved?: UnsavedTokens | undefined;
};

/**
 * Reads everything that is in force and resolves it; from then on no output shows a key.
 * @throws ConfigError when a file cannot be used, UsageError when the flags contradict each other
 */
export async function loadConnection(
  runtime: Runtime,
  { trust, noProject }: Pick<GlobalOptions, "trust" | "noProject">,
  given: ConnectionFlags = {},
): Promise<Connection> {
  const flags = withAccount(runtime, given);
  const names = [CATALOGUE.legacyPlan.envKey];
  const configuration = await loadConfiguration(runtime, { trust, noProject, names });
  for (const secret of secretsOf(configuration)) {
    runtime.addSecret(secret);
  }
  const resolved = resolveConnection(configuration, flags, CATALOGUE);
  const resolution = resolved.isQwenOauth
    ? await withTokens(runtime, resolved, { configuration, flags })
    : resolved;
  shownNowhere(resolution).forEach(runtime.addSecret);
  const ids = configuration.models.entries.map(({ id }) => id);
  const { model } = resolution;
  for (const id of model === undefined ? ids : [...ids, model.value]) {
    runtime.keepAsIs(id);
  }
  if (runtime.trace !== undefined) {
    const { traceResolution } = await import("./trace-resolution.ts");
    runtime.trace(() => traceResolution(resolution));
  }
  return { configuration, resolution };
}

/** `QWEN_ACCOUNT` of the shell serves where no flag names an account. */
export function withAccount(
  { env }: Pick<Runtime, "env">,
  flags: ConnectionFlags,
): ConnectionFlags {
  const word = filled(env.QWEN_ACCOUNT);
  return word === undefined || flags.account !== undefined
    ? flags
    : { ...flags, account: { ...readAccountWord(word, "QWEN_ACCOUNT"), from: "QWEN_ACCOUNT" } };
}

/** Loaded only where it is selected: `auth status` must start at once. */
async function withTokens(
  runtime: Runtime,
  resolution: Resolution,
  {
    configuration,
    flags,
  }: { readonly configuration: Configuration; readonly flags: ConnectionFlags },
): Promise<Resolution> {
  const { withStoredLogin } = await import("../auth/oauth/stored-login.ts");
  const prepare = (complete: Complete) => prepareRequest(configuration, complete, CATALOGUE);
  return withStoredLogin(runtime, resolution, { flags, prepare });
}

/** The key that is used, if it is the user's, and what of their endpoint is a credential. */
function shownNowhere({ key, endpoint, pairing }: Resolution): string[] {
  const isUsers = key.kind === "present" && key.source.origin === "user";
  const keys = isUsers && pairing.kind !== "withheld" ? [key.value] : [];
  return endpoint?.source.origin === "user" ? [...keys, ...urlSecrets(endpoint.value)] : keys;
}
