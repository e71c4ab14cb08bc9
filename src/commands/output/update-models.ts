import {
  applyLists,
  type EntryGroup,
  entryGroups,
  type GroupUpdate,
} from "../../auth/login/update-models.ts";
import { findProvider } from "../../auth/providers/find-provider.ts";
import { isProviderEntry } from "../../auth/providers/provider-entries.ts";
import { loadConnection } from "../../connect/load-connection.ts";
import { type AskedGroup, askForLists } from "../../connect/update-lists.ts";
import { AuthError, EXIT, type ExitCode, type QwenError, UsageError } from "../../errors.ts";
import { variableOf } from "../../flags/account-word.ts";
import { providerNamed } from "../../flags/endpoint-flags.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { throwIfOffline } from "../../flags/verify-flags.ts";
import { hostOf } from "../../lib/endpoint-url.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { homeEndpoint } from "../../models/resolve-endpoint.ts";
import type { Runtime } from "../../runtime.ts";
import { readRawSettings } from "../../settings/load-settings.ts";
import { userSettingsPath } from "../../settings/paths.ts";
import { updateSettings } from "../../settings/update-settings.ts";
import type { Style } from "../../terminal/style.ts";
import { report } from "./report.ts";

export type UpdateOptions = GlobalOptions & {
  readonly json: boolean;
  readonly dryRun: boolean;
  /** A name of the catalogue or a variable; `undefined`: all. */
  readonly provider: string | undefined;
};

/** What an endpoint told, and what became of its entries. */
type Row = {
  readonly group: EntryGroup;
  readonly outcome: AskedGroup["outcome"];
  readonly update: GroupUpdate | undefined;
};

/**
 * Brings the entries of the user's own settings up to what their endpoints list. What one endpoint
 * lacks stops no other.
 * @throws AuthError when there is no entry, or nothing could be asked
 */
export async function updateModels(runtime: Runtime, options: UpdateOptions): Promise<ExitCode> {
  throwIfOffline(runtime, options, "--update");
  // Nothing of a project: it would hide the entries of one's own, and name endpoints.
  const { configuration } = await loadConnection(runtime, { ...options, noProject: true });
  const path = userSettingsPath(runtime);
  const before = await readRawSettings(path);
  const groups = wantedGroups(
    entryGroups(before, (protocol) => homeEndpoint(configuration, protocol)),
    options.provider,
  );
  const asked = await askForLists(runtime, options, { configuration, groups });
  const lists = asked.flatMap(({ group, outcome }) =>
    outcome.kind === "list" ? [{ group, list: outcome.list }] : [],
  );
  let planned = applyLists(before, lists);
  const isChanged = planned.edits.length > 0;
  const saved =
    options.dryRun || !isChanged
      ? { changed: isChanged, notes: [] }
      : await updateSettings(runtime, {
          scope: "user",
          path,
          edits: (current) => {
            planned = applyLists(current, lists);
            return planned.edits;
          },
        });
  const updates = new Map(lists.map(({ group }, index) => [group, planned.updates[index]]));
  const rows = asked.map((each): Row => ({ ...each, update: updates.get(each.group) }));
  const failures = asked.flatMap(({ outcome }) =>
    outcome.kind === "failed" ? [outcome.error] : [],
  );
  await tell(runtime, options, { rows, path, ...saved });
  return worstOf(failures);
}

/** @throws AuthError when there is none, UsageError for a word that is no provider */
function wantedGroups(
  groups: readonly EntryGroup[],
  word: string | undefined,
): readonly EntryGroup[] {
  const wanted = word === undefined ? groups : groups.filter(isMeant(word));
  if (wanted.length === 0) {
    const what = word === undefined ? "your settings have none" : `none is of ${word}`;
    throw new AuthError(`Cannot update the models: ${visibleText(what)}`, {
      code: "not-configured",
      hint: word === undefined ? "run `qwen auth`" : "see what there is: `qwen models`",
    });
  }
  return wanted;
}

function isMeant(word: string): (group: EntryGroup) => boolean {
  const provider = findProvider(word);
  if (provider !== undefined && provider.envKey === undefined) {
    return ({ baseUrl, envKey, ids }) =>
      ids.some((id) =>
        isProviderEntry({ id, name: `[${provider.label}] ${id}`, baseUrl, envKey }, provider),
      );
  }
  const variable = variableOf(word);
  if (variable === undefined) {
    // Says what there is.
    providerNamed(word);
  }
  return ({ envKey }) => envKey === variable;
}

