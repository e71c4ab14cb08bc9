import { PROVIDERS } from "../../auth/providers/providers.ts";
import { describeSetUp } from "../../auth/transfer/describe-set-up.ts";
import { throwIfForeign } from "../../auth/transfer/foreign-pairs.ts";
import {
  freeVariables,
  importedKeys,
  keysOf,
  missingVariables,
  type TypedKey,
  variableOfSelected,
} from "../../auth/transfer/imported-keys.ts";
import {
  type ImportedKey,
  planAccounts,
  planKeys,
  planSettings,
} from "../../auth/transfer/plan-import.ts";
import { saveImport } from "../../auth/transfer/save-import.ts";
import { entriesOf, parseSetUp, type SetUp } from "../../auth/transfer/set-up.ts";
import { loadConnection } from "../../connect/load-connection.ts";
import { tightenOwnFiles } from "../../connect/tighten-own-files.ts";
import { CancelledError, ConfigError, EXIT, type ExitCode, UsageError } from "../../errors.ts";
import { textOf } from "../../flags/flag.ts";
import type { GlobalOptions } from "../../flags/global-flags.ts";
import { type KeyInput, toKeyInput } from "../../flags/key-flags.ts";
import { readBounded } from "../../lib/files/read-bounded.ts";
import { visibleText } from "../../lib/visible-text.ts";
import type { Configuration } from "../../models/configuration.ts";
import { canPrompt, whyNotAsked } from "../../prompts/can-prompt.ts";
import { askForKey, keyReader } from "../../prompts/read-key.ts";
import type { Runtime } from "../../runtime.ts";
import { readRawSettings } from "../../settings/load-settings.ts";
import { userSettingsPath } from "../../settings/paths.ts";
import type { Command } from "../command.ts";
import { report } from "../output/report.ts";

export type ImportOptions = GlobalOptions & {
  /** `-` is standard input. */
  readonly file: string | undefined;
  readonly key: KeyInput | undefined;
  readonly dryRun: boolean;
  readonly replace: boolean;
  readonly yes: boolean;
  readonly json: boolean;
};

export const importCommand: Command<ImportOptions> = {
  details: [
    "Brings a set-up of `qwen auth export` into your own settings. What is there and",
    "differs stays, unless --replace is given. Shows endpoints and models and asks;",
    "without a terminal it needs --yes. A key that you have here is never given to",
    "an endpoint that only the file names.",
  ],
  examples: [
    "qwen auth import set-up.json",
    'printf %s "$KEY" | qwen auth import set-up.json --yes --key-stdin',
    "ssh laptop qwen auth export --with-keys | qwen auth import - --yes",
  ],
  toOptions: (values, globals) => ({
    ...globals,
    file: textOf(values, "file"),
    key: toKeyInput(values),
    dryRun: values["dry-run"] === true,
    replace: values.replace === true,
    yes: values.yes === true,
    json: values.json === true,
  }),
  run: runImport,
};

/** More than any set-up has. */
const LARGEST_KIB = 4096;
const STDIN_TIMEOUT_MS = 120_000;

/**
 * Writes a set-up that was exported elsewhere.
 * @throws UsageError when the file is no set-up, or nobody said yes; nothing is written then
 */
export async function runImport(runtime: Runtime, options: ImportOptions): Promise<ExitCode> {
  const from = await read(runtime, options);
  const setUp = await parseSetUp(from.text, from.name);
  keysOf(setUp).forEach(runtime.addSecret);
  if (!options.dryRun) {
    await tightenOwnFiles(runtime, options);
  }
  const { configuration } = await loadConnection(runtime, options);
  const keyed = variableOfSelected(setUp);
  const readGiven = await keyReader(runtime, options.key);
  if (readGiven !== undefined && keyed === undefined) {
    throw new UsageError("Cannot use a key: the model that the file selects wants none", {
      code: "invalid-value",
      hint: "leave the key out",
    });
  }
  const given = await readGiven?.();
  const own = given === undefined || keyed === undefined ? [] : [{ envKey: keyed, key: given }];
  const before = await importedKeys(runtime, setUp, own);
  const free = freeVariables(configuration, before, options);
  const { env, platform } = runtime;
  throwIfForeign(configuration, setUp, { free, env, platform });
  await show(runtime, options, setUp);
  if (options.dryRun) {
    return dryRun(runtime, options, { setUp, configuration, keys: before });
  }
  const canAsk = await canPrompt(runtime, options);
  await confirm(runtime, options, canAsk);
  const missing = missingVariables(configuration, setUp, before);
  const typed = canAsk ? await askForKeys(runtime, options, missing) : [];
  const keys = [...before, ...(await importedKeys(runtime, {}, typed))];
  const saved = await saveImport(runtime, { setUp, keys, replace: options.replace });
  const lacking = missing.filter((name) => !typed.some(({ envKey }) => envKey === name));
  await finish(runtime, options, { setUp, saved, lacking });
  return EXIT.ok;
}

type Text = { readonly text: string; readonly name: string };

