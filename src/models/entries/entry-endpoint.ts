import { normalEndpoint } from "../../lib/endpoint-url.ts";
import { type Protocol, STANDARD } from "../protocol.ts";

/**
 * Where an entry's model is, in the one form of endpoints: one that names no endpoint is at `home`,
 * which is the protocol's public one unless something says otherwise.
 */
export function entryEndpoint(
  protocol: Protocol,
  { baseUrl }: { readonly baseUrl?: unknown },
  home: string = STANDARD[protocol].publicEndpoint,
): string {
  return normalEndpoint(typeof baseUrl === "string" && baseUrl !== "" ? baseUrl : home);
}

/** What makes two entries of a protocol one: their id, their endpoint and their variable. */
export function entryTwin(
  protocol: Protocol,
  entry: { readonly id?: unknown; readonly baseUrl?: unknown; readonly envKey?: unknown },
): string {
  return JSON.stringify([entry.id, entryEndpoint(protocol, entry), entry.envKey]);
}
