import { reasonOf } from "../auth/connection-problem.ts";
import { QwenError } from "../errors.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import { sameEndpoint } from "../lib/endpoint-url.ts";
import type { ResolvedKey } from "../models/resolution.ts";
import type { Runtime } from "../runtime.ts";
import { describeSource } from "../source.ts";
import { type Connection, loadConnection } from "./load-connection.ts";

type WrittenLogin = {
  /** `undefined` when no key was written. */
  readonly key: { readonly envKey: string; readonly value: string } | undefined;
  readonly baseUrl: string | undefined;
  readonly model: string;
  readonly options: GlobalOptions & { readonly scope: "user" | "project" };
};

/**
 * Reads everything again after a write and says which higher source still wins over what was
 * written, by name (`spec/settings-and-env.md`, "Scope of a write").
 */
export async function shadowWarnings(runtime: Runtime, written: WrittenLogin): Promise<string[]> {
  try {
    return warningsOf(await loadConnection(runtime, written.options), written);
  } catch (error) {
    if (error instanceof QwenError) {
      return [`the settings cannot be used as they are: ${error.message}`];
    }
    throw error;
  }
}

function warningsOf({ configuration, resolution }: Connection, written: WrittenLogin): string[] {
  const { key: own, baseUrl, model, options } = written;
  const unread = options.scope === "user" ? [] : configuration.distrusted;
  if (unread.length > 0) {
    return unread.map((line) => `what was just written has no effect: ${line}`);
  }
  if (resolution.problem !== undefined) {
    return [`the settings cannot be used as they are: ${resolution.problem.message}`];
  }
  const isConfigured = resolution.state === "configured";
  const key = own && configuration.variable(own.envKey);
  return [
    key === undefined || key.value === own?.value
      ? undefined
      : `the key of ${describeSource(key.source)} wins over the one just written`,
    own === undefined || !isOtherAccount(resolution.key, own.value)
      ? undefined
      : "the account that `QWEN_ACCOUNT` names wins over the key just written",
    resolution.model === undefined || resolution.model.value === model
      ? undefined
      : `the model of ${describeSource(resolution.model.source)} wins over the one just written`,
    resolution.endpoint === undefined ||
    baseUrl === undefined ||
    sameEndpoint(resolution.endpoint.value, baseUrl)
      ? undefined
      : `${describeSource(resolution.endpoint.source)} wins: requests go to ${resolution.endpoint.value}`,
    resolution.pairing.kind === "withheld" || (own !== undefined && !isConfigured)
      ? `nothing can be sent from this folder: ${reasonOf(resolution)}`
      : undefined,
  ].filter((warning) => warning !== undefined);
}

/** One in the keyring is not fetched for this. */
function isOtherAccount(key: ResolvedKey, written: string): boolean {
  const isAsked = key.kind === "present" && key.source.kind === "account";
  return isAsked && key.value !== written;
}
