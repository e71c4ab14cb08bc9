import { normalEndpoint, sameEndpoint } from "../../lib/endpoint-url.ts";
import type { Configuration } from "../configuration.ts";
import type { Protocol } from "../protocol.ts";
import type { ModelEntry } from "./model-entries.ts";

/** The entries of a protocol among those that a word means. */
export function matchEntries(
  configuration: Pick<Configuration, "models">,
  protocol: Protocol,
  word: string,
): readonly ModelEntry[] {
  return meantEntries(configuration, word).filter((entry) => entry.protocol === protocol);
}

/** What of an entry words go by. */
type NamedEntry = Pick<ModelEntry, "id" | "name" | "baseUrl" | "envKey">;

/**
 * The entries that a word means (`spec/cli.md`, `auth switch`): an id; where no id is spelt so,
 * `id@` and the host, host and path, or URL of its endpoint, or the variable of its key; else the
 * name of an entry.
 */
export function meantEntries<Entry extends NamedEntry>(
  { models: { entries } }: { readonly models: { readonly entries: readonly Entry[] } },
  word: string,
): readonly Entry[] {
  const exact = entries.filter(({ id }) => id === word);
  if (exact.length > 0) {
    return exact;
  }
  const qualified = entries.filter(
    (entry) => word.startsWith(`${entry.id}@`) && isAt(entry, word.slice(entry.id.length + 1)),
  );
  return qualified.length > 0 ? qualified : entries.filter(({ name }) => name === word);
}

function isAt({ baseUrl, envKey }: NamedEntry, place: string): boolean {
  return envKey === place || (baseUrl !== undefined && isEndpointNamed(baseUrl, place));
}

/** Whether a word is the host, host and path, or URL of an endpoint. */
export function isEndpointNamed(baseUrl: string, word: string): boolean {
  const url = URL.parse(baseUrl);
  return (
    sameEndpoint(baseUrl, word) ||
    (url !== null && (url.host === word || withPath(url) === word.replace(/\/+$/, "")))
  );
}

/** The shortest way to name an endpoint that is unlike those of the others. */
export function endpointName(baseUrl: string, others: readonly string[]): string {
  return endpointNamer(others)(baseUrl);
}

/** The same for many endpoints: the others are looked through once. */
export function endpointNamer(others: readonly string[]): (baseUrl: string) => string {
  const named = new Map<string, Set<string>>();
  for (const other of new Set(others)) {
    for (const name of namesOf(other)) {
      const endpoints = named.get(name) ?? new Set();
      named.set(name, endpoints.add(normalEndpoint(other)));
    }
  }
  return (baseUrl) => {
    const own = normalEndpoint(baseUrl);
    const isFree = (name: string): boolean => {
      const endpoints = named.get(name) ?? new Set();
      return endpoints.size === 0 || (endpoints.size === 1 && endpoints.has(own));
    };
    return namesOf(baseUrl).find(isFree) ?? baseUrl;
  };
}

/** What an endpoint may be called in short. */
function namesOf(baseUrl: string): string[] {
  const url = URL.parse(baseUrl);
  return url === null ? [] : [url.host, withPath(url)];
}

function withPath({ host, pathname }: URL): string {
  return `${host}${pathname.replace(/\/+$/, "")}`;
}

/** What tells entries apart, each once: true duplicates have one word for both. */
export function qualifiedIds(
  entries: readonly ModelEntry[],
  among: readonly ModelEntry[],
): readonly string[] {
  return [...new Set(entries.map((entry) => qualifiedId(entry, among)))];
}

/** `id@host`, or longer, so that it means this entry and no other of the same id. */
export function qualifiedId(entry: ModelEntry, entries: readonly ModelEntry[]): string {
  const { id, baseUrl, envKey } = entry;
  const same = entries.filter((other) => other.id === id);
  const urls = same.map((other) => other.baseUrl ?? "");
  const isTwice = urls.filter((url) => sameEndpoint(url, baseUrl)).length > 1;
  const isPlaceless = baseUrl === undefined && same.length > 1;
  if ((isTwice || isPlaceless) && envKey !== undefined) {
    return `${id}@${envKey}`;
  }
  return baseUrl === undefined ? id : `${id}@${endpointName(baseUrl, urls)}`;
}

/**
 * What a login or a person called the endpoint of an entry: the part in brackets before its id
 * (`[Our vLLM] qwen3`).
 */
export function entryTitle({ name, id }: Pick<ModelEntry, "name" | "id">): string | undefined {
  const suffix = `] ${id}`;
  return name?.startsWith("[") === true && name.endsWith(suffix)
    ? name.slice(1, -suffix.length) || undefined
    : undefined;
}

/** What an entry is called beside its id: its title, or its whole name; `undefined`: nothing more. */
export function shownName(entry: Pick<ModelEntry, "name" | "id">): string | undefined {
  return entry.name === entry.id ? undefined : (entryTitle(entry) ?? entry.name);
}
