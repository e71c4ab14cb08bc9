import { shortenHome } from "../lib/shorten-home.ts";
import type { Check } from "./check.ts";

/** The checks without the paths of homes. */
export function hideHome(checks: readonly Check[], homes: readonly string[]): readonly Check[] {
  const hide = (text: string): string => shortenHome(text, ...homes);
  return checks.map(({ summary, detail, remedy, ...rest }) => ({
    ...rest,
    summary: hide(summary),
    ...(detail === undefined ? {} : { detail: detail.map(hide) }),
    ...(remedy === undefined ? {} : { remedy: hide(remedy) }),
  }));
}
