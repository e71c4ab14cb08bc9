import { dirname, isAbsolute, join } from "node:path";
import { ConfigError } from "../errors.ts";
import { isWithin, realDirectory } from "../lib/files/inspect-file.ts";
import {
  type Content,
  readContent,
  type UnopenedFile,
  withOpenFile,
} from "../lib/files/open-file.ts";
import { type OwnRule, openOwnFile } from "../lib/files/open-own-file.ts";
import { isJsonObject } from "../lib/json/json-object.ts";
import { loadJsonc } from "../lib/json/load-jsonc.ts";
import { describeSystemError } from "../lib/system-error.ts";

/** Folder → rule, as `~/.qwen/trustedFolders.json` has them. */
export type TrustRules = Readonly<Record<string, TrustRule>>;

export type TrustRule = "TRUST_FOLDER" | "TRUST_PARENT" | "DO_NOT_TRUST";

/** Bytes. */
const LARGEST_TRUST_FILE = 8 * 1024 * 1024;

/** The user's trust file. */
export function trustFilePath(qwenHome: string): string {
  return join(qwenHome, "trustedFolders.json");
}

export type LoadedTrust = { readonly rules: TrustRules; readonly warnings: readonly string[] };

/**
 * Reads the trust file; a missing one has no rules. From one that others may have written only what
 * distrusts is taken, with a warning (`spec/settings-and-env.md`, "Settings files").
 * @throws ConfigError when the file is there and cannot be understood
 */
export async function loadTrust(qwenHome: string, own: OwnRule): Promise<LoadedTrust> {
  const path = trustFilePath(qwenHome);
  const file = openOwnFile(path, own, { largest: LARGEST_TRUST_FILE });
  if (file.kind !== "file") {
    throwUnlessMissing(path, file);
    return { rules: {}, warnings: [] };
  }
  const rules = await parseTrustRules(textOf(path, file.content), path);
  const { fault, warning } = file;
  return fault === undefined
    ? { rules, warnings: warning === undefined ? [] : [warning] }
    : {
        rules: Object.fromEntries(
          Object.entries(rules).filter(([, rule]) => rule === "DO_NOT_TRUST"),
        ),
        warnings: [`\`${path}\` trusts no folder: ${fault.reason}; ${fault.remedy}`],
      };
}

/**
 * All rules that stand in the trust file, for whoever is about to write it.
 * @throws ConfigError when the file is there and cannot be understood
 */
export async function readTrustRules(path: string): Promise<TrustRules> {
  const text = readTrustFile(path);
  return text === undefined ? {} : parseTrustRules(text, path);
}

/**
 * Understands the text of a trust file.
 * @throws ConfigError with line and column, or the folder whose rule is unknown
 */
export async function parseTrustRules(text: string, path: string): Promise<TrustRules> {
  const parsed = await loadJsonc(text);
  if (parsed.kind === "error" && parsed.isEmpty) {
    return {};
  }
  if (parsed.kind === "error") {
    throw invalid(path, `line ${parsed.line}, column ${parsed.column}: ${parsed.message}`);
  }
  return understandRules(parsed.value, path);
}

function understandRules(value: unknown, path: string): TrustRules {
  if (!isJsonObject(value)) {
    throw invalid(path, "expected an object of folders and rules");
  }
  const rules: Record<string, TrustRule> = {};
  for (const [folder, rule] of Object.entries(value)) {
    if (!isRule(rule)) {
      throw invalid(
        path,
        `${JSON.stringify(folder)}: expected TRUST_FOLDER, TRUST_PARENT or DO_NOT_TRUST`,
      );
    }
    rules[folder] = rule;
  }
  return rules;
}

function isRule(value: unknown): value is TrustRule {
  return value === "TRUST_FOLDER" || value === "TRUST_PARENT" || value === "DO_NOT_TRUST";
}

/** Whether the rules trust `folder` (a real path); see `decidingRule`. */
export function isTrustedFolder(rules: TrustRules, folder: string): boolean {
  const deciding = decidingRule(rules, folder);
  return deciding !== undefined && deciding.rule !== "DO_NOT_TRUST";
}

/** A rule with the folder that it stands under. */
export type FolderRule = { readonly folder: string; readonly rule: TrustRule };

/**
 * The rule that decides about `folder` (a real path). The most specific one wins; of two for the
 * same folder the one that distrusts does. Rules are compared by real path. A relative path would
 * be about whatever directory one stands in, so it never trusts.
 */
export function decidingRule(rules: TrustRules, folder: string): FolderRule | undefined {
  let best: (FolderRule & { readonly depth: number }) | undefined;
  for (const [path, rule] of Object.entries(rules)) {
    const root = realDirectory(coveredFolder(path, rule));
    const candidate = { folder: path, rule, depth: root.length };
    const counts = isAbsolute(path) || rule === "DO_NOT_TRUST";
    if (counts && isWithin(folder, root) && outranks(candidate, best)) {
      best = candidate;
    }
  }
  return best && { folder: best.folder, rule: best.rule };
}

/** The folder that a rule is about, with all that lies below it. */
export function coveredFolder(folder: string, rule: TrustRule): string {
  return rule === "TRUST_PARENT" ? dirname(folder) : folder;
}

type RankedRule = { readonly depth: number; readonly rule: TrustRule };

function outranks(candidate: RankedRule, best: RankedRule | undefined): boolean {
  if (best === undefined || candidate.depth !== best.depth) {
    return best === undefined || candidate.depth > best.depth;
  }
  return candidate.rule === "DO_NOT_TRUST";
}

/**
 * The text of the trust file; `undefined` when it is not there.
 * @throws ConfigError when it cannot be read
 */
export function readTrustFile(path: string): string | undefined {
  return withOpenFile(path, (file) => {
    if (file.kind === "file") {
      return textOf(path, readContent(file, LARGEST_TRUST_FILE));
    }
    throwUnlessMissing(path, file);
    return undefined;
  });
}

function throwUnlessMissing(path: string, file: UnopenedFile): void {
  switch (file.kind) {
    case "missing":
      return;
    case "other":
      throw invalid(path, `it is ${file.description}`, `remove what stands at \`${path}\``);
    case "closed":
    case "inaccessible":
      throw invalid(path, describeSystemError(file.error));
  }
}

function textOf(path: string, content: Content): string {
  if (content.kind === "unreadable") {
    throw invalid(path, content.reason);
  }
  return content.text;
}

function invalid(path: string, why: string, hint?: string): ConfigError {
  return new ConfigError(`Cannot use \`${path}\`: ${why}`, {
    code: "trust-file-invalid",
    hint: hint ?? "correct the file with an editor; it was left as it is",
  });
}
