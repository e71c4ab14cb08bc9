import type { FailureRow } from "./failure-row.ts";
import { words } from "./words.ts";

/** The window of a plan, which refills by itself, goes before codes: they are those of any limit. */
export const WINDOW_ROWS: readonly FailureRow[] = [
  {
    kind: "window",
    words: words(
      String.raw`\bhour allocated quota exceeded`,
      String.raw`(?:usage|quota|limit)~\b5[- ]?hours?\b`,
      String.raw`\b5[- ]?hours?\b~(?:usage|quota)~(?:reached|exceeded|used up|exhausted)`,
      "5 ?小时~(?:上限|限额|额度|用量)",
    ),
    says: "the plan's 5-hour quota is used up",
  },
  {
    kind: "window",
    words: words(
      String.raw`\bweek allocated quota exceeded`,
      String.raw`(?:reached|exceeded)~\bweek(?:ly)?\b~(?:usage|quota|limit)`,
      String.raw`\bweek(?:ly)?\b~(?:usage|quota) limit~(?:reached|exceeded)`,
      "每周~(?:上限|限额|额度)",
    ),
    says: "the plan's quota of the week is used up",
  },
  {
    kind: "window",
    words: words(
      String.raw`\bmonth allocated quota exceeded`,
      "usage limit for this billing cycle",
      "每月~(?:上限|限额)",
    ),
    says: "the plan's quota of the month is used up",
  },
  {
    kind: "window",
    words: words(
      "usage limit reached for",
      String.raw`(?:quota|limit) will (?:be )?reset\b`,
      "usage limit for this period",
      "^usage limit exceeded",
      "使用上限",
      "限额将在~重置",
    ),
  },
];
