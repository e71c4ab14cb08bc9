import { describeModels, type ModelRow } from "../../auth/describe-models.ts";
import { CATALOGUE } from "../../auth/providers/catalogue.ts";
import type { Connection } from "../../connect/load-connection.ts";
import { UsageError } from "../../errors.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { modelNamed } from "../../flags/model-flags.ts";
import { formatTokens } from "../../lib/format-tokens.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { shownName } from "../../models/entries/match-entries.ts";
import type { ModelEntry } from "../../models/entries/model-entries.ts";
import { PROTOCOLS } from "../../models/protocol.ts";
import { resolveEntry } from "../../models/resolve-connection.ts";
import type { Group, Runtime } from "../../runtime.ts";
import { makeDefault } from "../auth/switch.ts";

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
): Promise<Connection | undefined> {
  const { configuration, resolution } = connection;
  const entry =
    word === undefined
      ? await askForEntry(runtime, connection)
      : modelNamed(configuration, resolution, word);
  if (entry === undefined) {
    return undefined;
  }
  await keep(runtime, options, connection, entry);
  return { configuration, resolution: resolveEntry(configuration, entry, CATALOGUE) };
}

/** A model that only the project's files have is the session's alone. */
async function keep(
  runtime: Runtime,
  options: GlobalOptions,
  { configuration }: Connection,
  entry: ModelEntry,
): Promise<void> {
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
  runtime: Pick<Runtime, "prompter">,
  { configuration, resolution }: Connection,
): Promise<ModelEntry | undefined> {
  const { entries } = configuration.models;
  if (entries.length === 0) {
    throw new UsageError("Cannot choose a model: none is configured", {
      code: "missing-input",
      hint: "type /auth to set one up",
    });
  }
  const rows = describeModels(configuration, resolution);
  const active = rows.findIndex((row) => row.active);
  const answer = await runtime.prompter.pick({
    message: "Select a model:",
    groups: groupsOf(rows),
    ...(active === -1 ? {} : { initial: String(active) }),
  });
  return answer.kind === "value" ? entries[Number(answer.value)] : undefined;
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
