import { accountOfKey } from "../../auth/login/account-of-key.ts";
import { isStoredKey, keyInStore, type StoredKey } from "../../auth/login/key-in-store.ts";
import { type NewKey, setKey } from "../../auth/login/set-key.ts";
import { type Connection, loadConnection } from "../../connect/load-connection.ts";
import { tightenOwnFiles } from "../../connect/tighten-own-files.ts";
import { AuthError, EXIT, type ExitCode, UsageError } from "../../errors.ts";
import { readAccountWord, variableOf } from "../../flags/account-word.ts";
import { textOf } from "../../flags/flag.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { type KeyInput, toKeyInput } from "../../flags/key-flags.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { unknownAccount, variableInForce } from "../../models/accounts/chosen-account.ts";
import { canHoldKey } from "../../models/entries/key-variable.ts";
import { keyPlaces } from "../../models/key-places.ts";
import { answered } from "../../prompts/ask-steps.ts";
import { canPrompt } from "../../prompts/can-prompt.ts";
import { readKey } from "../../prompts/read-key.ts";
import type { Runtime } from "../../runtime.ts";
import { keyringReason } from "../../secrets/keyring.ts";
import { readRawSettings } from "../../settings/load-settings.ts";
import { userSettingsPath } from "../../settings/paths.ts";
import { describeSource } from "../../source.ts";
import type { Command } from "../command.ts";
import { report } from "../output/report.ts";

export type SetKeyOptions = GlobalOptions & {
  /** `undefined`: the variable in force. */
  readonly word: string | undefined;
  readonly key: KeyInput | undefined;
  readonly json: boolean;
};

export const setKeyCommand: Command<SetKeyOptions> = {
  details: [
    "Changes it where it is: settings, ~/.qwen/.env, keyring or account. Models and",
    "what is chosen stay as they are. Exit status: 4 when nothing uses that variable.",
  ],
  examples: [
    'printf %s "$KEY" | qwen auth set-key openrouter --key-stdin',
    "qwen auth set-key MY_GATEWAY_KEY --key-file /run/secrets/key",
    "qwen auth set-key openrouter@work",
  ],
  toOptions: (values, globals) => ({
    ...globals,
    word: textOf(values, "variable"),
    key: toKeyInput(values),
    json: values.json === true,
  }),
  run: runSetKey,
};

/**
 * Changes a key and nothing else.
 * @throws AuthError when nothing uses the variable; nothing is asked or written then
 */
export async function runSetKey(runtime: Runtime, options: SetKeyOptions): Promise<ExitCode> {
  await tightenOwnFiles(runtime, options);
  const connection = await loadConnection(runtime, options);
  const target = targetOf(connection, options.word);
  throwIfUnused(connection, target);
  const current = await readRawSettings(userSettingsPath(runtime));
  const stored = await keyInStore(runtime, current, target.envKey);
  const canAsk = await canPrompt(runtime, options);
  const prompt = `Enter the new key for ${target.envKey}:`;
  const key = answered(
    await readKey(runtime, options.key, { prompt, canPrompt: canAsk, noInput: options.noInput }),
  );
  const { wanted, unasked } = await newKeyOf(runtime, connection, { ...target, key, stored });
  const { changed, notes } = await setKey(runtime, wanted);
  const warnings = [...notes, ...unasked, ...(await shadows(runtime, options, wanted))];
  await report(runtime, options, {
    document: {
      schemaVersion: 1,
      envKey: target.envKey,
      ...(wanted.account === undefined ? {} : { account: wanted.account.name }),
      inForce: wanted.inForce !== undefined,
      changed,
      warnings,
    },
    warnings,
    lines: (style) => [
      `${style.green("✓")} ${visibleText(nameOf(wanted))} ${changed ? "has a new key" : "had this key already"}`,
      "  Check it: qwen auth status --verify",
    ],
  });
  return EXIT.ok;
}

type Target = { readonly envKey: string; readonly name: string | undefined };

