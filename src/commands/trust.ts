import { resolve } from "node:path";
import { tellWarnings } from "../connect/tell-warnings.ts";
import { tightenOwnFiles } from "../connect/tighten-own-files.ts";
import { EXIT, type ExitCode, UsageError } from "../errors.ts";
import { type FlagValues, textOf } from "../flags/flag.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import { inspectFile, isDirectory, isWithin, realDirectory } from "../lib/files/inspect-file.ts";
import { visibleText } from "../lib/visible-text.ts";
import type { Runtime } from "../runtime.ts";
import { ownRule, qwenHome } from "../settings/paths.ts";
import { chooseStyle, type Style } from "../terminal/style.ts";
import { applyRevoke, applyRule } from "../trust/apply-trust.ts";
import {
  coveredFolder,
  decidingRule,
  type FolderRule,
  loadTrust,
  type TrustRule,
} from "../trust/trusted-folders.ts";
import { updateTrust } from "../trust/update-trust.ts";
import type { Command } from "./command.ts";
import { report } from "./output/report.ts";

export type TrustOptions = GlobalOptions & {
  /** A rule that is to be written, or what else is done with the rules. */
  readonly action: TrustRule | "revoke" | "list";
  /** As it was typed; `undefined`: the working directory. */
  readonly path: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
};

export const trustCommand: Command<TrustOptions> = {
  details: ["In and below it they may say where your keys go; `--trust` says the same once."],
  examples: ["qwen trust", "qwen trust ~/work/app --revoke", "qwen trust --list"],
  toOptions: (values, globals) => ({
    ...globals,
    action: toAction(values),
    path: textOf(values, "path"),
    force: values.force === true,
    json: values.json === true,
  }),
  run: runTrust,
};

const ACTIONS = {
  parent: "TRUST_PARENT",
  distrust: "DO_NOT_TRUST",
  revoke: "revoke",
  list: "list",
} as const;

/** @throws UsageError when two things are to be done at once, or a path is listed */
function toAction(values: FlagValues): TrustOptions["action"] {
  const given = Object.entries(ACTIONS).filter(([name]) => values[name] === true);
  const [first, second] = given;
  if (first !== undefined && second !== undefined) {
    throw new UsageError(`Cannot use \`--${first[0]}\` and \`--${second[0]}\` together`, {
      code: "invalid-value",
      hint: "leave one of the two out",
    });
  }
  if (values.list === true && values.path !== undefined) {
    throw new UsageError("Cannot list the rules of one folder", {
      code: "invalid-value",
      hint: "leave the folder out: `qwen trust --list`",
    });
  }
  return first?.[1] ?? "TRUST_FOLDER";
}

/**
 * Writes or removes the rule of a folder; exit 0 also when nothing had to change.
 * @throws UsageError for a folder that must not or cannot be trusted, ConfigError for a broken file
 */
export async function runTrust(runtime: Runtime, options: TrustOptions): Promise<ExitCode> {
  const { action } = options;
  if (action === "list") {
    return listTrust(runtime, options);
  }
  await tightenOwnFiles(runtime, options);
  const folder = folderOf(runtime, options.path);
  if (action !== "revoke") {
    checkDirectory(folder);
  }
  const covered = action === "revoke" ? folder : coveredFolder(folder, action);
  if ((action === "TRUST_FOLDER" || action === "TRUST_PARENT") && !options.force) {
    throwIfTooMuch(runtime, covered);
  }
  const { changed, notes, path, rules } = await updateTrust(runtime, {
    qwenHome: qwenHome(runtime),
    edits: (current) =>
      action === "revoke"
        ? applyRevoke(current, folder)
        : applyRule(current, { folder, rule: action }),
  });
  const decidedBy = decidingRule(rules, covered);
  const trusted = decidedBy !== undefined && decidedBy.rule !== "DO_NOT_TRUST";
  const isOverruled = runtime.env.QWEN_TRUST_WORKSPACE === "true" && !trusted;
  const outcome: Outcome = {
    folder: covered,
    trusted,
    changed,
    path,
    ...(decidedBy === undefined ? {} : { decidedBy }),
    warnings: [
      ...notes,
      ...(isOverruled
        ? ["`QWEN_TRUST_WORKSPACE` is true: every folder is trusted all the same"]
        : []),
    ],
  };
  const isSurprise = action === "revoke" && trusted;
  await report(
    runtime,
    { ...options, quiet: options.quiet && !isSurprise },
    {
      document: { schemaVersion: 1, ...outcome },
      warnings: outcome.warnings,
      lines: (style) => [
        `${isSurprise ? style.yellow("⚠") : style.green("✓")} ${visibleText(describe(action, outcome))}`,
      ],
    },
  );
  return EXIT.ok;
}

