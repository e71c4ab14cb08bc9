import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import * as v from "valibot";
import { ConfigError } from "../errors.ts";
import { inspectFile, isWithin, realDirectory } from "../lib/inspect-file.ts";
import { isJsonObject } from "../lib/json-object.ts";
import { describeSystemError } from "../lib/system-error.ts";

const RuleSchema = v.picklist(["TRUST_FOLDER", "TRUST_PARENT", "DO_NOT_TRUST"]);
const RulesSchema = v.record(v.string(), RuleSchema);

export type TrustRule = v.InferOutput<typeof RuleSchema>;

/** Folder → rule, as `~/.qwen/trustedFolders.json` has them. */
export type TrustRules = v.InferOutput<typeof RulesSchema>;

/** The user's trust file. */
export function trustFilePath(qwenHome: string): string {
  return join(qwenHome, "trustedFolders.json");
}

/**
 * Reads the trust file; a missing one has no rules.
 * @throws ConfigError when the file is there and cannot be understood
 */
export async function loadTrustRules(qwenHome: string): Promise<TrustRules> {
  const path = trustFilePath(qwenHome);
  const facts = inspectFile(path);
  if (facts.kind === "missing" || facts.kind === "dangling") {
    return {};
  }
  if (facts.kind === "other") {
    throw invalid(path, `it is ${facts.description}`);
  }
  return parseTrustRules(readTrustFile(path), path);
}

/**
 * Understands the text of a trust file.
 * @throws ConfigError with line and column, or the folder whose rule is unknown
 */
export async function parseTrustRules(text: string, path: string): Promise<TrustRules> {
  const { parseJsonc } = await import("../lib/jsonc.ts");
  const parsed = parseJsonc(text);
  if (parsed.kind === "error") {
    throw invalid(path, `line ${parsed.line}, column ${parsed.column}: ${parsed.message}`);
  }
  const rules = v.safeParse(RulesSchema, isJsonObject(parsed.value) ? parsed.value : null);
  if (!rules.success) {
    const folder = rules.issues[0].path?.[0]?.key;
    throw invalid(
      path,
      folder === undefined
        ? "expected an object of folders and rules"
        : `${JSON.stringify(folder)}: expected TRUST_FOLDER, TRUST_PARENT or DO_NOT_TRUST`,
    );
  }
  return rules.output;
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

type Ranked = { readonly depth: number; readonly rule: TrustRule };

function outranks(candidate: Ranked, best: Ranked | undefined): boolean {
  if (best === undefined || candidate.depth !== best.depth) {
    return best === undefined || candidate.depth > best.depth;
  }
  return candidate.rule === "DO_NOT_TRUST";
}

/**
 * The text of a trust file that exists.
 * @throws ConfigError when it cannot be read
 */
export function readTrustFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw invalid(path, describeSystemError(error));
  }
}

function invalid(path: string, why: string): ConfigError {
  return new ConfigError(`Cannot use \`${path}\`: ${why}`, {
    code: "trust-file-invalid",
    hint: "correct the file with an editor; it was left as it is",
  });
}
