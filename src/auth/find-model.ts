import type { Configuration } from "../models/configuration.ts";
import {
  endpointName,
  entryTitle,
  isEndpointNamed,
  meantEntries,
  qualifiedIds,
} from "../models/entries/match-entries.ts";
import { entryIdentity, type ModelEntry } from "../models/entries/model-entries.ts";
import type { Resolution } from "../models/resolution.ts";
import { providerOf, providerOfEntry } from "./providers/catalogue.ts";
import { findProvider } from "./providers/find-provider.ts";
import type { Provider } from "./providers/provider.ts";

export type FoundModel =
  | { readonly kind: "entry"; readonly entry: ModelEntry }
  /** Several entries, or endpoints, are called so; these words tell them apart. */
  | { readonly kind: "ambiguous"; readonly choices: readonly string[] }
  | { readonly kind: "unknown" };

/**
 * The entry that a word means: a model (`meantEntries`), or a provider by its name, or an endpoint
 * by its name, host or base URL. Of a provider it is the model in force if that is one of its own,
 * else the first. What fits several is none of them.
 */
export function findModel(
  configuration: Configuration,
  { entry: active }: Resolution,
  word: string,
): FoundModel {
  const { entries } = configuration.models;
  const matches = meantEntries(configuration, word);
  const [first] = matches;
  if (first !== undefined) {
    const isOne = matches.every(
      (entry) => entry.protocol === first.protocol && entryIdentity(entry) === entryIdentity(first),
    );
    return isOne
      ? { kind: "entry", entry: first }
      : { kind: "ambiguous", choices: qualifiedIds(matches, entries) };
  }
  const provider = findProvider(word);
  const ofProvider = entries.filter(
    (entry) => provider !== undefined && isOfProvider(entry, provider.id),
  );
  const others = endpointsNamed(configuration, word, provider);
  const choices = [...endpointNames(configuration, ofProvider), ...others.map(({ name }) => name)];
  if (others.length > (ofProvider.length > 0 ? 0 : 1)) {
    return { kind: "ambiguous", choices };
  }
  const own = ofProvider.length > 0 ? ofProvider : entries.filter((entry) => isNamed(entry, word));
  const chosen = own.find((entry) => entry === active) ?? own[0];
  return chosen === undefined ? { kind: "unknown" } : { kind: "entry", entry: chosen };
}

export type NamedEndpoint = {
  readonly baseUrl: string;
  readonly protocol: ModelEntry["protocol"];
  /** Whose login wrote an entry that stands there. */
  readonly provider: Provider | undefined;
  /** What names it and no other configured endpoint. */
  readonly name: string;
};

/**
 * The configured endpoints that a word names: by title, host, host and path, or base URL; those of
 * `besides`, which is called so itself, left out.
 */
export function endpointsNamed(
  { models }: Configuration,
  word: string,
  besides?: Provider,
): NamedEndpoint[] {
  const all = models.entries.map(({ baseUrl }) => baseUrl).filter((url) => url !== undefined);
  const found = new Map<string, NamedEndpoint>();
  for (const entry of models.entries) {
    const { baseUrl, protocol } = entry;
    const isOther = besides === undefined || !isOfProvider(entry, besides.id);
    if (baseUrl !== undefined && isOther && isNamed(entry, word)) {
      const key = `${protocol}\n${baseUrl.replace(/\/+$/, "")}`;
      const provider = found.get(key)?.provider ?? providerOfEntry(entry);
      found.set(key, { baseUrl, protocol, provider, name: endpointName(baseUrl, all) });
    }
  }
  return [...found.values()];
}

/** What names the endpoints of entries and no other configured one, each once. */
export function endpointNames(
  { models }: Configuration,
  entries: readonly ModelEntry[],
): readonly string[] {
  const urls = (of: readonly ModelEntry[]): string[] =>
    of.map(({ baseUrl }) => baseUrl).filter((url) => url !== undefined);
  const all = urls(models.entries);
  return [...new Set(urls(entries).map((url) => endpointName(url, all)))];
}

function isNamed(entry: ModelEntry, word: string): boolean {
  return (
    (entry.baseUrl !== undefined && isEndpointNamed(entry.baseUrl, word)) ||
    entryTitle(entry)?.toLowerCase() === word.toLowerCase()
  );
}

function isOfProvider(entry: ModelEntry, id: string): boolean {
  const { baseUrl, protocol } = entry;
  const known = baseUrl === undefined ? undefined : providerOf(baseUrl, protocol)?.provider;
  return (providerOfEntry(entry) ?? known)?.id === id;
}
