import type { LoadedKey } from "../models/resolution.ts";
import type { ServiceEndpoint } from "../protocols/service-endpoint.ts";

/** The interfaces that the broker offers, by the protocol that is spoken below each. */
export type MountName = ServiceEndpoint["protocol"];

/** A place below which the requests of one protocol go to one service. */
export type Mount = {
  readonly name: MountName;
  /** Where its requests go, but for the key, which may be renewed while a tool runs. */
  readonly upstream: Omit<ServiceEndpoint, "credential">;
  /** How the key goes there, where it is not the way of the connection. */
  readonly scheme?: "key" | "bearer";
  /**
   * Where the service answers OpenAI's Responses: below the same base URL, at another one, or
   * nowhere.
   */
  readonly responses: "same" | "none" | { readonly baseUrl: string };
};

/** What clients append their paths to. */
export const PREFIXES: Readonly<Record<MountName, string>> = {
  anthropic: "/anthropic",
  openai: "/openai/v1",
  gemini: "/gemini",
};

/** The mount whose prefix a path has, whether it is offered or not. */
export function mountNameAt(pathname: string): MountName | undefined {
  const names: readonly MountName[] = ["anthropic", "openai", "gemini"];
  return names.find(
    (name) => pathname === PREFIXES[name] || pathname.startsWith(`${PREFIXES[name]}/`),
  );
}

/** Where a request goes and what it carries. */
export function upstreamOf({ upstream, scheme }: Mount, key: LoadedKey): ServiceEndpoint {
  return {
    ...upstream,
    credential:
      key.kind === "present" ? { value: key.value, scheme: scheme ?? key.scheme } : undefined,
  };
}
