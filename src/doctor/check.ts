/** What one check found, as `qwen doctor --json` prints it. */
export type Check = {
  /** Stable: scripts look for it. */
  readonly id: string;
  readonly status: "ok" | "warning" | "failed" | "skipped";
  /** One line. */
  readonly summary: string;
  readonly detail?: readonly string[];
  /** One imperative line that says what to do. */
  readonly remedy?: string;
};

type More = { readonly detail?: readonly string[]; readonly remedy?: string | undefined };

/** A check without the fields that say nothing. */
export function check(id: string, result: Pick<Check, "status" | "summary"> & More): Check {
  const { status, summary, detail = [], remedy } = result;
  return {
    id,
    status,
    summary,
    ...(detail.length === 0 ? {} : { detail }),
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/** Why something cannot be used: the message and hint of the error that says so. */
export type Failure = { readonly message: string; readonly hint: string | undefined };

/** A check that failed for a reason that an error tells. */
export function failed(id: string, { message, hint }: Failure): Check {
  return check(id, { status: "failed", summary: message, remedy: hint });
}
