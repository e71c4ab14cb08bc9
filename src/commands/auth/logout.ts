import { nextCommand, reasonOf } from "../../auth/connection-problem.ts";
import { describeMethod } from "../../auth/describe-method.ts";
import type { LogoutTarget } from "../../auth/login/apply-logout.ts";
import { isCutOff, isStoredKey } from "../../auth/login/key-in-store.ts";
import {
  activeTarget,
  consoleUrls,
  includesTarget,
  namedTargets,
} from "../../auth/login/logout-target.ts";
import { type RemovedLogin, removeLogin } from "../../auth/login/remove-login.ts";
import { credentialsPath, holdsTokens } from "../../auth/oauth/credentials-file.ts";
import { providerNames } from "../../auth/providers/find-provider.ts";
import { PROVIDERS } from "../../auth/providers/providers.ts";
import { type Connection, loadConnection } from "../../connect/load-connection.ts";
import { remainingKeys } from "../../connect/remaining-keys.ts";
import { tellWarnings } from "../../connect/tell-warnings.ts";
import { tightenOwnFiles } from "../../connect/tighten-own-files.ts";
import { EXIT, type ExitCode, UsageError } from "../../errors.ts";
import { readAccountWord } from "../../flags/account-word.ts";
import { type FlagValues, textOf } from "../../flags/flag.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { toScope } from "../../flags/login-flags.ts";
import { hostOf } from "../../lib/endpoint-url.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { unknownAccount } from "../../models/accounts/chosen-account.ts";
import type { Configuration } from "../../models/configuration.ts";
import type { Resolution } from "../../models/resolution.ts";
import type { Runtime } from "../../runtime.ts";
import { describeSource } from "../../source.ts";
import type { Style } from "../../terminal/style.ts";
import type { Command } from "../command.ts";
import { report } from "../output/report.ts";

export type LogoutOptions = GlobalOptions & {
  readonly provider: string | undefined;
  readonly all: boolean;
  /** One named key of the provider, or of that in force. */
  readonly account?: string | undefined;
  readonly scope: "user" | "project";
  readonly json: boolean;
};

export const logoutCommand: Command<LogoutOptions> = {
  details: [
    "Removes the key, the models and the choice that `qwen auth` wrote; what was",
    "written by hand stays. Without flags it is the provider in force that goes.",
  ],
  examples: ["qwen auth logout", "qwen auth logout --provider deepseek", "qwen auth logout --all"],
  toOptions,
  run: runLogout,
};

function toOptions(values: FlagValues, globals: GlobalOptions): LogoutOptions {
  const provider = textOf(values, "provider");
  const all = values.all === true;
  if (all && provider !== undefined) {
    throw new UsageError("Cannot use `--all` with `--provider`", {
      code: "invalid-value",
      hint: "leave one of the two out",
    });
  }
  const scope = toScope(textOf(values, "scope"));
  const account = textOf(values, "account");
  if (account !== undefined && (all || scope === "project")) {
    throw new UsageError(`Cannot use \`--account\` with \`--${all ? "all" : "scope project"}\``, {
      code: "invalid-value",
      hint: "leave one of the two out",
    });
  }
  return { ...globals, provider, all, scope, account, json: values.json === true };
}

/** Logs out. Exit 0 also when there was nothing to remove. */
export async function runLogout(runtime: Runtime, options: LogoutOptions): Promise<ExitCode> {
  await tightenOwnFiles(runtime, options);
  const { configuration, resolution } = await loadConnection(runtime, options);
  const active = activeTarget(configuration, resolution);
  const whole = toTarget(configuration, options) ?? active;
  const target =
    options.account === undefined
      ? whole
      : await accountTarget(runtime, configuration, { word: options.account, whole });
  if (target === undefined) {
    await reportNothing(runtime, options, { configuration, resolution });
    return EXIT.ok;
  }
  const logout = { target, isActive: includesTarget(target, active) };
  const removed = await removeLogin(runtime, logout, options.scope);
  const left = await remainingKeys(runtime, options, target);
  const consoles = consoleUrls(configuration, resolution, target);
  const unread = unreadScope(options, configuration);
  const done: LogoutResult = { target, removed, left, consoles, unread };
  await report(runtime, options, {
    document: describeLogout(done),
    warnings: [...unread, ...removed.notes, ...left.warnings],
    lines: (style) => doneLines(done, style),
  });
  return EXIT.ok;
}

