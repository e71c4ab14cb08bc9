import type { FailureRow } from "../../protocols/failures/failure-row.ts";

/**
 * Why ModelStudio and its plans refuse requests (help.aliyun.com/en/model-studio/error-code-start and
 * /rate-limit). `insufficient_quota` is mostly the limit of tokens a minute.
 * @param plan what a subscription is called: `the Coding Plan`
 */
export function alibabaFailures(plan?: string): readonly FailureRow[] {
  return [
    ...(plan === undefined ? [] : windowsOf(plan)),
    // Its code may be that of the limit below.
    { kind: "window", words: /\b(?:hour|week|month) allocated quota exceeded/i },
    {
      kind: "quota",
      codes: ["insufficient_quota"],
      words: /\bfree\b|免费/i,
      hint: "switch off the mode for the free quota alone in the console, or choose another model",
    },
    {
      kind: "quota",
      codes: ["allocation_quota.free_tier_only"],
      hint: "switch off the mode for the free quota alone in the console, or choose another model",
    },
    {
      kind: "rate-limited",
      codes: ["insufficient_quota"],
      says: "HOST takes no more tokens in this minute",
      hint: "wait a minute, or choose another model with `--model`",
    },
    {
      kind: "quota",
      codes: ["commodity_not_purchased", "prepaid_bill_overdue", "postpaid_bill_overdue"],
    },
    { kind: "not-allowed", codes: ["app.access_denied", "workspace.access_denied"] },
    {
      kind: "blocked",
      codes: ["faq_rule_blocked", "custom_role_blocked", "ip_infringement_suspect"],
    },
    { kind: "rate-limited", codes: ["limit_requests", "limit_burst_rate"] },
  ];
}

function windowsOf(plan: string): readonly FailureRow[] {
  const windows = [
    ["hour", `${plan}'s 5-hour quota is used up`],
    ["week", `${plan}'s quota of the week is used up`],
    ["month", `${plan}'s quota of the month is used up`],
  ] as const;
  return windows.map(([name, says]) => ({
    kind: "window",
    words: new RegExp(String.raw`\b${name} allocated quota exceeded`, "i"),
    says,
  }));
}
