import { CATALOGUE } from "../auth/providers/catalogue.ts";
import { failureRowsAt } from "../auth/providers/failure-rows.ts";
import { keyHeaderAt } from "../auth/providers/key-header.ts";
import type { Endpoint } from "../auth/providers/provider.ts";
import { PROVIDERS } from "../auth/providers/providers.ts";
import { sameEndpoint } from "../lib/endpoint-url.ts";
import type { Configured } from "../models/resolution.ts";
import { decidePairing } from "../trust/pairing.ts";
import type { Mount } from "./mount.ts";

type Connection = Pick<
  Configured,
  "protocol" | "endpoint" | "key" | "entry" | "request" | "isQwenOauth" | "anthropicBase"
>;

type Options = {
  /** `--anthropic-base-url`, in its one form. */
  readonly anthropicBaseUrl: string | undefined;
};

/**
 * What a connection offers to tools: its own protocol, and Anthropic's where a flag, the entry or the
 * catalogue says where the same key is good for it (`reference/tool-connections.md` B). Whether the
 * key may go there is decided by the pairing rule, as for every other place.
 */
export function mountsOf(connection: Connection, { anthropicBaseUrl }: Options): readonly Mount[] {
  const { protocol, endpoint, isQwenOauth } = connection;
  const known = catalogueEndpoint(connection);
  const own: Mount = {
    name: protocol.value,
    upstream: {
      protocol: protocol.value,
      ...(isQwenOauth ? { authType: "qwen-oauth" } : {}),
      ...placeAt(connection, endpoint.value),
    },
    responses: responsesOf(known),
  };
  if (protocol.value === "anthropic") {
    return [own];
  }
  const ofCatalogue = known?.endpoint.anthropic;
  const isOfCatalogue = ofCatalogue !== undefined && isPaired(connection, ofCatalogue.baseUrl);
  const baseUrl =
    anthropicBaseUrl ??
    connection.anthropicBase?.value ??
    (isOfCatalogue ? ofCatalogue.baseUrl : undefined);
  if (baseUrl === undefined) {
    return [own];
  }
  const isKnown = ofCatalogue !== undefined && sameEndpoint(ofCatalogue.baseUrl, baseUrl);
  const anthropic: Mount = {
    name: "anthropic",
    upstream: { protocol: "anthropic", ...placeAt(connection, baseUrl) },
    // As a key, it goes both ways where nothing is known of a service.
    scheme: isKnown && ofCatalogue.credential === "bearer" ? "bearer" : "key",
    responses: "none",
  };
  return [own, anthropic];
}

function placeAt({ request }: Connection, baseUrl: string) {
  const { customHeaders } = request;
  return {
    baseUrl,
    customHeaders,
    failureRows: failureRowsAt(baseUrl),
    keyHeader: keyHeaderAt(baseUrl),
  };
}

type MountTarget = {
  readonly envKey: string | undefined;
  readonly endpoint: Endpoint;
};

/** The row of the catalogue that a connection is: its very endpoint, with the variable of its key. */
function catalogueEndpoint({
  protocol,
  endpoint,
  key,
  entry,
}: Connection): MountTarget | undefined {
  const variable = key.envKey ?? entry?.envKey;
  for (const { envKey, endpoints, protocol: spoken } of PROVIDERS) {
    const found = endpoints.find(({ baseUrl }) => sameEndpoint(baseUrl, endpoint.value));
    const isItsKey = envKey === undefined ? key.kind === "keyless" : envKey === variable;
    if (found !== undefined && spoken === protocol.value && isItsKey) {
      return { envKey, endpoint: found };
    }
  }
  return undefined;
}

/** What nobody has written down of an endpoint of one's own, it may be able to do. */
function responsesOf(known: MountTarget | undefined): Mount["responses"] {
  const { responses } = known?.endpoint ?? { responses: true };
  return responses === true ? "same" : (responses ?? "none");
}

/** The second base is the catalogue's, so the catalogue pairs it with its variable alone. */
function isPaired({ endpoint, key, entry }: Connection, baseUrl: string): boolean {
  if (key.kind === "keyless") {
    return true;
  }
  const { envKey, source } = key;
  const { kind } = decidePairing({
    endpoint: { value: baseUrl, source: endpoint.source },
    secret: { source, envKey, namedBy: entry?.sourceOf("envKey").origin ?? "user" },
    knownPairs: CATALOGUE.knownPairs,
    trusted: false,
  });
  return kind !== "withheld";
}
