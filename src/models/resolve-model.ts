import { ConfigError } from "../errors.ts";
import { sameEndpoint, shownEndpoint } from "../lib/endpoint-url.ts";
import { withoutQuotes } from "../lib/without-quotes.ts";
import { mergeSettings } from "../settings/merge-settings.ts";
import { findText } from "../settings/settings-layer.ts";
import type { Sourced } from "../source.ts";
import type { Configuration } from "./configuration.ts";
import type { ConnectionFlags } from "./connection-flags.ts";
import { requestedModel, withoutRuntime } from "./connection-flags.ts";
import { matchEntries, qualifiedIds } from "./entries/match-entries.ts";
import {
  entryIdentity,
  type ModelEntry,
  modelEntries,
  type UnfitEntry,
} from "./entries/model-entries.ts";
import { throwIfUnfit, unfitEntry } from "./entries/unfit-entries.ts";
import { PROTOCOLS, type Protocol, STANDARD } from "./protocol.ts";

export type ResolvedModel = {
  readonly model: Sourced<string> | undefined;
  /** The entry whose endpoint and key are used; none: the environment's connection. */
  readonly entry: ModelEntry | undefined;
  readonly warnings: readonly string[];
  /** `--model` that no entry has: the entry's endpoint is asked for it as it is. */
  readonly isUnconfigured?: true;
  /** A model that a variable names, and none of the entries that there are. */
  readonly unlisted?: Sourced<string>;
};

/**
 * Chooses the model of a protocol and the entry that says how to reach it: `--model`,
 * `model.name`, the protocol's variables, the first entry (`spec/settings-and-env.md`).
 * @throws ConfigError when `model.name` matches no entry while the protocol has some, or when the
 *   entry that it names is broken
 */
export function resolveModel(
  configuration: Configuration,
  protocol: Protocol,
  flags: ConnectionFlags,
): ResolvedModel {
  const requested = requestedModel(configuration, flags);
  if (requested !== undefined) {
    const matches = matchEntries(configuration, protocol, requested.value);
    if (matches.length > 0 || !isOfAnotherProtocol(configuration, requested)) {
      return fromRequest(configuration, protocol, { requested, matches });
    }
  }
  const named = environmentModel(configuration, protocol);
  const entries = entriesOf(configuration, protocol);
  if (named !== undefined) {
    const match = pick(configuration, matchEntries(configuration, protocol, named.value), named);
    const unlisted = entries.length === 0 ? {} : { unlisted: named };
    if (match === undefined && !isShellConnected(configuration, protocol)) {
      throwIfUnfit(configuration, named.value, [protocol]);
    }
    return match ?? { model: named, entry: undefined, warnings: [], ...unlisted };
  }
  const [first] = entries;
  const broken = brokenOf(configuration).find((entry) => entry.protocol === protocol);
  if (first === undefined && broken !== undefined) {
    throw unfitEntry(broken);
  }
  return first === undefined
    ? { model: undefined, entry: undefined, warnings: [] }
    : { model: modelOf(first), entry: first, warnings: [] };
}

type RequestedModel = {
  readonly requested: Sourced<string>;
  readonly matches: readonly ModelEntry[];
};

function fromRequest(
  configuration: Configuration,
  protocol: Protocol,
  { requested, matches }: RequestedModel,
): ResolvedModel {
  const match = pick(configuration, matches, requested);
  if (match !== undefined) {
    return match;
  }
  const isTyped = requested.source.kind === "flag";
  throwIfUnfit(configuration, requested.value, isTyped ? [protocol] : PROTOCOLS);
  const hasNone = entriesOf(configuration, protocol).length === 0;
  if (hasNone || isShellConnected(configuration, protocol)) {
    return { model: requested, entry: undefined, warnings: [] };
  }
  throwIfUnfit(configuration, requested.value, PROTOCOLS);
  if (!isTyped) {
    const instead = insteadOfHidden(configuration, protocol, requested);
    if (instead === undefined) {
      throw unknownModel(configuration, protocol, requested);
    }
    return instead;
  }
  const { entry, warnings } = defaultEntry(configuration, protocol);
  return { model: requested, entry, warnings, isUnconfigured: true };
}

/**
 * Whose connection a model that nobody configured is asked over: that of the selected entry, or of
 * the first one where `model.name` is of none, so that a flag is a way past a name that is wrong.
 */
function defaultEntry(
  configuration: Configuration,
  protocol: Protocol,
): Pick<ResolvedModel, "entry" | "warnings"> {
  const selected = requestedModel(configuration, {});
  const isLost =
    selected !== undefined &&
    matchEntries(configuration, protocol, selected.value).length === 0 &&
    !isOfAnotherProtocol(configuration, selected);
  return isLost
    ? { entry: entriesOf(configuration, protocol)[0], warnings: [] }
    : resolveModel(configuration, protocol, {});
}

/** Whether the shell names both key and endpoint: a model without an entry is asked there. */
function isShellConnected({ variable }: Configuration, protocol: Protocol): boolean {
  const isInShell = (name: string): boolean => {
    const kind = variable(name)?.source.kind;
    return kind === "env" || kind === "file";
  };
  const { keys, baseUrls } = STANDARD[protocol];
  return keys.some(isInShell) && baseUrls.some(isInShell);
}

