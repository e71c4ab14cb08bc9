import { isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";
import type { Protocol } from "../../models/protocol.ts";
import type { Provider } from "../providers/provider.ts";
import { isAtEndpoint, isProviderEntry } from "../providers/provider-entries.ts";
import type { KeyStore } from "./key-stores.ts";

/** What a person answered, checked: everything that a login writes follows from it. */
export type Login = {
  /** Of the catalogue; `undefined` for an endpoint of one's own. */
  readonly provider: Provider | undefined;
  /** The region's, if the provider has several. */
  readonly region: string | undefined;
  readonly protocol: Protocol;
  readonly baseUrl: string;
  readonly envKey: string;
  /** `not-needed` for a server that wants none. */
  readonly key: string;
  readonly store: KeyStore;
  /** The ids to configure; otherwise those configured earlier, else the provider's list. */
  readonly models: readonly string[] | undefined;
  /** The one that becomes the default; otherwise a model chosen earlier, else the first. */
  readonly model: string | undefined;
  /** What stands in brackets before each id; `undefined`: nothing. */
  readonly label: string | undefined;
  /** The name that the key is kept under as well. */
  readonly account?: string | undefined;
  /** Where the endpoint speaks Anthropic's protocol, too; `undefined`: what is known of it stays. */
  readonly anthropicBaseUrl?: string | undefined;
  /** What each configured model gets of `generationConfig`, over what it has. */
  readonly generationConfig?: JsonObject | undefined;
};

/** Whether an entry is one that `login` replaces: of the same provider and variable. */
export function isOwnEntry(item: unknown, login: Login): item is JsonObject {
  const { provider, envKey, baseUrl } = login;
  if (provider === undefined) {
    return isJsonObject(item) && isAtEndpoint(item, baseUrl) && item.envKey === envKey;
  }
  const isElsewhere = provider.exampleUrl !== undefined && !isAtEndpoint(item, baseUrl);
  return !isElsewhere && isProviderEntry(item, { ...provider, envKey });
}

/** Whether an entry is the one of `id` at `baseUrl`, whoever wrote it. */
export function isSameEntry(item: unknown, id: string, baseUrl: string): item is JsonObject {
  return isJsonObject(item) && item.id === id && isAtEndpoint(item, baseUrl);
}
