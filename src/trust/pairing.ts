import { isWithinPair } from "../lib/endpoint-url.ts";
import type { Origin, Source } from "../source.ts";

/** A variable and an endpoint that belong together by the user's own word or the catalogue's. */
export type KnownPair = {
  readonly envKey: string;
  readonly baseUrl: string;
};

export type PairingRequest = {
  readonly endpoint: { readonly value: string; readonly source: Source };
  readonly secret: {
    readonly source: Source;
    /** The variable that it was found under. */
    readonly envKey: string | undefined;
    /** Who says that this variable is the one to send: the entry's `envKey`, if it has one. */
    readonly namedBy: Origin;
  };
  /** Asked for only when the origins differ. */
  readonly knownPairs: () => readonly KnownPair[];
  /** Whether the folder that endpoint or entry come from is trusted. */
  readonly trusted: boolean;
};

export type Pairing =
  /** Both are the user's, or the secret is the project's own. */
  | { readonly kind: "allowed" }
  /** Endpoint or entry are the project's, but user or catalogue pair this variable with it. */
  | { readonly kind: "known-pair" }
  /** Only the folder's trust allows it; whoever sends the secret says so on stderr. */
  | { readonly kind: "trusted" }
  | { readonly kind: "withheld" };

/**
 * The pairing rule (`spec/trust-and-secrets.md`): a secret of user origin is sent only to an
 * endpoint of user origin, and only when no project chose which secret that is. Decided here, once,
 * for everything that sends or prints a secret.
 */
export function decidePairing({ endpoint, secret, knownPairs, trusted }: PairingRequest): Pairing {
  const isUserChoice = endpoint.source.origin === "user" && secret.namedBy === "user";
  if (isUserChoice || secret.source.origin === "project") {
    return { kind: "allowed" };
  }
  const isKnown = knownPairs().some(
    (pair) => pair.envKey === secret.envKey && isWithinPair(endpoint.value, pair.baseUrl),
  );
  if (isKnown) {
    return { kind: "known-pair" };
  }
  return trusted ? { kind: "trusted" } : { kind: "withheld" };
}