/** The project's settings say nothing of what was set up there while their folder is distrusted. */
function unreadScope({ scope }: LogoutOptions, { distrusted }: Configuration): readonly string[] {
  return scope === "user"
    ? []
    : distrusted.map((line) => `${line}; \`--trust\` has it read this time`);
}

type WantedAccount = { readonly word: string; readonly whole: LogoutTarget | undefined };

/**
 * The one named key; `undefined`: the variable has none at all any more.
 * @throws AuthError when it has others
 */
async function accountTarget(
  runtime: Runtime,
  { accounts }: Configuration,
  { word, whole }: WantedAccount,
): Promise<LogoutTarget | undefined> {
  const { name, envKey: only } = readAccountWord(word, "--account");
  const own = whole?.kind === "provider" || whole?.kind === "custom" ? whole.envKeys : [];
  const envKeys = only === undefined ? own : [only];
  const envKey = envKeys.find((each) => accounts.get(each)?.has(name) === true);
  if (envKey === undefined) {
    if (envKeys.some((each) => (accounts.get(each)?.size ?? 0) > 0)) {
      throw unknownAccount(accounts, name, envKeys);
    }
    return undefined;
  }
  const isInForce =
    (await isStoredKey(runtime, { envKey, name, accounts })) || (await isCutOff(runtime, envKey));
  return { kind: "account", envKey, name, envKeys: isInForce ? [envKey] : [] };
}

/** @throws UsageError when `--provider` names nothing that is known */
function toTarget(
  configuration: Configuration,
  { all, provider: name }: LogoutOptions,
): LogoutTarget | undefined {
  if (all) {
    return { kind: "all" };
  }
  if (name === undefined) {
    return undefined;
  }
  const [first, ...more] = namedTargets(configuration, name);
  if (first !== undefined && more.length > 0) {
    throw new UsageError(`Cannot log out of "${name}": several endpoints are called so`, {
      code: "invalid-value",
      hint: `choose ${[first, ...more].map((one) => one.name).join(" or ")}`,
    });
  }
  if (first === undefined) {
    throw new UsageError(`Cannot log out of "${name}": no such provider is known or configured`, {
      code: "invalid-value",
      hint: "see `qwen auth list` for what is configured",
      suggest: { word: name, from: [...providerNames(), "qwen-oauth"] },
    });
  }
  return first.target;
}

async function reportNothing(
  runtime: Runtime,
  options: LogoutOptions,
  { configuration, resolution }: Connection,
): Promise<void> {
  // Tokens that no setting selects are left: they must not be called nothing.
  const path = credentialsPath(runtime);
  const hasTokens = options.scope === "user" && holdsTokens(path);
  const warnings = [
    ...unreadScope(options, configuration),
    ...(hasTokens
      ? [
          `tokens of Qwen OAuth are stored in \`${path}\`; ` +
            "`qwen auth logout --provider qwen-oauth` removes them",
        ]
      : []),
  ];
  if (options.json) {
    const tokens = { kind: "file", name: "access_token", path, origin: "user" } as const;
    await runtime.stdout.writeJson({
      schemaVersion: 1,
      changed: false,
      keys: [],
      models: [],
      remaining: hasTokens ? [tokens] : [],
      ...inForce(resolution),
      consoleUrls: [],
      warnings,
    });
    return;
  }
  if (!options.quiet) {
    const more =
      configuration.models.entries.length === 0
        ? ""
        : "; `qwen auth list` shows what is configured, `--provider NAME` or `--all` removes it";
    await runtime.stderr.write(
      `Nothing was removed: ${options.account === undefined ? "no provider is selected" : "there is no such account"}${more}\n${visibleText(inForceNow(resolution))}\n`,
    );
  }
  await tellWarnings(runtime, options, warnings);
}