/** @throws UsageError without a file, ConfigError for one that cannot be read */
async function read(runtime: Runtime, { file, key }: ImportOptions): Promise<Text> {
  if (file === undefined || file === "") {
    throw new UsageError("Cannot import: no file was named", {
      code: "missing-input",
      hint: "write `qwen auth import FILE`, or `-` for standard input",
    });
  }
  if (file === "-") {
    if (key?.kind === "stdin") {
      throw new UsageError("Cannot read both the file and the key from standard input", {
        code: "invalid-value",
        hint: "name the file, or give the key with `--key-file PATH`",
      });
    }
    const limits = { maxBytes: LARGEST_KIB * 1024, timeoutMs: STDIN_TIMEOUT_MS };
    return { text: await runtime.stdin.readAll(limits), name: "standard input" };
  }
  const read = readBounded(file, { maxKib: LARGEST_KIB });
  const name = `\`${visibleText(file)}\``;
  if (read.kind === "unreadable") {
    throw new ConfigError(`Cannot import ${name}: ${read.reason}`, {
      hint: "name a file that `qwen auth export` wrote",
      cause: read.cause,
    });
  }
  return { text: read.text, name };
}

async function show(
  runtime: Runtime,
  { quiet, yes, dryRun: isDry, json }: ImportOptions,
  setUp: SetUp,
): Promise<void> {
  if (!json && !(quiet && (yes || isDry))) {
    await runtime.stderr.write(`${describeSetUp(setUp).join("\n")}\n`);
  }
}

/** @throws UsageError where nobody can be asked, CancelledError for a no */
async function confirm(runtime: Runtime, options: ImportOptions, canAsk: boolean): Promise<void> {
  if (options.yes) {
    return;
  }
  if (!canAsk) {
    throw new UsageError(`Cannot import without a yes: ${whyNotAsked(runtime, options)}`, {
      code: "missing-input",
      hint: "look at it with `--dry-run`, then add `--yes`",
    });
  }
  const answer = await runtime.prompter.confirm({
    message: "Write this to your settings?",
    yes: "Write it",
    no: "Leave it",
  });
  if (answer.kind !== "value" || !answer.value) {
    throw new CancelledError("Cannot import: it was not wanted");
  }
}

/** An empty answer leaves a variable without a key. */
async function askForKeys(
  runtime: Runtime,
  { noInput }: ImportOptions,
  missing: readonly string[],
): Promise<TypedKey[]> {
  const given: TypedKey[] = [];
  for (const envKey of missing) {
    const prompt = `Enter the key for ${envKey} (empty: later):`;
    const answer = await askForKey(runtime, { prompt, canPrompt: true, noInput, ifEmpty: "" });
    if (answer.kind === "cancelled") {
      throw new CancelledError("Cannot import: it was cancelled");
    }
    if (answer.kind === "value" && answer.value !== "") {
      given.push({ envKey, key: answer.value });
    }
  }
  return given;
}

type ImportPlan = {
  readonly setUp: SetUp;
  readonly configuration: Configuration;
  readonly keys: readonly ImportedKey[];
};

async function dryRun(
  runtime: Runtime,
  options: ImportOptions,
  { setUp, configuration, keys }: ImportPlan,
): Promise<ExitCode> {
  const { replace } = options;
  const current = await readRawSettings(userSettingsPath(runtime));
  const settings = planSettings(current, setUp, { replace, keys });
  const accounts = planAccounts(configuration.accounts, setUp, { replace });
  const elsewhere = planKeys({ keys, replace });
  const kept = [...accounts.kept, ...settings.kept, ...elsewhere.kept];
  const changed = settings.edits.length + accounts.edits.length + elsewhere.news.length > 0;
  const lacking = missingVariables(configuration, setUp, keys);
  await finish(runtime, options, { setUp, saved: { changed, kept, notes: [] }, lacking });
  return EXIT.ok;
}

type ImportResult = {
  readonly setUp: SetUp;
  readonly saved: {
    readonly changed: boolean;
    readonly kept: readonly string[];
    readonly notes: readonly string[];
  };
  readonly lacking: readonly string[];
};

async function finish(
  runtime: Runtime,
  options: ImportOptions,
  { setUp, saved, lacking }: ImportResult,
): Promise<void> {
  const entries = entriesOf(setUp);
  const warnings = [
    ...saved.notes,
    ...(saved.kept.length === 0
      ? []
      : [`kept as it was (\`--replace\` takes the file's): ${saved.kept.join(", ")}`]),
    ...lacking.map((name) => `\`${name}\` has no key: \`qwen auth set-key ${name}\``),
    ...accountsWithoutKeys(setUp),
  ];
  await report(runtime, options, {
    document: {
      schemaVersion: 1,
      dryRun: options.dryRun,
      changed: saved.changed,
      models: entries.map(({ protocol, entry: { id, baseUrl, anthropicBaseUrl } }) => ({
        ...{ protocol, id, baseUrl, anthropicBaseUrl },
      })),
      kept: saved.kept,
      missingKeys: lacking,
      path: userSettingsPath(runtime),
      warnings,
    },
    warnings,
    lines: (style) => {
      const done = saved.changed ? "the set-up was imported" : "the set-up was here already";
      return options.dryRun
        ? [`Nothing was written${saved.changed ? "" : ", and nothing would be"} (\`--dry-run\`)`]
        : [
            `${style.green("✓")} ${done}`,
            `  Settings: ${visibleText(userSettingsPath(runtime))}`,
            "  Check it: qwen auth status --verify",
          ];
    },
  });
}

/** An account is a key with a name: without the key there is none. */
function accountsWithoutKeys({ accounts = {} }: SetUp): string[] {
  return Object.entries(accounts).flatMap(([envKey, own]) => {
    const names = Object.entries(own).flatMap(([name, { key }]) =>
      key === undefined ? [name] : [],
    );
    const provider = PROVIDERS.find((each) => each.envKey === envKey);
    const login = provider === undefined ? "" : ` --provider ${provider.id}`;
    return names.map(
      (name) =>
        `the account ${envKey}@${name} came without its key: \`qwen auth api-key${login} --account ${name}\``,
    );
  });
}
