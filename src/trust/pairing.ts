import { isEndpointWithin } from "../lib/endpoint-url.ts";
import type { Source } from "../source.ts";

/** A variable and an endpoint that belong together by the user's own word or the catalogue's. */
export type KnownPair = {
  readonly envKey: string;
  readonly baseUrl: string;
};

export type PairingRequest = {
  readonly endpoint: { readonly value: string; readonly source: Source };
  /** The secret that would be sent; `envKey` is the variable that it was found under. */
  readonly secret: { readonly source: Source; readonly envKey: string | undefined };
  readonly knownPairs: readonly KnownPair[];
  /** Whether the folder that the endpoint comes from is trusted. */
  readonly trusted: boolean;
};

export type Pairing =
  /** Both are the user's, or the secret is the project's own. */
  | { readonly kind: "allowed" }
  /** The endpoint is the project's, but user or catalogue pair this variable with it. */
  | { readonly kind: "known-pair" }
  /** Only the folder's trust allows it; whoever sends the secret says so on stderr. */
  | { readonly kind: "trusted" }
  | { readonly kind: "withheld" };

/**
 * The pairing rule (`spec/trust-and-secrets.md`): a secret of user origin is sent only to an
 * endpoint of user origin. Decided here, once, for everything that sends or prints a secret.
 */
export function decidePairing({ endpoint, secret, knownPairs, trusted }: PairingRequest): Pairing {
  if (endpoint.source.origin === "user" || secret.source.origin === "project") {
    return { kind: "allowed" };
  }
  const isKnown = knownPairs.some(
    (pair) => pair.envKey === secret.envKey && isEndpointWithin(endpoint.value, pair.baseUrl),
  );
  if (isKnown) {
    return { kind: "known-pair" };
  }
  return trusted ? { kind: "trusted" } : { kind: "withheld" };
}
