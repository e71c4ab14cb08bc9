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
  if (provider === undefined) {
    const endpoints = endpointsNamed(configuration, word);
    if (endpoints.length > 1) {
      return { kind: "ambiguous", choices: endpoints.map(({ name }) => name) };
    }
  }
  const own = entries.filter((entry) =>
    provider === undefined ? isNamed(entry, word) : isOfProvider(entry, provider.id),
  );
  const chosen = own.find((entry) => entry === active) ?? own[0];
  return chosen === undefined ? { kind: "unknown" } : { kind: "entry", entry: chosen };
}

export type NamedEndpoint = {
  readonly baseUrl: string;
  readonly protocol: ModelEntry["protocol"];
  /** What names it and no other configured endpoint. */
  readonly name: string;
};

/** The configured endpoints that a word names: by title, host, host and path, or base URL. */
export function endpointsNamed({ models }: Configuration, word: string): NamedEndpoint[] {
  const all = models.entries.map(({ baseUrl }) => baseUrl).filter((url) => url !== undefined);
  const found = new Map<string, NamedEndpoint>();
  for (const entry of models.entries) {
    const { baseUrl, protocol } = entry;
    if (baseUrl !== undefined && isNamed(entry, word)) {
      const key = `${protocol}\n${baseUrl.replace(/\/+$/, "")}`;
      found.set(key, { baseUrl, protocol, name: endpointName(baseUrl, all) });
    }
  }
  return [...found.values()];
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
