import type { FailureRow } from "../../protocols/failures/failure-row.ts";

/**
 * What single services say where neither the codes and words of all nor the status tell it: numbers
 * and sentences of their own. The page of each service stands beside its rows.
 */

/** docs.z.ai/api-reference/api-code, docs.bigmodel.cn/cn/api/api-code */
export const ZAI_FAILURES: readonly FailureRow[] = [
  { kind: "rejected", codes: ["1000", "1001", "1002", "1003", "1004"] },
  { kind: "not-allowed", codes: ["1110", "1111", "1112", "1121", "1220", "1300", "1313"] },
  { kind: "quota", codes: ["1113"] },
  {
    kind: "quota",
    codes: ["1309"],
    says: "the GLM Coding Plan at HOST has run out",
    hint: "renew the plan at https://z.ai/subscribe, or use another endpoint with `qwen auth`",
  },
  { kind: "unknown-model", codes: ["1211"] },
  { kind: "too-long", codes: ["1261"] },
  { kind: "blocked", codes: ["1301"] },
  {
    kind: "rate-limited",
    codes: ["1304"],
    says: "HOST takes no more requests today",
    hint: "try again tomorrow, or choose another model with `--model`",
    isFinal: true,
  },
  { kind: "rate-limited", codes: ["1302", "1303", "1305", "1312"] },
  {
    kind: "window",
    codes: ["1308"],
    says: "the GLM Coding Plan's 5-hour quota is used up",
  },
  {
    kind: "window",
    codes: ["1310"],
    says: "the GLM Coding Plan's quota of the week or month is used up",
  },
  { kind: "model-not-allowed", codes: ["1311"] },
];

/** platform.minimax.io/docs/api-reference/errorcode */
export const MINIMAX_FAILURES: readonly FailureRow[] = [
  { kind: "rejected", codes: ["1004", "2049"] },
  { kind: "quota", codes: ["1008"] },
  { kind: "rate-limited", codes: ["1002", "1039", "1041", "2045"] },
  { kind: "blocked", codes: ["1026", "1027"] },
  { kind: "window", codes: ["2056"], says: "the plan's 5-hour quota is used up" },
  { kind: "model-not-allowed", codes: ["2061"] },
  { kind: "unknown-model", codes: ["2013"], words: /\bunknown model\b|模型/i },
  { kind: "too-long", codes: ["2013"], words: /context (?:window|length)|too long/i },
  { kind: "bad-request", codes: ["2013", "1042"] },
];

/** platform.kimi.ai/docs/api/errors */
export const MOONSHOT_FAILURES: readonly FailureRow[] = [
  { kind: "quota", words: /exceeded your current (?:token )?quota/i },
  { kind: "rate-limited", codes: ["rate_limit_reached_error", "engine_overloaded_error"] },
  { kind: "unknown-model", codes: ["resource_not_found_error"], words: /\bmodel\b/i },
  { kind: "not-allowed", codes: ["access_terminated_error", "permission_denied_error"] },
];

/** api-docs.deepseek.com/quick_start/error_codes */
export const DEEPSEEK_FAILURES: readonly FailureRow[] = [
  { kind: "blocked", words: /content exists risk/i },
];

/** openrouter.ai/docs/api/reference/errors, /limits */
export const OPENROUTER_FAILURES: readonly FailureRow[] = [
  {
    kind: "quota",
    words: /key limit exceeded/i,
    hint: "raise the limit of the key at https://openrouter.ai/settings/keys",
  },
  {
    kind: "not-allowed",
    words: /data policy|guardrail/i,
    hint: "allow it at https://openrouter.ai/settings/privacy, or choose another model",
  },
  {
    kind: "model-not-allowed",
    words: /no allowed providers/i,
    hint: "allow a provider of the model at https://openrouter.ai/settings/preferences",
  },
];

/** docs.fireworks.ai/guides/inference-error-codes: 412 is an account that is suspended. */
export const FIREWORKS_FAILURES: readonly FailureRow[] = [
  {
    kind: "quota",
    statuses: [412],
    words: /suspend|billing|invoice|spend|payment|limit/i,
    says: "the account at HOST is suspended",
  },
  { kind: "not-allowed", statuses: [412] },
];

/** modelscope.cn/docs/model-service/API-Inference/limits */
export const MODELSCOPE_FAILURES: readonly FailureRow[] = [
  {
    kind: "not-allowed",
    words: /bind your alibaba cloud account|绑定阿里云/i,
    hint: "bind an account of Alibaba Cloud at https://modelscope.cn/my/settings/account",
  },
];

