import type { Endpoint, Provider } from "../../auth/providers/provider.ts";
import { tightenOwnFiles } from "../../connect/tighten-own-files.ts";
import { type ExitCode, UsageError } from "../../errors.ts";
import { toAnthropicBaseUrl } from "../../flags/anthropic-base-url.ts";
import {
  checkedBaseUrl,
  chosenEndpoint,
  isAutoRegion,
  providerNamed,
} from "../../flags/endpoint-flags.ts";
import { type FlagValues, listOf, textOf } from "../../flags/flag.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { type LoginOptions, toLoginOptions } from "../../flags/login-flags.ts";
import { checkedModels } from "../../flags/model-flags.ts";
import { toGenerationConfig } from "../../flags/to-generation-config.ts";
import { typedCredentials } from "../../models/custom-headers.ts";
import { canHoldKey } from "../../models/entries/key-variable.ts";
import { isProtocol, PROTOCOLS, type Protocol } from "../../models/protocol.ts";
import type { ApiKeyOptions } from "../../prompts/api-key-dialogue.ts";
import { askApiKey } from "../../prompts/ask-api-key.ts";
import { answered } from "../../prompts/ask-steps.ts";
import type { Runtime } from "../../runtime.ts";
import { readRawSettings } from "../../settings/load-settings.ts";
import { settingsPath } from "../../settings/paths.ts";
import type { Command } from "../command.ts";
import { finishLogin } from "../login/finish-login.ts";

export const apiKeyCommand: Command<ApiKeyOptions> = {
  details: [
    "Sets up a provider of the catalogue (`qwen help providers`), or any endpoint.",
    "Asks for what is missing on a terminal, never elsewhere. A key that is typed is",
    "checked with the service.",
    "`--model auto` takes all models that the endpoint lists.",
  ],
  examples: [
    'printf %s "$KEY" | qwen auth deepseek --key-stdin',
    "qwen auth modelstudio --region cn-beijing --key-env MY_KEY",
    "qwen auth api-key --base-url http://vllm:8000/v1 --model my-model --no-key",
    "qwen auth api-key -u https://gw.example/v1 -m m --header 'X-Key=$GW_KEY'",
  ],
  toOptions,
  run: runApiKey,
};

function toOptions(values: FlagValues, globals: GlobalOptions): ApiKeyOptions {
  const login = toLoginOptions(values, globals);
  const models = checkedModels(listOf(values, "model"), "--model");
  const isAuto = models?.length === 1 && models[0] === "auto";
  throwIfUnlisted(isAuto, login);
  const named = textOf(values, "provider");
  const provider = named === undefined ? undefined : providerNamed(named);
  const options: ApiKeyOptions = {
    ...login,
    provider,
    endpoint: toEndpoint(provider, values),
    autoRegion: isAutoRegion(textOf(values, "region")),
    protocol: toProtocol(textOf(values, "protocol"), provider),
    models: isAuto ? [] : models,
    verify: isAuto ? true : login.verify,
    envKey: toEnvKey(textOf(values, "env-key")),
    label: toLabel(textOf(values, "name"), provider),
    noKey: values["no-key"] === true,
    anthropicBaseUrl: toAnthropicBaseUrl(values),
    generationConfig: toGenerationConfig(values),
  };
  throwIfContradictory(options);
  return options;
}

/** @throws UsageError when the list of the endpoint is wanted and it may not be asked */
function throwIfUnlisted(isAuto: boolean, { verify }: LoginOptions): void {
  if (isAuto && verify === false) {
    throw new UsageError("Cannot use `--model auto` with `--no-verify`: it asks the service", {
      code: "invalid-value",
      hint: "name the models, or leave `--no-verify` out",
    });
  }
}

/** Sets up an API key: ask for what is missing, one write, one report. */
export async function runApiKey(runtime: Runtime, options: ApiKeyOptions): Promise<ExitCode> {
  await tellOfTypedHeaders(runtime, options);
  await tightenOwnFiles(runtime, options);
  const current = await readRawSettings(settingsPath(runtime, options.scope));
  return finishLogin(runtime, options, answered(await askApiKey(runtime, options, current)));
}