/** An outage is told apart from a key that is not taken. */
function worstOf(failures: readonly QwenError[]): ExitCode {
  const codes = failures.map(({ exitCode }) => exitCode);
  const worst = [EXIT.auth, EXIT.unreachable].find((code) => codes.includes(code));
  return worst ?? codes[0] ?? EXIT.ok;
}

type UpdateReport = {
  readonly rows: readonly Row[];
  readonly path: string;
  readonly changed: boolean;
  readonly notes: readonly string[];
};

async function tell(
  runtime: Runtime,
  options: UpdateOptions,
  { rows, path, changed, notes }: UpdateReport,
): Promise<void> {
  const warnings = [...notes, ...rows.flatMap(warningsOf)];
  await report(runtime, options, {
    document: {
      schemaVersion: 1,
      dryRun: options.dryRun,
      changed,
      path,
      endpoints: rows.map(({ group: { protocol, baseUrl, home, envKey }, outcome, update }) => ({
        protocol,
        baseUrl: baseUrl ?? home,
        ...(envKey === undefined ? {} : { envKey }),
        ...(outcome.kind === "failed"
          ? { error: { code: outcome.error.code, message: outcome.error.message } }
          : { listed: outcome.list.models.length }),
        ...update,
      })),
      warnings,
    },
    warnings,
    lines: (style) => [
      ...rows.flatMap((row) => linesOf(row, style)),
      options.dryRun ? "Nothing was written (`--dry-run`)" : doneLine(path, changed, style),
    ],
  });
}

function doneLine(path: string, changed: boolean, style: Style): string {
  return `${style.green("✓")} ${visibleText(path)} ${changed ? "is up to date" : "was up to date already"}`;
}

function whereOf({ baseUrl, home }: EntryGroup): string {
  return baseUrl ?? home;
}

function linesOf({ group, update }: Row, style: Style): string[] {
  if (update === undefined) {
    return [];
  }
  const { added, gone, back, windows } = update;
  const rows = [
    ...added.map((id) => `  ${style.green("+")} ${visibleText(id)}`),
    ...gone.map(
      (id) => `  ${style.yellow("-")} ${visibleText(id)}  no longer listed: marked, and kept`,
    ),
    ...back.map((id) => `  ${style.green("+")} ${visibleText(id)}  listed again`),
    ...windows.map((id) => `  ${style.dim("~")} ${visibleText(id)}  context window`),
  ];
  return rows.length === 0 ? [] : [visibleText(whereOf(group)), ...rows];
}

function warningsOf({ group, outcome, update }: Row): string[] {
  const where = whereOf(group);
  if (outcome.kind === "failed") {
    return [`${where}: ${outcome.error.message}`];
  }
  const { tooMany, unlisted = [] } = update ?? {};
  const host = hostOf(where);
  return [
    ...(outcome.list.models.length === 0 ? [`${host} lists no model; nothing is marked`] : []),
    ...(outcome.list.isPartial
      ? [`the list of ${host} could not be read to its end; nothing is marked`]
      : []),
    ...(tooMany === undefined
      ? []
      : [`${host} lists ${tooMany} models: none is added; add one with \`qwen auth api-key\``]),
    ...(unlisted.length === 0 ? [] : [`${host} does not list: ${unlisted.join(", ")}`]),
  ];
}

/** @throws UsageError when flags contradict each other */
export function checkUpdateFlags(given: {
  readonly update: boolean;
  readonly remote: boolean;
  readonly dryRun: boolean;
  readonly provider: string | undefined;
  readonly isConnected: boolean;
}): void {
  const { update, remote, dryRun, provider, isConnected } = given;
  const stray = dryRun ? "--dry-run" : provider === undefined ? undefined : "--provider";
  if (!update && stray !== undefined) {
    throw new UsageError(`Cannot use \`${stray}\` without \`--update\``, {
      code: "invalid-value",
      hint: `add \`--update\`, or leave \`${stray}\` out`,
    });
  }
  if (update && (remote || isConnected)) {
    const other = remote ? "`--remote`" : "flags that choose a connection";
    throw new UsageError(`Cannot use \`--update\` and ${other} together`, {
      code: "invalid-value",
      hint: "leave one of the two out",
    });
  }
}