/** The real path; a folder that is gone still may have a rule to revoke. */
function folderOf({ cwd }: Pick<Runtime, "cwd">, path: string | undefined): string {
  if (path === "") {
    // A script's empty variable must not stand for the working directory.
    throw new UsageError("Cannot trust a folder without a name", {
      code: "missing-value",
      hint: "name the folder, or write `.` for the working directory",
    });
  }
  return realDirectory(resolve(cwd, path ?? "."));
}

function checkDirectory(folder: string): void {
  if (!isDirectory(folder)) {
    const isThere = inspectFile(folder).kind === "file";
    const why = isThere ? "it is a file" : "there is no such folder";
    throw new UsageError(`Cannot make a rule for \`${folder}\`: ${why}`, {
      code: "invalid-value",
      hint: "name a folder that exists",
    });
  }
}

/** Whoever trusts the home directory trusts every repository that is ever cloned below it. */
function throwIfTooMuch({ home }: Pick<Runtime, "home">, folder: string): void {
  if (isWithin(realDirectory(home), folder)) {
    throw new UsageError(
      `Cannot trust \`${folder}\`: your home directory, and all that is ever put there, would be trusted`,
      {
        code: "invalid-value",
        hint: "name the folder of one project, or repeat with `--force`",
      },
    );
  }
}

type Outcome = {
  readonly folder: string;
  readonly trusted: boolean;
  readonly changed: boolean;
  readonly path: string;
  readonly decidedBy?: FolderRule;
  readonly warnings: readonly string[];
};

function describe(action: TrustOptions["action"], outcome: Outcome): string {
  const { folder, trusted, changed, decidedBy } = outcome;
  const rule = decidedBy && `the rule ${decidedBy.rule} of \`${decidedBy.folder}\``;
  if (action === "revoke") {
    const done = changed ? "The rule was removed" : `No rule stands under \`${folder}\``;
    const now = trusted ? `still trusted, by ${rule}` : "not trusted";
    return `${done}; \`${folder}\` is ${now}`;
  }
  const state = trusted ? "trusted" : "distrusted";
  return changed
    ? `\`${folder}\`, with all below it, is now ${state}`
    : `\`${folder}\` was already ${state}, by ${rule}`;
}

type ListedRule = FolderRule & { readonly exists: boolean };

/** Prints every rule; exit 0 also when there is none. */
export async function listTrust(
  runtime: Runtime,
  { json, color }: GlobalOptions & { readonly json: boolean },
): Promise<ExitCode> {
  const loaded = await loadTrust(qwenHome(runtime), ownRule(runtime));
  const rules = Object.entries(loaded.rules).map(
    ([folder, rule]): ListedRule => ({ folder, rule, exists: isDirectory(folder) }),
  );
  await tellWarnings(runtime, { color }, loaded.warnings);
  if (json) {
    await runtime.stdout.writeJson({ schemaVersion: 1, rules });
  } else if (rules.length === 0) {
    await runtime.stderr.write("No folder has a rule; run `qwen trust` in one to trust it\n");
  } else {
    const style = await chooseStyle(runtime, runtime.stdout, color);
    await runtime.stdout.write(rules.map((rule) => renderRule(rule, style)).join(""));
  }
  return EXIT.ok;
}

function renderRule({ folder, rule, exists }: ListedRule, style: Style): string {
  const gone = exists ? "" : `  ${style.yellow("(does not exist)")}`;
  return `${rule.padEnd("TRUST_FOLDER".length)}  ${visibleText(folder)}${gone}\n`;
}
