import { isWithinEdits } from "../lib/is-within-edits.ts";
import { isJsonObject, type JsonObject } from "../lib/json/json-object.ts";

/** A field that nothing reads, and the one that was probably meant. */
export type Slip = {
  readonly field: string;
  /** As a path below the same object: `baseUrl`, `generationConfig.customHeaders`. */
  readonly meant: string;
};

/** The fields of an object, and how people write some of them. */
type Spelling = {
  /** Fields that this program reads. */
  readonly own: readonly string[];
  /** Fields that only Qwen Code reads; near to one of ours or not, they are no slips. */
  readonly others: readonly string[];
  /** Fields that stand in an object below. */
  readonly deeper?: { readonly key: string; readonly spelling: Spelling };
  /** In lower case without `_` and `-`; what is too far away to be a typing error. */
  readonly aliases: Readonly<Record<string, string>>;
};

/**
 * What of `generationConfig` is too far away from a field of it to be a typing error; among it
 * parameters of a request, which people put one level too high.
 */
const GENERATION_ALIASES: Readonly<Record<string, string>> = {
  headers: "customHeaders",
  retries: "maxRetries",
  retrydelay: "retryInitialDelayMs",
  retrydelayms: "retryInitialDelayMs",
  idletimeout: "streamIdleTimeoutMs",
  idletimeoutms: "streamIdleTimeoutMs",
  contextwindow: "contextWindowSize",
  contextlength: "contextWindowSize",
  reasoningeffort: "reasoning",
  thinking: "reasoning",
  enablethinking: "extra_body.enable_thinking",
  temperature: "samplingParams.temperature",
  topp: "samplingParams.top_p",
  topk: "samplingParams.top_k",
  maxtokens: "samplingParams.max_tokens",
  maxoutputtokens: "samplingParams.max_tokens",
  maxcompletiontokens: "samplingParams.max_completion_tokens",
  frequencypenalty: "samplingParams.frequency_penalty",
  presencepenalty: "samplingParams.presence_penalty",
  seed: "samplingParams.seed",
  stop: "samplingParams.stop",
};

export const GENERATION_SPELLING: Spelling = {
  own: [
    "samplingParams",
    "timeout",
    "maxRetries",
    "customHeaders",
    "extra_body",
    "reasoning",
    "contextWindowSize",
    "streamIdleTimeoutMs",
    "retryInitialDelayMs",
    "retryMaxDelayMs",
    "retryErrorCodes",
  ],
  others: [
    "modalities",
    "enableCacheControl",
    "disableCacheControl",
    "cacheRetention",
    "cacheRetentionByBlock",
    "forceGlobalCacheScope",
    "enableRequestMetadata",
    "schemaCompliance",
    "splitToolMedia",
    "thinkingMandatory",
    "toolResultContentFormat",
  ],
  aliases: GENERATION_ALIASES,
};

/** One item of `modelProviders`. */
export const ENTRY_SPELLING: Spelling = {
  own: [
    "id",
    "name",
    "description",
    "envKey",
    "baseUrl",
    "anthropicBaseUrl",
    "wireApi",
    "generationConfig",
    "delisted",
    "imageOnly",
    "voiceOnly",
    "realtimeOnly",
  ],
  others: ["capabilities", "fastOnly", "visionOnly", "supportsImageGeneration"],
  deeper: { key: "generationConfig", spelling: GENERATION_SPELLING },
  aliases: {
    url: "baseUrl",
    apibase: "baseUrl",
    apiurl: "baseUrl",
    endpoint: "baseUrl",
    apikey: "envKey",
    key: "envKey",
    apikeyenv: "envKey",
    env: "envKey",
  },
};

const ROOT: Spelling = {
  own: [
    "env",
    "modelProviders",
    "providerProtocol",
    "model",
    "security",
    "advanced",
    "proxy",
    "codingPlan",
    "apiKeyHelper",
  ],
  others: [
    "$version",
    "mode",
    "models",
    "modelFallbacks",
    "modelPricing",
    "voiceModel",
    "fastModel",
  ],
  aliases: { providers: "modelProviders", provider: "modelProviders" },
};

/** The objects of a settings file that this program knows fields of, each at its path. */
const FILE_SPELLINGS: readonly (readonly [path: readonly string[], Spelling])[] = [
  [[], ROOT],
  [["security"], { own: ["auth"], others: ["folderTrust"], aliases: {} }],
  [
    ["security", "auth"],
    {
      own: ["selectedType", "enforcedType", "apiKey", "baseUrl", "keyring", "envFile"],
      others: ["useExternal"],
      aliases: { type: "selectedType", authtype: "selectedType" },
    },
  ],
  [
    ["model"],
    { own: ["name", "baseUrl", "generationConfig", "reasoningEffort"], others: [], aliases: {} },
  ],
  [["model", "generationConfig"], GENERATION_SPELLING],
];

/** The field that a file without models may have misspelt. */
export const MODEL_PROVIDERS = "modelProviders";

/** Every slip of a file but those of its entries, with the path of the object that has it. */
export function fileSlips(file: JsonObject): { path: readonly string[]; slip: Slip }[] {
  return FILE_SPELLINGS.map(([path, spelling]) => {
    let object: unknown = file;
    for (const key of path) {
      object = isJsonObject(object) ? object[key] : undefined;
    }
    return isJsonObject(object) ? slipsOf(object, spelling).map((slip) => ({ path, slip })) : [];
  }).flat();
}

/** Those of the file's own fields alone. */
export function topSlips(file: JsonObject): Slip[] {
  return slipsOf(file, ROOT);
}

/** The fields of an object that nothing reads and that are near to one that is read. */
export function slipsOf(object: JsonObject, spelling: Spelling): Slip[] {
  const slips: Slip[] = [];
  for (const field in object) {
    if (!spelling.own.includes(field) && !spelling.others.includes(field)) {
      const meant = meantBy(field, spelling);
      if (meant !== undefined) {
        slips.push({ field, meant });
      }
    }
  }
  return slips;
}

function meantBy(field: string, { own, deeper, aliases }: Spelling): string | undefined {
  const word = plain(field);
  if (Object.hasOwn(aliases, word)) {
    return aliases[word];
  }
  const below = deeper && fieldBelow(word, deeper.spelling);
  if (deeper !== undefined && below !== undefined) {
    return `${deeper.key}.${below}`;
  }
  return own.find((known) => {
    // No more than two edits and the `_` of one field: most are too long or too short by far.
    if (Math.abs(known.length - word.length) > 3) {
      return false;
    }
    const other = plain(known);
    const limit = other.length > 5 ? 2 : 1;
    return isWithinEdits(word, other, other.length > 3 ? limit : 0);
  });
}

/** A field of the object below, or another word for one: no typing errors there. */
function fieldBelow(word: string, { own, aliases }: Spelling): string | undefined {
  return Object.hasOwn(aliases, word) ? aliases[word] : own.find((known) => plain(known) === word);
}

/** Letter case, `_` and `-` aside: `baseURL`, `base_url`. */
function plain(field: string): string {
  return field.toLowerCase().replace(/[_-]/g, "");
}
