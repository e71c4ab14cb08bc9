import { ConfigError } from "../../errors.ts";
import type { ConnectionFlags } from "../../models/connection-flags.ts";
import { flagSource } from "../../models/connection-flags.ts";
import type { Complete, Resolution } from "../../models/resolution.ts";
import type { Runtime } from "../../runtime.ts";
import type { Source } from "../../source.ts";
import { isRefreshDue } from "./credentials.ts";
import { loadCredentials, type StoredCredentials } from "./credentials-file.ts";

/** The one model that the service has. */
const OAUTH_MODEL = "coder-model";

/** `prepareRequest`, of whoever has the configuration. */
type Prepare = (complete: Complete) => Resolution;

type LoginOptions = {
  readonly flags: ConnectionFlags;
  readonly now: number;
  readonly prepare: Prepare;
};

/**
 * Completes the resolution of a selected Qwen OAuth with the stored tokens; without any it stays
 * incomplete. A file that cannot be used is the resolution's problem.
 */
export function withStoredLogin(
  runtime: Pick<Runtime, "env" | "cwd" | "home" | "uid" | "addSecret" | "now">,
  resolution: Resolution,
  { flags, prepare }: Pick<LoginOptions, "flags" | "prepare">,
): Resolution {
  try {
    const stored = loadCredentials(runtime);
    return stored === undefined
      ? resolution
      : withCredentials(resolution, stored, { flags, prepare, now: runtime.now() });
  } catch (error) {
    if (error instanceof ConfigError) {
      return { ...resolution, state: "incomplete", problem: error, unread: [] };
    }
    throw error;
  }
}

/** What follows from tokens: endpoint, model and key, all of them the user's own. */
export function withCredentials(
  resolution: Resolution,
  { path, credentials, warnings }: StoredCredentials,
  { flags, now, prepare }: LoginOptions,
): Resolution {
  const { accessToken, refreshToken, resourceUrl, baseUrl, expiresAt } = credentials;
  const from = (name: string): Source => ({ kind: "file", name, path, origin: "user" });
  const byDefault: Source = { kind: "default", origin: "user" };
  const isExpired = now >= expiresAt;
  const isUsable = !isExpired || refreshToken !== "";
  const complete: Complete = {
    ...resolution,
    protocol: { value: "openai", source: byDefault, shadowed: [] },
    model:
      flags.model === undefined
        ? { value: OAUTH_MODEL, source: byDefault, shadowed: [] }
        : { value: flags.model, source: flagSource("--model"), shadowed: [] },
    endpoint: {
      value: baseUrl,
      source: resourceUrl === undefined ? byDefault : from("resource_url"),
      shadowed: [],
    },
    key: {
      kind: "present",
      value: accessToken,
      source: from("access_token"),
      shadowed: [],
      envKey: undefined,
      scheme: "key",
    },
    oauth: { path, expiresAt, isExpired, isRefreshDue: isRefreshDue(credentials, now), warnings },
    warnings: [
      ...resolution.warnings.filter((it) => !resolution.oauth?.warnings.includes(it)),
      ...warnings,
    ],
  };
  return isUsable
    ? prepare(complete)
    : { ...complete, state: "incomplete", problem: undefined, unread: [] };
}
