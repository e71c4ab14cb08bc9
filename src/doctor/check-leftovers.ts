import type { TemporaryFile } from "../lib/files/find-temporary-files.ts";
import { type Check, check } from "./check.ts";

/** A file is written and its lock released within milliseconds; whatever is older was left. */
const PATIENCE_MS = 60_000;

/** @param now milliseconds since the epoch */
export function checkLeftovers(found: readonly TemporaryFile[], now: number): Check {
  const stale = found.filter(({ isOfDead, modified }) => isOfDead || now - modified > PATIENCE_MS);
  return stale.length === 0
    ? check("leftovers", { status: "ok", summary: "no temporary files, no stale locks" })
    : check("leftovers", {
        status: "warning",
        summary: `${stale.length} left by programs that were ended while they wrote`,
        detail: stale.map(({ path }) => `\`${path}\``),
        remedy: "remove them when no `qwen` runs",
      });
}
