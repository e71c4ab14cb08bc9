import { activeAccount } from "../../auth/describe-accounts.ts";
import { CATALOGUE } from "../../auth/providers/catalogue.ts";
import { PROVIDERS } from "../../auth/providers/providers.ts";
import type { Connection } from "../../connect/load-connection.ts";
import { UsageError } from "../../errors.ts";
import { readAccountWord } from "../../flags/account-word.ts";
import { sameEndpoint } from "../../lib/endpoint-url.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { unknownAccount, variableInForce } from "../../models/accounts/chosen-account.ts";
import type { Configuration } from "../../models/configuration.ts";
import type { AccountChoice, ConnectionFlags } from "../../models/connection-flags.ts";
import type { ModelEntry } from "../../models/entries/model-entries.ts";
import { resolveConnection, resolveEntry } from "../../models/resolve-connection.ts";
import type { Group, Runtime } from "../../runtime.ts";
import { maskKey } from "../../secrets/mask.ts";

type Choice = {
  /** `NAME`, `PROVIDER@NAME` or `VARIABLE@NAME`; `undefined`: asked for. */
  readonly word: string | undefined;
  readonly connection: Connection;
  /** What the command line says of the connection. */
  readonly flags: ConnectionFlags;
};

export type ChosenForSession = {
  readonly connection: Connection;
  readonly account: AccountChoice;
};

/**
 * Another account for a session, which is written nowhere (`spec/accounts.md`); `undefined`: the
 * list was left.
 * @throws UsageError for no name of an account, AuthError when there is none of that name
 */
export async function chooseAccount(
  runtime: Pick<Runtime, "prompter">,
  { word, connection, flags }: Choice,
): Promise<ChosenForSession | undefined> {
  const { configuration, resolution } = connection;
  const inForce = variableInForce(resolution);
  const chosen = word ?? (await askForAccount(runtime, connection));
  if (chosen === undefined) {
    return undefined;
  }
  const { name, envKey = inForce } = readAccountWord(chosen, "/account");
  const account = envKey === undefined ? undefined : configuration.accounts.get(envKey)?.get(name);
  if (envKey === undefined || account === undefined) {
    throw unknownAccount(configuration.accounts, name, envKey === undefined ? [] : [envKey]);
  }
  const choice: AccountChoice = { name, envKey, from: "/account" };
  const entry =
    envKey === inForce ? resolution.entry : entryOf(configuration, envKey, account.baseUrl);
  if (entry === undefined && envKey !== inForce) {
    throw new UsageError(`Cannot use the account "${name}": no model uses \`${envKey}\``, {
      code: "missing-input",
      hint: "type /auth to set one up",
    });
  }
  const resolved =
    entry === undefined
      ? resolveConnection(configuration, { ...flags, account: choice }, CATALOGUE)
      : resolveEntry(configuration, entry, CATALOGUE, choice);
  return { connection: { configuration, resolution: resolved }, account: choice };
}

/** What Tab offers: names of the variable in force, and all with what they belong to. */
export function accountWords({ configuration, resolution }: Connection): string[] {
  const inForce = variableInForce(resolution);
  return [...configuration.accounts].flatMap(([envKey, own]) =>
    [...own.keys()].map((name) => (envKey === inForce ? name : `${ownerOf(envKey)}@${name}`)),
  );
}

/** The catalogue's name of a variable, or the variable. */
function ownerOf(envKey: string): string {
  return PROVIDERS.find((provider) => provider.envKey === envKey)?.id ?? envKey;
}

function entryOf(
  { models }: Configuration,
  envKey: string,
  baseUrl: string | undefined,
): ModelEntry | undefined {
  const own = models.entries.filter((entry) => entry.envKey === envKey);
  const there = own.find((entry) => baseUrl !== undefined && sameEndpoint(entry.baseUrl, baseUrl));
  return there ?? own[0];
}

async function askForAccount(
  { prompter }: Pick<Runtime, "prompter">,
  connection: Connection,
): Promise<string | undefined> {
  const groups = groupsOf(connection);
  if (groups.length === 0) {
    throw new UsageError("Cannot choose an account: no key has a name", {
      code: "missing-input",
      hint: "name one: `qwen auth api-key --account NAME`",
    });
  }
  const { configuration, resolution } = connection;
  const active = activeAccount(configuration.accounts, resolution.key);
  const answer = await prompter.pick({
    message: "Select an account:",
    groups,
    ...(active === undefined ? {} : { initial: `${variableInForce(resolution)}@${active}` }),
  });
  return answer.kind === "value" ? answer.value : undefined;
}

/** The variable in force first; those that no model uses are left out. */
function groupsOf({ configuration, resolution }: Connection): Group<string>[] {
  const inForce = variableInForce(resolution);
  const active = activeAccount(configuration.accounts, resolution.key);
  const isUsed = (envKey: string): boolean =>
    envKey === inForce || configuration.models.entries.some((entry) => entry.envKey === envKey);
  const used = [...configuration.accounts].filter(
    ([envKey, own]) => own.size > 0 && isUsed(envKey),
  );
  const groups = used.map(([envKey, own]) => ({
    envKey,
    heading: PROVIDERS.find((provider) => provider.envKey === envKey)?.label ?? envKey,
    choices: [...own].map(([name, { key, baseUrl }]) => ({
      value: `${envKey}@${name}`,
      label: name,
      description: visibleText(
        [
          key === undefined ? "in the keyring" : maskKey(key),
          baseUrl,
          envKey === inForce && name === active ? "active" : undefined,
        ]
          .filter((part) => part !== undefined)
          .join(" · "),
      ),
    })),
  }));
  const first = groups.filter(({ envKey }) => envKey === inForce);
  const others = groups.filter(({ envKey }) => envKey !== inForce);
  return [...first, ...others].map(({ heading, choices }) => ({ heading, choices }));
}
