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
