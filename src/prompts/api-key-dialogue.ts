import type { Login } from "../auth/login/login.ts";
import { customEnvKey } from "../auth/providers/custom-env-key.ts";
import type { Endpoint, Provider } from "../auth/providers/provider.ts";
import { entryLabel } from "../auth/providers/provider-entries.ts";
import type { Verification } from "../auth/verify/verification.ts";
import { UsageError } from "../errors.ts";
import type { LoginOptions } from "../flags/login-flags.ts";
import type { JsonObject } from "../lib/json/json-object.ts";
import { KEYLESS, type Protocol } from "../models/protocol.ts";
import type { Runtime } from "../runtime.ts";
import type { StepResult } from "./ask-steps.ts";
import { whyNotAsked } from "./can-prompt.ts";

/** What the command line says of a provider and its endpoint. */
export type ApiKeyOptions = LoginOptions & {
  /** Of the catalogue; `undefined`: asked for, or an endpoint of one's own. */
  readonly provider: Provider | undefined;
  /** The region or the base URL that was chosen. */
  readonly endpoint: Endpoint | undefined;
  /** `--region auto` */
  readonly autoRegion: boolean;
  readonly protocol: Protocol | undefined;
  /** None: those that the endpoint lists are taken (`--model auto`). */
  readonly models: readonly string[] | undefined;
  readonly envKey: string | undefined;
  readonly label: string | undefined;
  readonly noKey: boolean;
  /** In its one form. */
  readonly anthropicBaseUrl?: string | undefined;
  /** As `Login` has it. */
  readonly generationConfig?: JsonObject | undefined;
};

/** What is known so far; each question adds to it. */
export type ApiKeyAnswers = {
  /** How the endpoint is found; given by flags or the first answer. */
  readonly kind: "provider" | "search" | "custom" | undefined;
  readonly provider: Provider | undefined;
  readonly protocol: Protocol | undefined;
  readonly endpoint: Endpoint | undefined;
  /** `not-needed` for a server that wants none. */
  readonly key: string | undefined;
  readonly models: readonly string[] | undefined;
  /** Where the service was asked about the key. */
  readonly verification: Verification | undefined;
};

export type Dialogue = {
  readonly runtime: Runtime;
  readonly options: ApiKeyOptions;
  readonly canAsk: boolean;
  /** Nothing on the command line says where to: the person is led through every choice. */
  readonly isGuided: boolean;
  /** The settings file that will be written. */
  readonly current: JsonObject;
  /** Reads the key that the command line names, once; `undefined`: it is asked for. */
  readonly givenKey: (() => Promise<string>) | undefined;
  /** The service is asked about a key that is typed. */
  readonly isChecked: boolean;
};

export type Question = (dialogue: Dialogue, known: ApiKeyAnswers) => StepResult<ApiKeyAnswers>;

/** The login that is known so far. */
export function toLogin({ options }: Dialogue, known: ApiKeyAnswers): Login {
  // Without a key the server wants none: whoever needs one has been asked for it.
  const { provider, models, key = KEYLESS } = known;
  const protocol = provider?.protocol ?? known.protocol ?? "openai";
  const endpoint = known.endpoint ?? provider?.endpoints[0];
  if (endpoint === undefined) {
    throw new Error("a login was made before its endpoint was known");
  }
  const { baseUrl } = endpoint;
  return {
    provider,
    region: endpoint.region,
    protocol,
    baseUrl,
    envKey: options.envKey ?? provider?.envKey ?? customEnvKey(protocol, baseUrl),
    key,
    store: options.store,
    models,
    model: models?.[0],
    label: provider === undefined ? options.label : entryLabel(provider, endpoint),
    account: options.account,
    anthropicBaseUrl: options.anthropicBaseUrl,
    generationConfig: options.generationConfig,
  };
}

type Missing = { readonly hint: string; readonly dialogue: Dialogue };

/** @param message what cannot be done, up to the reason why nobody was asked */
export function missing(message: string, { hint, dialogue }: Missing): UsageError {
  const why = whyNotAsked(dialogue.runtime, dialogue.options);
  return new UsageError(`${message} and ${why}`, {
    code: "missing-input",
    hint,
  });
}
