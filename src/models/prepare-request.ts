import { ConfigError } from "../errors.ts";
import type { Configuration } from "./configuration.ts";
import { anthropicBaseOf } from "./entries/anthropic-base.ts";
import { resolveRequestOptions } from "./request-options.ts";
import type { Catalogue, Complete, Resolution, ResolvedKey } from "./resolution.ts";

/**
 * Looks through everything that could refuse a question or that it is warned of, up to the request
 * itself: limits, headers, bodies, thinking. Whoever resolves a connection gets this with it, so
 * that `status`, `list`, `doctor`, `token`, verification and a question say the same. Pure; knows no
 * wire format.
 */
export function prepareRequest(
  configuration: Configuration,
  complete: Complete,
  catalogue: Pick<Catalogue, "knownPairs">,
): Resolution {
  const { key } = complete;
  try {
    const { request, warnings } = resolveRequestOptions(configuration, complete, catalogue);
    const { base, warning } = anthropicBaseOf(configuration, complete, catalogue);
    const all = {
      ...complete,
      ...(base === undefined ? {} : { anthropicBase: base }),
      warnings: [...complete.warnings, ...warnings, ...(warning === undefined ? [] : [warning])],
    };
    const header = key.kind === "keyless" ? key.header : undefined;
    return header !== undefined && !(header in request.customHeaders)
      ? { ...all, state: "incomplete", key: withoutHeader(header), problem: undefined, unread: [] }
      : { ...all, state: "configured", request, problem: undefined };
  } catch (error) {
    if (error instanceof ConfigError) {
      return { ...complete, state: "incomplete", problem: error, unread: [] };
    }
    throw error;
  }
}

/** The header that stood for the key may not be sent. */
function withoutHeader(unfilled: string): ResolvedKey {
  return { kind: "missing", envKeys: [], unresolved: [], hiddenIn: [], unfilled };
}