/** Credentials that were typed are hidden from here on. */
async function tellOfTypedHeaders(
  { stderr, addSecret }: Pick<Runtime, "stderr" | "addSecret">,
  { generationConfig }: ApiKeyOptions,
): Promise<void> {
  const typed = typedCredentials(generationConfig);
  typed.forEach(addSecret);
  if (typed.length > 0) {
    await stderr.write(
      "warning: `--header` is visible in the process list and in shell history; " +
        "`--header 'NAME=$VARIABLE'` takes the value from a variable\n",
    );
  }
}

function toEndpoint(provider: Provider | undefined, values: FlagValues): Endpoint | undefined {
  const region = textOf(values, "region");
  const baseUrl = textOf(values, "base-url");
  if (provider !== undefined) {
    return chosenEndpoint(provider, { region, baseUrl });
  }
  if (region !== undefined) {
    throw new UsageError("Cannot use `--region` alone: regions belong to a provider", {
      code: "invalid-value",
      hint: "add `--provider NAME`, such as `--provider modelstudio`",
    });
  }
  return baseUrl === undefined ? undefined : { baseUrl: checkedBaseUrl(baseUrl) };
}

function toProtocol(
  name: string | undefined,
  provider: Provider | undefined,
): Protocol | undefined {
  if (name === undefined) {
    return provider?.protocol;
  }
  const protocol = name.toLowerCase();
  if (!isProtocol(protocol)) {
    throw new UsageError(`Cannot use the protocol "${name}": it is unknown`, {
      code: "invalid-value",
      hint: `choose ${PROTOCOLS.slice(0, -1).join(", ")} or ${PROTOCOLS.at(-1)}`,
      suggest: { word: name, from: PROTOCOLS },
    });
  }
  if (provider !== undefined && provider.protocol !== protocol) {
    throw new UsageError(
      `Cannot use \`--protocol ${protocol}\`: ${provider.label} speaks ${provider.protocol}`,
      { code: "invalid-value", hint: "leave `--protocol` out, or use `--base-url` alone" },
    );
  }
  return protocol;
}

/** The name is not repeated: somebody may have put the key there. */
function toEnvKey(name: string | undefined): string | undefined {
  if (name === undefined) {
    return undefined;
  }
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new UsageError("Cannot use the value of `--env-key`: it is not the name of a variable", {
      code: "invalid-value",
      hint: "write `--env-key MY_API_KEY`; a key itself goes to `--key-stdin`",
    });
  }
  if (!canHoldKey(name)) {
    throw new UsageError(`Cannot keep a key in the variable \`${name}\`: it is reserved`, {
      code: "invalid-value",
      hint: "choose a name such as `MY_PROVIDER_API_KEY`",
    });
  }
  return name;
}

function toLabel(label: string | undefined, provider: Provider | undefined): string | undefined {
  if (label === undefined) {
    return undefined;
  }
  if (provider !== undefined) {
    throw new UsageError(`Cannot use \`--name\` with ${provider.label}: it has a name`, {
      code: "invalid-value",
      hint: "leave `--name` out; it is for endpoints given with `--base-url`",
    });
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be in a name
  if (label.trim() === "" || /[\u0000-\u001f\u007f-\u009f[\]]/.test(label)) {
    throw new UsageError("Cannot use the value of `--name`: it is empty or has odd characters", {
      code: "invalid-value",
      hint: 'write a short label, such as `--name "Our vLLM"`',
    });
  }
  return label.trim();
}

/** @throws UsageError when `--no-key` stands beside something that a key belongs to */
function throwIfContradictory(options: ApiKeyOptions): void {
  const { noKey, key, envKey, provider, account, protocol, anthropicBaseUrl } = options;
  if (protocol === "anthropic" && anthropicBaseUrl !== undefined) {
    throw new UsageError(
      "Cannot use `--anthropic-base-url` with an endpoint that speaks anthropic itself",
      { code: "invalid-value", hint: "give that URL to `--base-url`" },
    );
  }
  if (!noKey) {
    return;
  }
  const other =
    account !== undefined
      ? "`--account`"
      : key !== undefined
        ? "a key"
        : envKey !== undefined
          ? "`--env-key`"
          : provider?.envKey;
  if (other === undefined) {
    return;
  }
  throw new UsageError(
    other === provider?.envKey
      ? `Cannot use \`--no-key\` with ${provider?.label}: it wants a key`
      : `Cannot use \`--no-key\` together with ${other}`,
    { code: "invalid-value", hint: "leave one of the two out" },
  );
}
