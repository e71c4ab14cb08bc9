/** The wire protocols, in the order in which their keys are looked for. */
export const PROTOCOLS = ["openai", "anthropic", "gemini"] as const;

export type Protocol = (typeof PROTOCOLS)[number];

/** How one authenticates without a key. */
export const QWEN_OAUTH = "qwen-oauth";

/** What `--auth-type` and `selectedType` may name. */
export const AUTH_TYPES: readonly string[] = [...PROTOCOLS, QWEN_OAUTH];

/** Types that only Qwen Code has. */
export const NOT_SUPPORTED: readonly string[] = ["vertex-ai", "openai-responses"];

export function isProtocol(name: string): name is Protocol {
  return PROTOCOLS.some((protocol) => protocol === name);
}

/** The names and defaults that a protocol brings when no entry says otherwise. */
type Standard = {
  /** Variables that hold a key, the first that is set wins. */
  readonly keys: readonly string[];
  readonly baseUrls: readonly string[];
  readonly models: readonly string[];
  readonly publicEndpoint: string;
};

/** What people call an interface that speaks a protocol. */
export const PROTOCOL_NAMES: Readonly<Record<Protocol, string>> = {
  openai: "OpenAI-compatible",
  anthropic: "Anthropic-compatible",
  gemini: "Gemini-compatible",
};

/** `spec/settings-and-env.md`, "Which protocol, model, endpoint and key". */
export const STANDARD: Readonly<Record<Protocol, Standard>> = {
  openai: {
    keys: ["OPENAI_API_KEY"],
    baseUrls: ["OPENAI_BASE_URL"],
    models: ["OPENAI_MODEL", "QWEN_MODEL"],
    publicEndpoint: "https://api.openai.com/v1",
  },
  anthropic: {
    keys: ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"],
    baseUrls: ["ANTHROPIC_BASE_URL"],
    models: ["ANTHROPIC_MODEL"],
    publicEndpoint: "https://api.anthropic.com",
  },
  gemini: {
    keys: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    baseUrls: ["GEMINI_BASE_URL", "GOOGLE_GEMINI_BASE_URL"],
    models: ["GEMINI_MODEL"],
    publicEndpoint: "https://generativelanguage.googleapis.com",
  },
};

/** Every variable that a protocol reads by its own name. */
export const STANDARD_NAMES: readonly string[] = PROTOCOLS.map((protocol) => [
  ...STANDARD[protocol].keys,
  ...STANDARD[protocol].baseUrls,
  ...STANDARD[protocol].models,
]).flat();

/** The value of a key variable that means: this endpoint wants no key (`spec/cli.md`). */
export const KEYLESS = "not-needed";
