import { reasonOf } from "../../auth/connection-problem.ts";
import { accountLogin, type NamedAccount } from "../../auth/login/account-login.ts";
import { envFileEdits, storedInDotenv } from "../../auth/login/env-file-logins.ts";
import { saveLogin } from "../../auth/login/save-login.ts";
import { applySwitch, throwIfElsewhere, throwIfSecond } from "../../auth/login/switch-model.ts";
import { CATALOGUE } from "../../auth/providers/catalogue.ts";
import { findProvider } from "../../auth/providers/find-provider.ts";
import { loadConnection } from "../../connect/load-connection.ts";
import { shadowWarnings } from "../../connect/shadow-warnings.ts";
import { tightenOwnFiles } from "../../connect/tighten-own-files.ts";
import { EXIT, type ExitCode, UsageError } from "../../errors.ts";
import { variableOf } from "../../flags/account-word.ts";
import { type FlagValues, textOf } from "../../flags/flag.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { toScope } from "../../flags/login-flags.ts";
import { modelNamed } from "../../flags/model-flags.ts";
import { shownEndpoint } from "../../lib/endpoint-url.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { unknownAccount } from "../../models/accounts/chosen-account.ts";
import type { Configuration } from "../../models/configuration.ts";
import { meantEntries } from "../../models/entries/match-entries.ts";
import type { ModelEntry } from "../../models/entries/model-entries.ts";
import type { Resolution } from "../../models/resolution.ts";
import { resolveEntry } from "../../models/resolve-connection.ts";
import { answered } from "../../prompts/ask-steps.ts";
import { canPrompt, whyNotAsked } from "../../prompts/can-prompt.ts";
import type { Runtime } from "../../runtime.ts";
import { settingsPath } from "../../settings/paths.ts";
import { updateSettings } from "../../settings/update-settings.ts";
import type { Command } from "../command.ts";
import { report } from "../output/report.ts";

export type SwitchOptions = GlobalOptions & {
  /** A model's id, `id@host`, or a provider; `undefined`: asked for. */
  readonly word: string | undefined;
  readonly scope: "user" | "project";
  readonly json: boolean;
};

export const switchCommand: Command<SwitchOptions> = {
  details: [
    "Makes another configured model the default, or puts another account in force;",
    "without a word it asks for a model.",
  ],
  examples: [
    "qwen auth switch glm-5",
    "qwen auth switch glm-5@dashscope.aliyuncs.com",
    "qwen auth switch deepseek",
    "qwen auth switch openrouter@work",
  ],
  toOptions,
  run: runSwitch,
};

function toOptions(values: FlagValues, globals: GlobalOptions): SwitchOptions {
  return {
    ...globals,
    word: textOf(values, "model"),
    scope: toScope(textOf(values, "scope")),
    json: values.json === true,
  };
}

/**
 * Makes a model the default.
 * @throws UsageError when it is unknown or ambiguous; nothing is written then
 */
export async function runSwitch(runtime: Runtime, options: SwitchOptions): Promise<ExitCode> {
  await tightenOwnFiles(runtime, options);
  const { configuration, resolution } = await loadConnection(runtime, options);
  const named = options.word === undefined ? undefined : accountNamed(configuration, options.word);
  if (named !== undefined) {
    await switchToAccount(runtime, options, { configuration, named });
    return EXIT.ok;
  }
  const entry =
    options.word === undefined
      ? await askForModel(runtime, options, { configuration, resolution })
      : modelNamed(configuration, resolution, options.word);
  await makeDefault(runtime, options, { configuration, entry });
  return EXIT.ok;
}

/**
 * The account that `PROVIDER@NAME` or `VARIABLE@NAME` means; `undefined`: the word means a model.
 * @throws AuthError when a provider of the catalogue has none of that name, and no model has it
 */
function accountNamed(configuration: Configuration, word: string): NamedAccount | undefined {
  const at = word.lastIndexOf("@");
  const [owner, name] = [word.slice(0, Math.max(at, 0)), word.slice(at + 1)];
  const envKey = at === -1 ? undefined : variableOf(owner);
  if (envKey === undefined) {
    return undefined;
  }
  const account = configuration.accounts.get(envKey)?.get(name);
  const isMeant =
    findProvider(owner) !== undefined && meantEntries(configuration, word).length === 0;
  if (account === undefined && isMeant) {
    throw unknownAccount(configuration.accounts, name, [envKey]);
  }
  return account && { envKey, name, account };
}

