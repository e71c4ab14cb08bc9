import { parseEndpoint } from "../../lib/endpoint-url.ts";
import { unfilledName } from "../../settings/interpolate-settings.ts";
import type { Sourced } from "../../source.ts";
import type { Configuration } from "../configuration.ts";
import { isUntrusted } from "../project-folder.ts";
import type { Catalogue, Complete } from "../resolution.ts";
import { ACCOUNT_ELSEWHERE } from "./generation-fields.ts";
import { pairKey } from "./pair-key.ts";

/** `base` counts; `warning`: what stands there and does not. Neither: nothing stands there. */
export type AnthropicBase = {
  readonly base?: Sourced<string>;
  readonly warning?: string;
};

/**
 * Where the entry in force says that its service speaks Anthropic's protocol as well. The key goes
 * there by the same rule as to the endpoint itself: what a project names gets no key of the user's,
 * nor a header that belongs to an endpoint of the user's.
 */
export function anthropicBaseOf(
  configuration: Configuration,
  connection: Complete,
  catalogue: Pick<Catalogue, "knownPairs">,
): AnthropicBase {
  const { entry, key, endpoint, protocol, replaced } = connection;
  if (entry?.anthropicBaseUrl === undefined || protocol.value === "anthropic") {
    return {};
  }
  const source = entry.sourceOf("anthropicBaseUrl");
  const leftOut = (why: string): AnthropicBase => ({
    warning: `\`${source.name}\` of \`${source.path}\` is left out: ${why}`,
  });
  if (replaced !== undefined) {
    return leftOut(ACCOUNT_ELSEWHERE);
  }
  const unfilled = unfilledName(entry.anthropicBaseUrl);
  if (unfilled !== undefined) {
    return leftOut(`the variable ${unfilled} is not set`);
  }
  const parsed = parseEndpoint(entry.anthropicBaseUrl);
  if (parsed.kind === "invalid") {
    return leftOut(parsed.reason);
  }
  const base = { value: parsed.href, source, shadowed: [] };
  const { pairing } = pairKey(configuration, catalogue, { endpoint: base, key, entry });
  if (pairing.kind === "withheld") {
    return leftOut("it is the project's, the key is yours, and the folder is not trusted");
  }
  const isElsewhere = endpoint.source.origin === "user" && isUntrusted(configuration, source);
  return isElsewhere && pairing.kind !== "known-pair" && key.kind === "keyless"
    ? leftOut("it is the project's, the endpoint is yours, and the folder is not trusted")
    : { base };
}
