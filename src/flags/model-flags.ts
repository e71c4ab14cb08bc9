import { findModel } from "../auth/find-model.ts";
import { providerOfEntry } from "../auth/providers/catalogue.ts";
import { findProvider, setUpCommand } from "../auth/providers/find-provider.ts";
import { UsageError } from "../errors.ts";
import type { Configuration } from "../models/configuration.ts";
import { entryTitle, qualifiedId } from "../models/entries/match-entries.ts";
import type { ModelEntry } from "../models/entries/model-entries.ts";
import { modelIdsComplaint } from "../models/entries/model-ids.ts";
import type { Resolution } from "../models/resolution.ts";
import { looksLikeKey } from "../secrets/looks-like-key.ts";

/**
 * The ids that a flag names, each once.
 * @throws UsageError when it names none, or one with white space or control characters
 */
export function checkedModels(
  ids: readonly string[] | undefined,
  flag: string,
): readonly string[] | undefined {
  const reason = ids === undefined ? undefined : modelIdsComplaint(ids);
  if (reason !== undefined) {
    throw new UsageError(`Cannot use \`${flag}\`: ${reason}`, {
      code: "invalid-value",
      hint: `write ids as the service spells them, such as \`${flag} qwen3.5-plus,glm-5\``,
    });
  }
  return ids && [...new Set(ids)];
}

export function modelNamed(
  configuration: Configuration,
  resolution: Resolution,
  word: string,
): ModelEntry {
  const found = findModel(configuration, resolution, word);
  switch (found.kind) {
    case "entry":
      return found.entry;
    case "ambiguous":
      throw new UsageError(`Cannot switch to ${shownWord(word)}: several are called so`, {
        code: "invalid-value",
        hint: `choose ${[...new Set(found.choices)].join(" or ")}`,
      });
    case "unknown":
      throw unknownModel(configuration, resolution, word);
  }
}

/** Why a word is no model that can be switched to, with what was probably meant. */
function unknownModel(
  configuration: Configuration,
  resolution: Resolution,
  word: string,
): UsageError {
  const [first = word, ...behind] = word.trim().split(/\s+/);
  if (behind.length > 0 && findModel(configuration, resolution, first).kind !== "unknown") {
    return new UsageError(`Cannot switch to ${shownWord(word)}: it is more than a model's name`, {
      code: "invalid-value",
      hint: `name ${shownWord(first)} alone, and send the rest as a message of its own`,
    });
  }
  const { entries } = configuration.models;
  const ids = entries.map(({ id }) => id);
  const isShared = (id: string): boolean => ids.indexOf(id) !== ids.lastIndexOf(id);
  const own = entries.map((entry) => (isShared(entry.id) ? qualifiedId(entry, entries) : entry.id));
  const known = [...new Set(own)];
  const listed = known.length > 12 ? [...known.slice(0, 12), "…"] : known;
  // A name that a login made has its provider's in it, which is one of the words already.
  const names = entries.map((entry) => (entryTitle(entry) === undefined ? entry.name : undefined));
  const words = [...ids, ...names, ...providersOf(configuration)];
  const from = [...new Set(words.filter((each) => each !== undefined))];
  return new UsageError(
    `Cannot switch to ${shownWord(word)}: no such model or provider is configured`,
    {
      code: "invalid-value",
      hint: unknownHint(configuration, word, listed),
      suggest: { word, from },
    },
  );
}

/** A provider of the catalogue that is not set up yet is an easy step away. */
function unknownHint(
  configuration: Configuration,
  word: string,
  listed: readonly string[],
): string {
  const provider = findProvider(word);
  if (provider !== undefined) {
    return `run \`${setUpCommand({ provider })}\` to set it up`;
  }
  const choose = listed.length === 0 ? "run `qwen auth`" : `choose one of ${listed.join(", ")}`;
  return isRoutersId(word)
    ? `${choose}; or add it: \`qwen auth api-key --provider ${routerOf(configuration)} --model ${word}\``
    : choose;
}

/** `vendor/model`, as services call models that pass questions on to many vendors. */
export function isRoutersId(word: string): boolean {
  return /^[\w.-]+\/[\w.-]+(?::[\w.-]+)?$/.test(word) && !word.split(/[/:]/).some(looksLikeKey);
}

/** Providers of the catalogue that have models of many vendors, called `vendor/model`. */
export const ROUTERS: readonly string[] = [
  "openrouter",
  "requesty",
  "modelscope",
  "siliconflow",
  "together",
  "nvidia",
  "github-models",
];

/** The one that is set up already, else the one with most vendors. */
function routerOf(configuration: Configuration): string {
  return providersOf(configuration).find((id) => ROUTERS.includes(id)) ?? "openrouter";
}

/** Names of the catalogue that have a configured model. */
function providersOf({ models }: Configuration): string[] {
  const ids = models.entries.map((entry) => providerOfEntry(entry)?.id);
  return [...new Set(ids.filter((id) => id !== undefined))];
}

/** A key that stands where a model belongs is not repeated. */
function shownWord(word: string): string {
  return looksLikeKey(word) ? "this" : `"${word}"`;
}
