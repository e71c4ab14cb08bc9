import { describeModels, type ModelRow } from "../../auth/describe-models.ts";
import { findModel } from "../../auth/find-model.ts";
import { providerOfEntry } from "../../auth/providers/catalogue.ts";
import type { Connection } from "../../connect/load-connection.ts";
import { UsageError } from "../../errors.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { modelNamed } from "../../flags/model-flags.ts";
import { hostOf } from "../../lib/endpoint-url.ts";
import { formatTokens } from "../../lib/format-tokens.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { shownName } from "../../models/entries/match-entries.ts";
import type { ModelEntry } from "../../models/entries/model-entries.ts";
import { PROTOCOLS } from "../../models/protocol.ts";
import type { ListedModel } from "../../protocols/listed-model.ts";
import type { Group, Runtime } from "../../runtime.ts";
import { makeDefault } from "../auth/switch.ts";
import { listedModels, modelBeside, unlistedModel } from "./unlisted-model.ts";

type Choice = {
  /** An id, `id@host` or a provider; `undefined`: asked for. */
  readonly word: string | undefined;
  readonly connection: Connection;
};

/**
 * Another model for the session, kept for later ones where that makes sense outside of this
 * project; `undefined`: the list was left.
 * @throws UsageError when there is no such model
 */
export async function chooseModel(
  runtime: Runtime,
  options: GlobalOptions,
  { word, connection }: Choice,
): Promise<ModelEntry | undefined> {
  const entry =
    word === undefined
      ? await askForEntry(runtime, connection)
      : entryNamed(runtime, connection, word);
  if (entry !== undefined) {
    await keep(runtime, options, connection, entry);
  }
  return entry;
}

/**
 * The entry that a word means, or one for a model that no entry has (`unlistedModel`).
 * @throws UsageError when there is no such model
 */
export function entryNamed(runtime: Runtime, connection: Connection, word: string): ModelEntry {
  const { configuration, resolution } = connection;
  const isUnknown = findModel(configuration, resolution, word).kind === "unknown";
  const unlisted = isUnknown ? unlistedModel(runtime, connection, word) : undefined;
  return unlisted ?? modelNamed(configuration, resolution, word);
}

/** A model that only the project's files have, or no file, is the session's alone. */
async function keep(
  runtime: Runtime,
  options: GlobalOptions,
  { configuration }: Connection,
  entry: ModelEntry,
): Promise<void> {
  if (!configuration.models.entries.includes(entry)) {
    const provider = providerOfEntry(entry)?.id;
    const id = visibleText(entry.id);
    const said =
      provider === undefined
        ? `not kept for later sessions: "${id}" is not in your settings`
        : `not kept for later sessions: "${id}" is not in your settings; \`qwen auth api-key --provider ${provider} --model ${id}\` adds it`;
    await runtime.stderr.write(`${said}\n`);
    return;
  }
  try {
    const write = { ...options, quiet: true, scope: "user", json: false } as const;
    await makeDefault(runtime, write, { configuration, entry });
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    await runtime.stderr.write(`not kept for later sessions: ${visibleText(error.message)}\n`);
  }
}

async function askForEntry(
  runtime: Runtime,
  connection: Connection,
): Promise<ModelEntry | undefined> {
  const { configuration, resolution } = connection;
  const { entries } = configuration.models;
  if (entries.length === 0) {
    throw new UsageError("Cannot choose a model: none is configured", {
      code: "missing-input",
      hint: "type /auth to set one up",
    });
  }
  const rows = describeModels(configuration, resolution);
  const active = rows.findIndex((row) => row.active);
  const { entry } = resolution;
  const listed = entry === undefined ? [] : listedModels(runtime, connection);
  const answer = await runtime.prompter.pick({
    message: "Select a model:",
    groups: [...groupsOf(rows), ...listedGroup(connection, listed, rows.length)],
    ...(active === -1 ? {} : { initial: String(active) }),
  });
  if (answer.kind !== "value") {
    return undefined;
  }
  const place = Number(answer.value);
  const model = listed[place - rows.length];
  return model === undefined || entry === undefined ? entries[place] : modelBeside(entry, model);
}

/** What the endpoint listed beside that; its places begin at `first`, behind those of the rows. */
function listedGroup(
  { resolution }: Connection,
  listed: readonly ListedModel[],
  first: number,
): Group<string>[] {
  const host = hostOf(resolution.endpoint?.value ?? "");
  const choices = listed.map(({ id, name, contextWindow }, index) => {
    const parts = [name, contextWindow === undefined ? undefined : formatTokens(contextWindow)];
    return {
      value: String(first + index),
      label: visibleText(id),
      description: visibleText(parts.filter((part) => part !== undefined).join(" · ")),
    };
  });
  return listed.length === 0 ? [] : [{ heading: `listed by ${host}, not configured`, choices }];
}

/** A group for each protocol that has models; a choice is the place of its entry. */
function groupsOf(rows: readonly ModelRow[]): Group<string>[] {
  return PROTOCOLS.map((protocol) => ({
    heading: protocol,
    choices: rows.flatMap((row, index) =>
      row.protocol === protocol ? [{ value: String(index), ...describe(row) }] : [],
    ),
  })).filter(({ choices }) => choices.length > 0);
}

function describe(row: ModelRow): { label: string; description: string } {
  const { id, name, contextWindow, baseUrl, keyPresent, active, delisted } = row;
  const parts = [
    shownName({ name, id }),
    contextWindow === undefined ? undefined : formatTokens(contextWindow),
    baseUrl,
    keyPresent ? undefined : "no key",
    delisted === true ? "no longer listed" : undefined,
    active ? "active" : undefined,
  ];
  return {
    label: visibleText(id),
    description: visibleText(parts.filter((part) => part !== undefined).join(" · ")),
  };
}
