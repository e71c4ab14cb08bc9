import type { JsonObject } from "../../lib/json/json-object.ts";
import type { Protocol } from "../../models/protocol.ts";

/** A model that a provider offers by default. */
export type ProviderModel = {
  readonly id: string;
  readonly description?: string;
  /** The body asks for thinking (`extra_body.enable_thinking`). */
  readonly thinking?: boolean;
  /** Tokens. */
  readonly contextWindowSize?: number;
  /** Reads images and video. */
  readonly vision?: boolean;
};

/** Where a key may ask what its account has left to spend. */
export type Balance = {
  /** Below the base URL. */
  readonly path: string;
  /** Where the amount stands in the answer: a number, or one as text. */
  readonly amount: readonly (string | number)[];
  /** Its currency, or where that stands. */
  readonly currency: string | readonly (string | number)[];
};

export type Endpoint = {
  /** The name that `--region` takes; providers with one endpoint have none. */
  readonly region?: string;
  /** Other names that people type for the region. */
  readonly aliases?: readonly string[];
  /** How people call the region. */
  readonly label?: string;
  /** What stands in brackets before an entry's id, where the region has a name of its own. */
  readonly entryLabel?: string;
  readonly baseUrl: string;
  /** Where keys of this region are made and revoked, where it differs from the provider's. */
  readonly consoleUrl?: string;
  /** Where the same key is good for Anthropic's messages: what a client appends `/v1/messages` to. */
  readonly anthropic?: {
    readonly baseUrl: string;
    /** How the key goes there. */
    readonly credential: "bearer" | "x-api-key";
  };
  readonly balance?: Balance;
  /** Where it answers OpenAI's Responses: below the base URL, or below another. */
  readonly responses?: true | { readonly baseUrl: string };
};

/**
 * A service whose endpoints and key variable are known (`spec/providers.md`). A new one is one
 * entry in `providers.ts`, no code.
 */
export type Provider = {
  /** The name that `--provider` takes. */
  readonly id: string;
  /** Other names that people type for it. */
  readonly aliases?: readonly string[];
  readonly label: string;
  /** What stands in brackets before an entry's id, where it is not the label. */
  readonly entryLabel?: string;
  /** What Qwen Code writes there, where it differs: such entries are the provider's own, too. */
  readonly foreignEntryLabels?: readonly string[];
  readonly protocol: Protocol;
  /** With several, one is chosen by region; with none, the base URL is asked for. */
  readonly endpoints: readonly Endpoint[];
  /** Ends of further hosts of the service: `maas.aliyuncs.com` has one for each workspace. */
  readonly otherHosts?: readonly string[];
  /** What every entry's `extra_body` has. */
  readonly extraBody?: JsonObject;
  /** Any base URL is accepted, such as another host or port; an example of one. */
  readonly exampleUrl?: string;
  /** The variable that holds the key; local servers have none. */
  readonly envKey?: string;
  /** The default models, the first is the default. */
  readonly models: readonly ProviderModel[];
  /** A subscription: its models are those of the list, not those chosen earlier. */
  readonly isPlan?: boolean;
  /** What a key begins with. */
  readonly keyPrefix?: string;
  /** Where keys are made and revoked. */
  readonly consoleUrl?: string;
  /** Below the base URL: what only a valid key may read, where the list of models is public. */
  readonly keyCheckPath?: string;
  /** Providers whose entries and key are stale once this one is set up. */
  readonly replaces?: readonly string[];
};

/** Models of which nothing but the id is known. */
export function named(...ids: readonly string[]): ProviderModel[] {
  return ids.map((id) => ({ id }));
}
