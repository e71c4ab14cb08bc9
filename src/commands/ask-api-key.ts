import { MODELSTUDIO } from "../auth/alibaba-providers.ts";
import { plannedIds, previewLogin } from "../auth/apply-login.ts";
import { customEnvKey } from "../auth/custom-env-key.ts";
import { entryLabel, type Login } from "../auth/login.ts";
import type { Endpoint, Provider } from "../auth/provider.ts";
import { PROVIDERS } from "../auth/providers.ts";
import { UsageError } from "../errors.ts";
import { isPrivateHost } from "../lib/endpoint-url.ts";
import type { JsonObject } from "../lib/json-object.ts";
import { KEYLESS, type Protocol } from "../models/protocol.ts";
import type { Answer, Runtime } from "../runtime.ts";
import { askForRegion } from "./ask-for-region.ts";
import { askSteps, type Step, type StepResult, then } from "./ask-steps.ts";
import type { ApiKeyOptions } from "./auth-api-key.ts";
import { canPrompt } from "./can-prompt.ts";
import { baseUrlComplaint, withoutSlash } from "./endpoint-flags.ts";
import { modelIdsComplaint, splitModelIds } from "./model-ids.ts";
import { askForKey as askForKeyText, keyReader } from "./read-key.ts";
import { reviewLogin } from "./review-login.ts";

/** What is known so far; each question adds to it. */
type Known = {
  /** How the endpoint is found; given by flags or the first answer. */
  readonly kind: "provider" | "search" | "custom" | undefined;
  readonly provider: Provider | undefined;
  readonly protocol: Protocol | undefined;
  readonly endpoint: Endpoint | undefined;
  /** `not-needed` for a server that wants none. */
  readonly key: string | undefined;
  readonly models: readonly string[] | undefined;
};

type Dialogue = {
  readonly runtime: Runtime;
  readonly options: ApiKeyOptions;
  readonly canAsk: boolean;
  /** Nothing on the command line says where to: the person is led through every choice. */
  readonly isGuided: boolean;
  /** The settings file that will be written. */
  readonly current: JsonObject;
  /** Reads the key that the command line names, once; `undefined`: it is asked for. */
  readonly givenKey: (() => Promise<string>) | undefined;
};

/**
 * Asks for whatever the command line left open, in an order in which Esc leads back (`spec/cli.md`,
 * "The menu").
 * @throws UsageError naming the flag when something is missing and there is nobody to ask
 */
export async function askApiKey(
  runtime: Runtime,
  options: ApiKeyOptions,
  current: JsonObject,
): Promise<Answer<Login>> {
  const { provider, endpoint, protocol, models } = options;
  const isGuided = provider === undefined && endpoint === undefined;
  const canAsk = await canPrompt(runtime, options);
  const givenKey = await keyReader(runtime, options.key);
  const dialogue: Dialogue = { runtime, options, canAsk, isGuided, current, givenKey };
  const kind = provider !== undefined ? "provider" : isGuided ? undefined : "custom";
  const start: Known = { kind, provider, endpoint, protocol, models, key: undefined };
  const questions = [
    askForKind,
    askForProvider,
    askForProtocol,
    askWhere,
    checkModels,
    askForKey,
    askForModels,
    review,
  ];
  const steps = questions.map(
    (question): Step<Known> =>
      (known) =>
        question(dialogue, known),
  );
  return then(askSteps(start, steps), (known) => toLogin(dialogue, known));
}

type Question = (dialogue: Dialogue, known: Known) => StepResult<Known>;

const askForKind: Question = ({ runtime, canAsk, options }, known) => {
  if (known.kind !== undefined) {
    return undefined;
  }
  if (!canAsk) {
    throw missing("Cannot tell which provider is meant: none was given", {
      hint: "give `--provider NAME`, or `--base-url URL` for any other endpoint",
    });
  }
  const answer = runtime.prompter.select({
    message: "Select API key type:",
    choices: [
      {
        value: "provider",
        label: MODELSTUDIO.label,
        description: "Pay as you go, China and international",
      },
      {
        value: "search",
        label: "Another provider",
        description: "OpenRouter, DeepSeek, OpenAI, …",
      },
      {
        value: "custom",
        label: "Custom API Key",
        description: "Any OpenAI-, Anthropic- or Gemini-compatible endpoint",
      },
    ],
  });
  return then(answer, (kind) => ({
    ...known,
    kind,
    provider: kind === "provider" ? MODELSTUDIO : undefined,
    protocol: options.protocol,
  }));
};

const askForProvider: Question = ({ runtime }, known) => {
  if (known.kind !== "search" || known.provider !== undefined) {
    return undefined;
  }
  const presets = PROVIDERS.filter((provider) => provider !== MODELSTUDIO);
  const answer = runtime.prompter.search({
    message: "Select a provider:",
    choices: presets.map(({ id, label, endpoints, exampleUrl }) => ({
      value: id,
      label,
      description: endpoints[0]?.baseUrl ?? exampleUrl ?? "",
    })),
  });
  return then(answer, (chosen) => ({
    ...known,
    provider: presets.find(({ id }) => id === chosen),
  }));
};

const askForProtocol: Question = ({ runtime, isGuided }, known) => {
  if (known.kind !== "custom" || !isGuided || known.protocol !== undefined) {
    return undefined;
  }
  const answer = runtime.prompter.select({
    message: "Select the protocol:",
    choices: [
      { value: "openai", label: "OpenAI-compatible", description: "most servers and gateways" },
      { value: "anthropic", label: "Anthropic-compatible" },
      { value: "gemini", label: "Gemini-compatible" },
    ],
  });
  return then(answer, (protocol) => ({ ...known, protocol }));
};