/** docs.x.ai/docs/debugging */
export const XAI_FAILURES: readonly FailureRow[] = [
  { kind: "quota", words: /\bcredits\b|spending limit/i },
  {
    kind: "not-allowed",
    words: /api key is currently blocked|(?:key|team).{0,40} is (?:blocked|disabled)/i,
    hint: "unblock it at https://console.x.ai, or use another key",
  },
];

/** docs.requesty.ai: an OpenAI-compatible gateway that limits what a key or a group may spend. */
export const REQUESTY_FAILURES: readonly FailureRow[] = [
  {
    kind: "quota",
    words:
      /(?:api key|group|organi[sz]ation|monthly).{0,60}(?:spend|limit|budget).{0,40}(?:reached|exceeded)/i,
    hint: "raise the limit at https://app.requesty.ai, or use another key",
  },
  {
    kind: "model-not-allowed",
    words: /\bmodel\b.{0,80}(?:not approved|blocked|not allowed)/i,
    hint: "have the model approved at https://app.requesty.ai, or choose another with `--model`",
  },
];

/** developers.openai.com/api/docs/guides/error-codes */
export const OPENAI_FAILURES: readonly FailureRow[] = [
  { kind: "not-allowed", codes: ["account_deactivated", "mismatched_organization"] },
  { kind: "blocked", codes: ["invalid_prompt"] },
  {
    kind: "model-not-allowed",
    words: /organi[sz]ation must be verified/i,
    hint: "verify it at https://platform.openai.com/settings/organization/general",
  },
  {
    kind: "not-allowed",
    words: /must be a member of an organi[sz]ation/i,
    hint: "ask the owner of the organisation to invite the account",
  },
];

/** learn.microsoft.com/azure/foundry/openai/how-to/quota and content-filter */
export const AZURE_FAILURES: readonly FailureRow[] = [
  {
    kind: "not-allowed",
    statuses: [403],
    words: /virtual network|firewall|public access is disabled|private endpoint/i,
    hint: "ask from the network that the resource allows, or add this one in its Networking page",
  },
  {
    kind: "unknown-model",
    codes: ["deployment_not_found"],
    hint: "give the name of the deployment as `--model`, not that of the model",
  },
  {
    kind: "not-found",
    statuses: [404],
    words: /resource not found/i,
    hint: "check the base URL: `https://NAME.openai.azure.com/openai/v1`",
  },
];

/** platform.claude.com/docs/en/api/errors */
export const ANTHROPIC_FAILURES: readonly FailureRow[] = [
  { kind: "quota", codes: ["billing_error"] },
  { kind: "unknown-model", codes: ["not_found_error"], words: /^model:/i },
];

/** ai.google.dev/gemini-api/docs/troubleshooting and /rate-limits */
export const GEMINI_FAILURES: readonly FailureRow[] = [
  {
    kind: "quota",
    codes: ["resource_exhausted"],
    words: /\blimit: 0\b/i,
    says: "the plan of the account at HOST does not include this model",
    hint: "set up billing at https://aistudio.google.com, or choose another model with `--model`",
  },
  {
    kind: "rate-limited",
    codes: ["generate_requests_per_day*", "generate_content_input_tokens_per_day*"],
    says: "HOST takes no more requests of this model today",
    hint: "try again tomorrow, or choose another model with `--model`",
    isFinal: true,
  },
  {
    kind: "quota",
    codes: ["billing_disabled"],
    hint: "set up billing at https://aistudio.google.com",
  },
  { kind: "not-allowed", codes: ["consumer_suspended", "consumer_invalid"] },
];

/** What servers on this machine or near it say; a port does not tell which of them it is. */
export const LOCAL_FAILURES: readonly FailureRow[] = [
  {
    kind: "unknown-model",
    words: /try pulling it first/i,
    hint: "fetch it with `ollama pull MODEL`, or choose one that `qwen models --remote` lists",
  },
  {
    kind: "unknown-model",
    words: /no models loaded/i,
    hint: "load one in LM Studio, or with `lms load MODEL`",
  },
  {
    kind: "model-not-allowed",
    words: /requires more system memory/i,
    says: "HOST has too little memory for this model",
    hint: "choose a smaller model with `--model`",
  },
];
