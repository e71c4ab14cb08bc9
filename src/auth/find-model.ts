import { sameEndpoint } from "../lib/endpoint-url.ts";
import type { Resolution } from "../models/connection.ts";
import type { Configuration } from "../models/load-configuration.ts";
import { entryIdentity, type ModelEntry } from "../models/model-entries.ts";
import { PROTOCOLS } from "../models/protocol.ts";
import { matchEntries } from "../models/resolve-model.ts";
import { providerOf, providerOfEntry } from "./catalogue.ts";
import { findProvider } from "./find-provider.ts";

export type FoundModel =
  | { readonly kind: "entry"; readonly entry: ModelEntry }
  /** Several endpoints or protocols have a model of this id. */
  | { readonly kind: "ambiguous"; readonly entries: readonly ModelEntry[] }
  | { readonly kind: "unknown" };

/**
 * The entry that a word means: a model's id, `id@host`, or a provider by name, host or base URL. Of
 * a provider it is the model in force if that is one of its own, else the first.
 */
export function findModel(
  configuration: Configuration,
  { entry: active }: Resolution,
  word: string,
): FoundModel {
  const matches = PROTOCOLS.flatMap((protocol) => matchEntries(configuration, protocol, word));
  const [first] = matches;
  if (first !== undefined) {
    const isOne = matches.every(
      (entry) => entry.protocol === first.protocol && entryIdentity(entry) === entryIdentity(first),
    );
    return isOne ? { kind: "entry", entry: first } : { kind: "ambiguous", entries: matches };
  }
  const own = entriesOfProvider(configuration, word);
  const chosen = own.find((entry) => entry === active) ?? own[0];
  return chosen === undefined ? { kind: "unknown" } : { kind: "entry", entry: chosen };
}

/** `id@host`, which is unlike that of the same model elsewhere. */
export function qualifiedId({ id, baseUrl }: ModelEntry): string {
  const host = URL.parse(baseUrl ?? "")?.host;
  return host === undefined ? id : `${id}@${host}`;
}

function entriesOfProvider({ models }: Configuration, word: string): ModelEntry[] {
  const provider = findProvider(word);
  return models.entries.filter((entry) => {
    const { baseUrl, protocol } = entry;
    if (provider !== undefined) {
      const known = baseUrl === undefined ? undefined : providerOf(baseUrl, protocol)?.provider;
      return (providerOfEntry(entry) ?? known) === provider;
    }
    return (
      baseUrl !== undefined && (URL.parse(baseUrl)?.host === word || sameEndpoint(baseUrl, word))
    );
  });
}
