import { CODE_ROWS } from "./code-rows.ts";
import type { FailureRow } from "./failure-row.ts";
import { WINDOW_ROWS } from "./window-rows.ts";
import { WORD_ROWS } from "./word-rows.ts";

/**
 * What holds for every service; its own rows go before. Read from the top, the first that holds
 * counts: codes and types, then words.
 */
export const GENERAL_ROWS: readonly FailureRow[] = [...WINDOW_ROWS, ...CODE_ROWS, ...WORD_ROWS];
