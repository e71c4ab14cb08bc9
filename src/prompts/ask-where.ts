import { MODELSTUDIO } from "../auth/providers/alibaba-providers.ts";
import type { Provider } from "../auth/providers/provider.ts";
import { PROVIDERS } from "../auth/providers/providers.ts";
import { toBaseUrl } from "../flags/endpoint-flags.ts";
import { baseUrlComplaint } from "../lib/endpoint-url.ts";
import type { Answer } from "../runtime.ts";
import { type Dialogue, missing, type Question } from "./api-key-dialogue.ts";
import { askForRegion } from "./ask-for-region.ts";
import { mapAnswer } from "./ask-steps.ts";

export const askForKind: Question = (dialogue, known) => {
  const { runtime, canAsk } = dialogue;
  if (known.kind !== undefined) {
    return undefined;
  }
  if (!canAsk) {
    throw missing("Cannot tell which provider is meant: none was given", {
      dialogue,
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
  return mapAnswer(answer, (kind) => ({
    ...known,
    kind,
    provider: kind === "provider" ? MODELSTUDIO : undefined,
  }));
};

export const askForProvider: Question = ({ runtime }, known) => {
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
  return mapAnswer(answer, (chosen) => ({
    ...known,
    provider: presets.find(({ id }) => id === chosen),
  }));
};

export const askForProtocol: Question = ({ runtime, isGuided, canAsk }, known) => {
  if (known.kind !== "custom" || !isGuided || !canAsk || known.protocol !== undefined) {
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
  return mapAnswer(answer, (protocol) => ({ ...known, protocol }));
};

/** The region of a provider that has several, or a base URL. */
export const askWhere: Question = (dialogue, known) => {
  const { provider, endpoint } = known;
  if (endpoint !== undefined || dialogue.options.autoRegion) {
    return undefined;
  }
  if (provider !== undefined && provider.endpoints.length > 1) {
    const { runtime, canAsk, options } = dialogue;
    const asked = askForRegion(runtime, provider, { canAsk, noInput: options.noInput });
    return mapAnswer(asked, (chosen) => ({ ...known, endpoint: chosen }));
  }
  const usual = provider?.endpoints[0];
  const isOpen = provider === undefined || provider.exampleUrl !== undefined;
  if (usual !== undefined && !(isOpen && dialogue.isGuided)) {
    // The only endpoint there is: nothing to ask, and `toLogin` takes it.
    return undefined;
  }
  return mapAnswer(askForBaseUrl(dialogue, provider), (baseUrl) => ({
    ...known,
    endpoint: { baseUrl },
  }));
};

async function askForBaseUrl(
  dialogue: Dialogue,
  provider: Provider | undefined,
): Promise<Answer<string>> {
  const { runtime, canAsk } = dialogue;
  const example = provider?.exampleUrl ?? "https://host.example/v1";
  if (!canAsk) {
    throw missing("Cannot tell where the endpoint is: no base URL was given", {
      dialogue,
      hint: `give \`--base-url\`, such as \`--base-url ${example}\``,
    });
  }
  const fallback = provider?.endpoints[0]?.baseUrl;
  const answer = runtime.prompter.text({
    message: "Enter the base URL:",
    remark: fallback === undefined ? `for example ${example}` : `Enter takes ${fallback}`,
    ...(fallback === undefined ? {} : { fallback }),
    validate: (text) => {
      const reason = baseUrlComplaint(text === "" ? (fallback ?? "") : text);
      return reason === undefined ? undefined : `This is no base URL: ${reason}.`;
    },
  });
  return mapAnswer(answer, toBaseUrl);
}
