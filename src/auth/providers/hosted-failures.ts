import type { FailureRow } from "../../protocols/failures/failure-row.ts";

/** console.groq.com/docs/errors: 413 is a request beyond the tokens that a minute allows. */
export const GROQ_FAILURES: readonly FailureRow[] = [
  { kind: "too-long", statuses: [413], words: /request too large/i },
  { kind: "rate-limited", statuses: [498] },
];

/** docs.siliconflow.cn/faqs/error-code: 403 is an account without money, or without a name. */
export const SILICONFLOW_FAILURES: readonly FailureRow[] = [
  { kind: "unknown-model", codes: ["20012"] },
  { kind: "quota", statuses: [403], words: /balance|余额/i },
  { kind: "not-allowed", statuses: [403], words: /real[- ]?name|authentication required|实名/i },
];

/** docs.mistral.ai/resources/error-codes */
export const MISTRAL_FAILURES: readonly FailureRow[] = [
  { kind: "unknown-model", codes: ["unknown_model", "invalid_model"] },
];

/** volcengine.com/docs/82379/1299023 */
export const ARK_FAILURES: readonly FailureRow[] = [
  { kind: "quota", codes: ["AccountOverdueError", "SetLimitExceeded"] },
  { kind: "unknown-model", codes: ["InvalidEndpointOrModel.NotFound", "InvalidEndpoint.NotFound"] },
  {
    kind: "model-not-allowed",
    codes: ["ModelNotOpen", "InvalidEndpointOrModel.ModelIDAccessDisabled", "UnsupportedModel"],
  },
  { kind: "rate-limited", codes: ["RateLimitExceeded*"] },
  {
    kind: "blocked",
    codes: [
      "SensitiveContentDetected*",
      "InputTextSensitiveContentDetected*",
      "OutputTextSensitiveContentDetected*",
    ],
  },
];

/** docs.together.ai/docs/error-codes: 403 is a prompt that is too long, 402 the limit of a month. */
export const TOGETHER_FAILURES: readonly FailureRow[] = [
  { kind: "too-long", statuses: [403], words: /\btokens?\b|context length|too long/i },
];

/**
 * github.com/NVIDIA (cloud functions, whose errors these are), forums.developer.nvidia.com: a model
 * is there for single accounts, though the list names it for all; a key that is none is a 403.
 */
export const NVIDIA_FAILURES: readonly FailureRow[] = [
  {
    kind: "model-not-allowed",
    statuses: [403, 404],
    words: /not found for account|not shared with the account/i,
    hint: "choose another model with `--model`, or look at https://build.nvidia.com whether the account has it",
  },
  { kind: "rejected", statuses: [403], words: /authorization failed/i },
];

/** docs.github.com/github-models/use-github-models/prototyping-with-ai-models, and its answers */
export const GITHUB_MODELS_FAILURES: readonly FailureRow[] = [
  {
    kind: "not-allowed",
    words: /`models` permission is required/i,
    says: "the token may not ask models at HOST",
    hint: "give the token the permission `models: read` at https://github.com/settings/personal-access-tokens",
  },
  {
    kind: "rate-limited",
    codes: ["RateLimitReached"],
    words: /per 86400s|ByDay\b/,
    says: "HOST takes no more requests of this model today",
    hint: "try again tomorrow, or choose another model with `--model`",
    isFinal: true,
  },
  { kind: "rate-limited", codes: ["RateLimitReached"] },
  { kind: "model-not-allowed", codes: ["no_access"] },
];

/** tencentcloud.com/document/api/1284/75543, and the list of errors in the vendor's own clients */
export const HUNYUAN_FAILURES: readonly FailureRow[] = [
  {
    kind: "quota",
    codes: [
      "FailedOperation.ResourcePackExhausted",
      "FailedOperation.FreeResourcePackExhausted",
      "FailedOperation.ServiceStopArrears",
    ],
  },
  {
    kind: "not-allowed",
    codes: ["FailedOperation.ServiceNotActivated", "FailedOperation.ServiceStop"],
    hint: "activate the service at https://console.cloud.tencent.com/hunyuan",
  },
  {
    kind: "rate-limited",
    codes: ["FailedOperation.EngineServerLimitExceeded", "RequestLimitExceeded*"],
  },
  { kind: "rejected", codes: ["AuthFailure*"] },
];