/** @throws UsageError for a word that is no variable, AuthError when nothing is in force */
function targetOf({ resolution }: Connection, word: string | undefined): Target {
  if (word === undefined) {
    const envKey = variableInForce(resolution);
    if (envKey === undefined) {
      throw new AuthError("Cannot change the key: no variable is in force that holds one", {
        code: "key-missing",
        hint: "name one: `qwen auth set-key PROVIDER`, or set it up with `qwen auth`",
      });
    }
    return { envKey, name: undefined };
  }
  const account = word.includes("@") ? readAccountWord(word, "VARIABLE@NAME") : undefined;
  const envKey = account === undefined ? variableOf(word) : account.envKey;
  if (envKey === undefined || !canHoldKey(envKey)) {
    throw new UsageError(
      "Cannot change the key: the word is no provider with a key, nor a variable",
      {
        code: "invalid-value",
        hint: "write `qwen auth set-key PROVIDER` or `VARIABLE`; a key goes to `--key-stdin`",
      },
    );
  }
  return { envKey, name: account?.name };
}

/**
 * A variable of the shell alone is anybody's: `EDITOR` holds no key because it is set.
 * @throws AuthError when neither an entry, nor what is in force, nor an account has the variable
 */
function throwIfUnused({ configuration, resolution }: Connection, { envKey, name }: Target): void {
  const { accounts, models, variable } = configuration;
  const own = accounts.get(envKey);
  if (name !== undefined) {
    if (own?.has(name) !== true) {
      throw unknownAccount(accounts, name, [envKey]);
    }
    return;
  }
  const isUsed =
    models.entries.some((entry) => entry.envKey === envKey) ||
    (variable(envKey)?.source.kind ?? "env") !== "env" ||
    keyPlaces(configuration, envKey).length > 0 ||
    variableInForce(resolution) === envKey;
  if (!isUsed) {
    throw new AuthError(`Cannot change the key: nothing uses \`${envKey}\``, {
      code: "key-missing",
      hint: "set it up with `qwen auth api-key`; `qwen auth list` shows what there is",
    });
  }
}

type GivenKey = Target & { readonly key: string; readonly stored: StoredKey };

type PlannedKey = {
  readonly wanted: NewKey;
  /** What could not be found out. */
  readonly unasked: readonly string[];
};

/** A renewed key is renewed wherever it is the same: in force, and under its name. */
async function newKeyOf(
  runtime: Runtime,
  { configuration }: Connection,
  { envKey, name, key, stored }: GivenKey,
): Promise<PlannedKey> {
  const { accounts } = configuration;
  const owner =
    name === undefined
      ? await accountOfKey(runtime, accounts, { envKey, key: stored.key })
      : ({ kind: "account", name } as const);
  const account = owner.kind === "account" ? owner.name : undefined;
  const own = account === undefined ? undefined : accounts.get(envKey)?.get(account);
  const isInForce = name === undefined || (await isStoredKey(runtime, { accounts, envKey, name }));
  const wanted: NewKey = {
    envKey,
    key,
    account:
      account === undefined || own === undefined
        ? undefined
        : {
            name: account,
            store: own.key === undefined ? "keyring" : "settings",
            baseUrl: own.baseUrl,
          },
    inForce: isInForce ? stored.store : undefined,
    named: name === undefined ? "variable" : "account",
  };
  const unasked =
    owner.kind === "unknown"
      ? [`accounts in the keyring were not compared: ${keyringReason(owner.cause)}`]
      : [];
  return { wanted, unasked };
}

/** What still wins over the key that was just written. */
async function shadows(
  runtime: Runtime,
  options: SetKeyOptions,
  { envKey, key, inForce }: NewKey,
): Promise<string[]> {
  if (inForce === undefined) {
    return [];
  }
  const { configuration } = await loadConnection(runtime, options);
  const found = configuration.variable(envKey);
  return found === undefined || found.value === key
    ? []
    : [`the key of ${describeSource(found.source)} wins over the one just written`];
}

function nameOf({ envKey, account, inForce }: NewKey): string {
  const name = account === undefined ? envKey : `${envKey}@${account.name}`;
  return inForce === undefined ? `${name} (not in force)` : name;
}
