import type { FailureKind } from "../../http/request-failure.ts";
import type { Words } from "./words.ts";

/**
 * One line of the table why requests fail (`spec/protocols.md`, "Why a request failed"). A row holds
 * when everything that it names does. Rows of one service are data of the catalogue.
 */
export type FailureRow = {
  readonly kind: FailureKind;
  /**
   * Codes, types and reasons of the service, of which one is named; letter case, `_`, `-` and `.`
   * make no difference, and `*` at the end stands for anything.
   */
  readonly codes?: readonly string[];
  /** What the service's words match. */
  readonly words?: Words;
  /** HTTP; of an error inside a stream the status that its code is. */
  readonly statuses?: readonly number[];
  /** What is told instead of the kind's own sentence; `HOST` stands for the host. */
  readonly says?: string;
  /** What to do, one imperative line, where the kind's own does not fit. */
  readonly hint?: string;
  /** Waiting a minute does not help, whatever the kind. */
  readonly isFinal?: true;
};