/** Puts an account in force, and says so (`spec/accounts.md`). */
async function switchToAccount(
  runtime: Runtime,
  options: SwitchOptions,
  { configuration, named }: { readonly configuration: Configuration; readonly named: NamedAccount },
): Promise<void> {
  if (options.scope === "project") {
    throw new UsageError("Cannot switch the account in a project's settings: it is yours alone", {
      code: "invalid-value",
      hint: "leave `--scope project` out",
    });
  }
  const { envKey, name } = named;
  const login = await accountLogin(runtime, configuration, named);
  const saved = await saveLogin(runtime, login, "user");
  const warnings = [
    ...saved.notes,
    ...(await shadowWarnings(runtime, {
      key: { envKey, value: login.key },
      baseUrl: login.baseUrl,
      model: saved.model,
      options,
    })),
  ];
  await report(runtime, options, {
    document: {
      schemaVersion: 1,
      protocol: login.protocol,
      model: saved.model,
      baseUrl: login.baseUrl,
      account: name,
      path: saved.path,
      changed: saved.changed,
      warnings,
    },
    warnings,
    lines: (style) => {
      const verb = saved.changed ? "is now" : "was already";
      const what = `${login.provider?.label ?? envKey}: the account ${name}`;
      return [
        `${style.green("✓")} ${visibleText(`${what} ${verb} in force, model ${saved.model}`)}`,
      ];
    },
  });
}

type ChosenEntry = { readonly configuration: Configuration; readonly entry: ModelEntry };

/**
 * Makes an entry's model the default, and says so.
 * @throws UsageError when only another file explains that choice
 */
export async function makeDefault(
  runtime: Runtime,
  options: Omit<SwitchOptions, "word">,
  { configuration, entry }: ChosenEntry,
): Promise<void> {
  throwIfElsewhere(configuration, entry, options.scope);
  throwIfSecond(configuration, entry);
  const stored = storedInDotenv(runtime);
  const used = entry.envKey === undefined ? [] : [entry.envKey];
  const updated = await updateSettings(runtime, {
    scope: options.scope,
    path: settingsPath(runtime, options.scope),
    edits: (current) => [
      ...applySwitch(entry, configuration.models.entries),
      ...(options.scope === "user" ? envFileEdits(current, { stored, used, leaving: [] }) : []),
    ],
  });
  const own = resolveEntry(configuration, entry, CATALOGUE);
  const warnings = [
    ...updated.notes,
    ...(own.key.kind === "missing" ? [reasonOf(own)] : []),
    ...(await shadowWarnings(runtime, {
      key: undefined,
      baseUrl: own.endpoint?.value,
      model: entry.id,
      options,
    })),
  ];
  const { protocol, id } = entry;
  const baseUrl = own.endpoint?.value;
  const { path, changed } = updated;
  await report(runtime, options, {
    document: { schemaVersion: 1, protocol, model: id, baseUrl, path, changed, warnings },
    warnings,
    lines: (style) => {
      const verb = changed ? "is now" : "was already";
      const where = baseUrl === undefined ? protocol : visibleText(baseUrl);
      return [`${style.green("✓")} ${visibleText(id)} (${where}) ${verb} the default model`];
    },
  });
}

type LoadedModels = { readonly configuration: Configuration; readonly resolution: Resolution };

async function askForModel(
  runtime: Runtime,
  options: SwitchOptions,
  { configuration, resolution }: LoadedModels,
): Promise<ModelEntry> {
  const { entries } = configuration.models;
  const [first] = entries;
  if (first === undefined) {
    throw new UsageError("Cannot switch the model: none is configured", {
      code: "missing-input",
      hint: "run `qwen auth`",
    });
  }
  if (!(await canPrompt(runtime, options))) {
    throw new UsageError(
      `Cannot switch the model: none was given and ${whyNotAsked(runtime, options)}`,
      {
        code: "missing-input",
        hint: "write `qwen auth switch ID`; `qwen models` lists the ids",
      },
    );
  }
  const active = resolution.entry === undefined ? -1 : entries.indexOf(resolution.entry);
  const chosen = answered(
    await runtime.prompter.search({
      message: "Select the default model:",
      ...(active === -1 ? {} : { initial: String(active) }),
      choices: entries.map((entry, index) => ({
        value: String(index),
        label: visibleText(entry.id),
        description: `${shownEndpoint(entry.baseUrl) ?? ""} (${entry.protocol})`,
      })),
    }),
  );
  return entries[Number(chosen)] ?? first;
}