/** `model.name` while a flag asks for another protocol than the one that has it. */
function isOfAnotherProtocol(
  configuration: Configuration,
  { value, source }: Sourced<string>,
): boolean {
  return (
    source.kind !== "flag" &&
    PROTOCOLS.some((protocol) => matchEntries(configuration, protocol, value).length > 0)
  );
}

/** Among entries with the same id: what `model.baseUrl` picks, the selected one, the first. */
function pick(
  configuration: Configuration,
  matches: readonly ModelEntry[],
  requested: Sourced<string>,
): ResolvedModel | undefined {
  const [first] = matches;
  if (first === undefined) {
    return undefined;
  }
  const { layers } = configuration;
  const isSelected = findText(layers, ["model", "name"])?.value === requested.value;
  const wanted = isSelected ? findText(layers, ["model", "baseUrl"])?.value : undefined;
  const byBaseUrl =
    wanted === undefined
      ? undefined
      : matches.find(({ baseUrl }) => baseUrl !== undefined && sameEndpoint(baseUrl, wanted));
  const chosen = byBaseUrl ?? selectedAmong(configuration, matches);
  const isAmbiguous = chosen === undefined && new Set(matches.map(entryIdentity)).size > 1;
  const entry = chosen ?? first;
  return {
    model: { ...requested, value: entry.id },
    entry,
    warnings: isAmbiguous
      ? [
          `"${entry.id}" is configured for several endpoints; ${shownEndpoint(entry.baseUrl) ?? "the first"} is used; ` +
            `choose one with ${qualifiedIds(matches, matches)
              .map((id) => `\`${id}\``)
              .join(" or ")}`,
        ]
      : [],
  };
}

/** The one entry that `model.name` means, `id@host` included, if it is among `matches`. */
function selectedAmong(
  configuration: Configuration,
  matches: readonly ModelEntry[],
): ModelEntry | undefined {
  const [first] = matches;
  const name = requestedModel(configuration, {})?.value;
  if (first === undefined || name === undefined) {
    return undefined;
  }
  const selected = matchEntries(configuration, first.protocol, name);
  return selected.length === 1 ? matches.find((entry) => selected.includes(entry)) : undefined;
}

function entriesOf(
  { models }: Pick<Configuration, "models">,
  protocol: Protocol,
): readonly ModelEntry[] {
  return models.entries.filter((entry) => entry.protocol === protocol);
}

function environmentModel(
  { variable }: Configuration,
  protocol: Protocol,
): Sourced<string> | undefined {
  for (const name of STANDARD[protocol].models) {
    const found = variable(name);
    const value = found && withoutRuntime(withoutQuotes(found.value) ?? found.value);
    if (found !== undefined && value !== undefined) {
      return { ...found, value };
    }
  }
  return undefined;
}

function modelOf(entry: ModelEntry): Sourced<string> {
  return { value: entry.id, source: entry.sourceOf("id"), shadowed: [] };
}

/** Entries that are wrong; those that only answer no chat stop nothing. */
function brokenOf({ models }: Pick<Configuration, "models">): readonly UnfitEntry[] {
  return models.unfit.filter(({ kind }) => kind === "broken");
}

/**
 * A `model.name` that is right in its file, but whose entry the list of a higher scope hides: that
 * list's first entry serves, or a repository would lock its user out.
 */
function insteadOfHidden(
  configuration: Configuration,
  protocol: Protocol,
  requested: Sourced<string>,
): ResolvedModel | undefined {
  const { layers } = configuration;
  const [first] = entriesOf(configuration, protocol);
  if (first === undefined) {
    return undefined;
  }
  const list = first.sourceOf();
  const below = layers.slice(
    0,
    layers.findIndex(({ scope }) => scope === list.scope),
  );
  if (!below.some(({ scope }) => scope === requested.source.scope)) {
    return undefined;
  }
  const models = modelEntries(below, mergeSettings(below.map(({ value }) => value)));
  const isThere =
    matchEntries({ models }, protocol, requested.value).length > 0 ||
    models.unfit.some(({ id }) => id === requested.value);
  if (!isThere) {
    return undefined;
  }
  const remedy = list.scope === "project" ? "; `--no-project` leaves that file out" : "";
  return {
    model: { ...modelOf(first), shadowed: [requested.source, ...requested.shadowed] },
    entry: first,
    warnings: [
      `"${requested.value}" of \`${requested.source.path}\` is hidden: \`${list.path}\` has its own ` +
        `\`modelProviders.${protocol}\`; "${first.id}" is used${remedy}`,
    ],
  };
}

function unknownModel(
  { models }: Configuration,
  protocol: Protocol,
  requested: Sourced<string>,
): ConfigError {
  const known = [...new Set(models.entries.map(({ id }) => id))];
  const shown = known.length > 12 ? [...known.slice(0, 12), "…"] : known;
  const orNone = requested.source.scope === "project" ? ", or add `--no-project`" : "";
  return new ConfigError(
    `Cannot find the model "${requested.value}" of \`${requested.source.path}\` in \`modelProviders.${protocol}\``,
    {
      code: "unknown-model",
      hint: `set \`model.name\` to one of: ${shown.join(", ")}${orNone}`,
      suggest: { word: requested.value, from: known },
    },
  );
}