type LogoutResult = {
  readonly target: LogoutTarget;
  readonly removed: RemovedLogin;
  readonly left: Awaited<ReturnType<typeof remainingKeys>>;
  /** Where the keys are revoked. */
  readonly consoles: readonly string[];
  /** Why the settings that were to be changed are not those in force. */
  readonly unread: readonly string[];
};

function doneLines(
  { target, removed, left, consoles }: LogoutResult,
  style: Style,
): readonly string[] {
  const name = visibleText(nameOf(target));
  const what = [
    removed.keys.length === 0 ? undefined : count(removed.keys.length, "key"),
    removed.accounts.length === 0 ? undefined : count(removed.accounts.length, "account"),
    removed.models.length === 0 ? undefined : count(removed.models.length, "model"),
  ].filter((part) => part !== undefined);
  const done = what.length === 0 ? "" : `: ${what.join(" and ")} removed`;
  const keys = removed.keys.length === 1 ? "The key stays" : "The keys stay";
  return [
    removed.changed
      ? `${style.green("✓")} Logged out of ${name}${done}`
      : `${target.kind === "all" ? "Nothing was removed" : `Not logged in to ${name}`}: nothing was stored`,
    `  ${visibleText(inForceNow(left.resolution))}`,
    ...(removed.keys.length > 0 && consoles.length > 0
      ? [`  ${keys} valid until deleted at ${consoles.join(" and ")}`]
      : []),
  ];
}

function describeLogout({ target, removed, left, consoles, unread }: LogoutResult): object {
  return {
    schemaVersion: 1,
    ...(target.kind === "provider" ? { provider: target.provider.id } : {}),
    ...(target.kind === "qwen-oauth" ? { provider: "qwen-oauth" } : {}),
    ...(target.kind === "custom" ? { provider: "custom", baseUrl: target.baseUrl } : {}),
    changed: removed.changed,
    path: removed.path,
    keys: removed.keys,
    models: removed.models,
    ...(removed.accounts.length === 0 ? {} : { accounts: removed.accounts }),
    remaining: left.sources,
    ...inForce(left.resolution),
    consoleUrls: consoles,
    warnings: [...unread, ...removed.notes, ...left.warnings],
  };
}

/** What answers from now on, though nobody chose it: the last word of a logout. */
function inForceNow(resolution: Resolution): string {
  const { state, model, endpoint } = resolution;
  if (state === "incomplete" || state === "withheld") {
    return `Nothing can be asked now, as ${reasonOf(resolution)}: run \`${nextCommand(resolution)}\``;
  }
  if (state === "none" || model === undefined || endpoint === undefined) {
    return "Nothing is in force now: `qwen auth` sets something up";
  }
  const { provider, name: title } = describeMethod(resolution);
  const label = PROVIDERS.find(({ id }) => id === provider)?.label;
  const name = label ?? title ?? hostOf(endpoint.value);
  return `In force now: ${name}, ${model.value} (from ${describeSource(model.source)}); \`qwen auth switch\` chooses`;
}

function inForce({ state, model, endpoint }: Resolution): object {
  return state === "configured" && model !== undefined && endpoint !== undefined
    ? { inForce: { baseUrl: endpoint.value, model: model.value } }
    : {};
}

function nameOf(target: LogoutTarget): string {
  switch (target.kind) {
    case "provider":
      return target.provider.label;
    case "custom":
      return target.title === undefined ? target.baseUrl : `${target.title} (${target.baseUrl})`;
    case "account":
      return `the account ${target.name}`;
    case "qwen-oauth":
      return "Qwen OAuth";
    case "all":
      return "all providers";
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