/** The region of a provider that has several, or a base URL. */
const askWhere: Question = (dialogue, known) => {
  const { provider, endpoint } = known;
  if (endpoint !== undefined) {
    return undefined;
  }
  if (provider !== undefined && provider.endpoints.length > 1) {
    return then(askForRegion(dialogue.runtime, provider, dialogue.canAsk), (chosen) => ({
      ...known,
      endpoint: chosen,
    }));
  }
  const usual = provider?.endpoints[0];
  const isOpen = provider === undefined || provider.exampleUrl !== undefined;
  if (usual !== undefined && !(isOpen && dialogue.isGuided)) {
    // The only endpoint there is: nothing to ask, and `toLogin` takes it.
    return undefined;
  }
  return then(askForBaseUrl(dialogue, provider), (baseUrl) => ({
    ...known,
    endpoint: { baseUrl },
  }));
};

async function askForBaseUrl(
  { runtime, canAsk }: Dialogue,
  provider: Provider | undefined,
): Promise<Answer<string>> {
  const example = provider?.exampleUrl ?? "https://host.example/v1";
  if (!canAsk) {
    throw missing("Cannot tell where the endpoint is: no base URL was given", {
      hint: `give \`--base-url\`, such as \`--base-url ${example}\``,
    });
  }
  const fallback = provider?.endpoints[0]?.baseUrl;
  const answer = runtime.prompter.text({
    message: "Enter the base URL:",
    placeholder: example,
    ...(fallback === undefined ? {} : { fallback }),
    validate: (text) => {
      const reason = baseUrlComplaint(text === "" ? (fallback ?? "") : text);
      return reason === undefined ? undefined : `This is no base URL: ${reason}.`;
    },
  });
  return then(answer, withoutSlash);
}

/** What cannot be asked for later is missed before a key is read. */
const checkModels: Question = (dialogue, known) => {
  if (!dialogue.canAsk && plannedIds(dialogue.current, toLogin(dialogue, known)).length === 0) {
    const { provider } = known;
    throw missing(
      `Cannot choose a model: none was given${provider === undefined ? "" : ` and ${provider.label} has no default`}`,
      { hint: "give `--model ID`" },
    );
  }
  return undefined;
};

const askForKey: Question = (dialogue, known) => {
  const { runtime, options, canAsk, isGuided, givenKey } = dialogue;
  const { provider } = known;
  const isLocal = provider !== undefined && provider.envKey === undefined;
  if (givenKey !== undefined) {
    return givenKey().then((key) => ({ kind: "given", value: { ...known, key } }));
  }
  if (options.noKey || (isLocal && options.key === undefined)) {
    return undefined;
  }
  const mayBeNone = isGuided && provider === undefined && isPrivate(toLogin(dialogue, known));
  const answer = askForKeyText(runtime, {
    prompt: `Enter your API key${mayBeNone ? " (empty if the server wants none)" : ""}:`,
    canPrompt: canAsk,
    ...(mayBeNone ? { ifEmpty: KEYLESS } : {}),
  });
  return then(answer, (key) => ({ ...known, key }));
};

const askForModels: Question = (dialogue, known) => {
  const { runtime, options, canAsk, isGuided, current } = dialogue;
  const planned = plannedIds(current, toLogin(dialogue, { ...known, models: options.models }));
  const isPlan = known.provider?.isPlan === true;
  const isKnown = planned.length > 0 && (!isGuided || isPlan);
  if (options.models !== undefined || isKnown || !canAsk) {
    return undefined;
  }
  const answer = runtime.prompter.text({
    message: "Enter model ids, separated by commas:",
    placeholder: planned.length === 0 ? "the first becomes the default" : planned.join(", "),
    ...(planned.length === 0 ? {} : { fallback: planned.join(",") }),
    validate: (text) => {
      const ids = splitModelIds(text === "" ? planned.join(",") : text);
      const reason = modelIdsComplaint(ids);
      return reason === undefined ? undefined : `This is no list of models: ${reason}.`;
    },
  });
  return then(answer, (text) => ({ ...known, models: [...new Set(splitModelIds(text))] }));
};

/** Shows what will be written before an endpoint that nobody knows is saved. */
const review: Question = (dialogue, known) => {
  if (known.kind !== "custom" || !dialogue.isGuided) {
    return undefined;
  }
  const login = toLogin(dialogue, known);
  return then(reviewLogin(dialogue.runtime, previewLogin(dialogue.current, login)), () => known);
};

function toLogin({ options }: Dialogue, known: Known): Login {
  // Without a key the server wants none: whoever needs one has been asked for it.
  const { provider, models, key = KEYLESS } = known;
  const protocol = provider?.protocol ?? known.protocol ?? "openai";
  const endpoint = known.endpoint ?? provider?.endpoints[0];
  const baseUrl = endpoint?.baseUrl ?? "";
  return {
    provider,
    region: endpoint?.region,
    protocol,
    baseUrl,
    envKey: options.envKey ?? provider?.envKey ?? customEnvKey(protocol, baseUrl),
    key,
    store: options.store,
    models,
    model: models?.[0],
    label: provider === undefined ? options.label : entryLabel(provider, endpoint),
  };
}

function isPrivate({ baseUrl }: Login): boolean {
  const url = URL.parse(baseUrl);
  return url !== null && isPrivateHost(url.hostname);
}

function missing(message: string, { hint }: { readonly hint: string }): UsageError {
  return new UsageError(`${message} and there is no terminal to ask`, {
    code: "missing-input",
    hint,
  });
}
