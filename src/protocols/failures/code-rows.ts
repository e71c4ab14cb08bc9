import type { FailureRow } from "./failure-row.ts";
import { words } from "./words.ts";

/** Names that are no other service's for something else; numbers are data of the catalogue. */
export const CODE_ROWS: readonly FailureRow[] = [
  {
    kind: "too-long",
    codes: [
      "context_length_exceeded",
      "context_window_exceeded",
      "exceed_context_size_error",
      "model_max_prompt_tokens_exceeded",
      "prompt_too_long",
      "request_too_large",
      "string_above_max_length",
    ],
  },
  {
    kind: "blocked",
    codes: [
      "content_filter",
      "content_policy_violation",
      "data_inspection_failed",
      "moderation_blocked",
      "prohibited_content",
      "prompt_blocked",
      "responsible_ai_policy_violation",
      "safety_check_failed",
      "sensitive_words_detected",
    ],
  },
  {
    kind: "not-allowed",
    codes: ["unsupported_country_region_territory"],
    hint: "ask from a country that the service serves, or choose another provider with `qwen auth`",
  },
  {
    kind: "not-allowed",
    codes: ["service_disabled"],
    hint: "follow the link in what the service says, and switch its interface on there",
  },
  {
    kind: "not-allowed",
    codes: [
      "api_key_service_blocked",
      "api_key_http_referrer_blocked",
      "api_key_ip_address_blocked",
      "ip_not_authorized",
    ],
    hint: "take the restriction off the key where it was made, or use another key",
  },
  {
    kind: "model-not-allowed",
    codes: [
      "access_denied.unpurchased",
      "model.access_denied",
      "model_access_denied",
      "key_model_access_denied",
      "team_model_access_denied",
      "user_model_access_denied",
      "project_model_access_denied",
      "model_price_error",
    ],
  },
  { kind: "model-not-allowed", codes: ["model_not_found", "model_not_available"], statuses: [403] },
  {
    kind: "model-not-allowed",
    codes: ["model_not_found"],
    words: /^(?!.*not exist).*not have access to model/i,
  },
  {
    // DashScope's limit of tokens a minute; what its free quota is goes by its own words.
    kind: "rate-limited",
    codes: ["insufficient_quota"],
    words: words("#token-limit", String.raw`\btokens? per min`, String.raw`\bTPM\b`),
  },
  {
    kind: "quota",
    codes: [
      "allocation_quota.free_tier_only",
      "arrearage",
      "billing*",
      "budget_exceeded",
      "exceeded_current_quota_error",
      "insufficient_balance*",
      "insufficient_credit*",
      "insufficient_funds",
      "insufficient_quota",
      "insufficient_user_quota",
      "payment_required",
      "pre_consume_token_quota_failed",
      "token_quota_exhausted",
    ],
  },
  {
    kind: "unknown-model",
    codes: [
      "deployment_not_found",
      "invalid_model",
      "model_not_exist",
      "model_not_found",
      "model_not_supported",
      "unknown_model",
    ],
  },
  {
    kind: "rejected",
    codes: [
      "access_token_expired",
      "api_key_invalid",
      "authentication_error",
      "expired_api_key",
      "incorrect_api_key_error",
      "invalid_api_key",
      "invalid_authentication_error",
      "invalid_token",
      "token_expired",
      "unauthenticated",
    ],
  },
];
