import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { ConfigError } from "../errors.ts";
import { inspectFile, isWithin, realDirectory } from "../lib/inspect-file.ts";
import { isJsonObject } from "../lib/json-object.ts";
import { describeSystemError } from "../lib/system-error.ts";

const RulesSchema = v.record(
  v.string(),
  v.picklist(["TRUST_FOLDER", "TRUST_PARENT", "DO_NOT_TRUST"]),
);

/** Folder → rule, as `~/.qwen/trustedFolders.json` has them. */
export type TrustRules = v.InferOutput<typeof RulesSchema>;

/**
 * Reads the trust file; a missing one has no rules.
 * @throws ConfigError when the file is there and cannot be understood
 */
export async function loadTrustRules(qwenHome: string): Promise<TrustRules> {
  const path = join(qwenHome, "trustedFolders.json");
  const facts = inspectFile(path);
  if (facts.kind === "missing" || facts.kind === "dangling") {
    return {};
  }
  if (facts.kind === "other") {
    throw invalid(path, `it is ${facts.description}`);
  }
  return parseTrustRules(readTrustFile(path), path);
}

async function parseTrustRules(text: string, path: string): Promise<TrustRules> {
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

/**
 * Whether the rules trust `folder` (a real path). The most specific rule wins; of two for the same
 * folder the one that distrusts does. Rules are compared by real path.
 */
export function isTrustedFolder(rules: TrustRules, folder: string): boolean {
  let best: { depth: number; trusts: boolean } | undefined;
  for (const [path, rule] of Object.entries(rules)) {
    const root = realDirectory(rule === "TRUST_PARENT" ? dirname(path) : path);
    const candidate = { depth: root.length, trusts: rule !== "DO_NOT_TRUST" };
    if (isWithin(folder, root) && outranks(candidate, best)) {
      best = candidate;
    }
  }
  return best?.trusts ?? false;
}

type Verdict = { readonly depth: number; readonly trusts: boolean };

function outranks(candidate: Verdict, best: Verdict | undefined): boolean {
  if (best === undefined || candidate.depth !== best.depth) {
    return best === undefined || candidate.depth > best.depth;
  }
  return !candidate.trusts;
}

function readTrustFile(path: string): string {
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
