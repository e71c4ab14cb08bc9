import { realDirectory } from "../lib/files/inspect-file.ts";
import type { Env } from "../runtime.ts";
import { decidingRule, isTrustedFolder, type TrustRules } from "./trusted-folders.ts";

/** Answers for any directory whether what its files say may be combined with the user's secrets. */
export type FolderTrust = (directory: string) => boolean;

/**
 * Trusted means `--trust`, `QWEN_TRUST_WORKSPACE=true` in the shell, or a rule in the trust file
 * for the directory that holds the file, by real path (`spec/trust-and-secrets.md`).
 */
export function folderTrust(options: {
  /** The flag `--trust`. */
  readonly trustAll: boolean;
  readonly env: Env;
  readonly rules: TrustRules;
}): FolderTrust {
  const trustAll = options.trustAll || options.env.QWEN_TRUST_WORKSPACE === "true";
  return (directory) => trustAll || isTrustedFolder(options.rules, realDirectory(directory));
}

/**
 * Why the project's files of a directory (a real path) are not to be read: a rule distrusts it, and
 * `--trust` does not lift that for this run (`spec/settings-and-env.md`). `undefined` where nothing
 * is distrusted.
 */
export function folderDistrust(options: {
  /** The flag `--trust`. */
  readonly trustAll: boolean;
  readonly rules: TrustRules;
}): ((directory: string) => string | undefined) | undefined {
  const { trustAll, rules } = options;
  if (trustAll || !Object.values(rules).includes("DO_NOT_TRUST")) {
    return undefined;
  }
  return (directory) => {
    const deciding = decidingRule(rules, directory);
    return deciding?.rule === "DO_NOT_TRUST"
      ? `\`${deciding.folder}\` is distrusted (\`qwen trust --list\`)`
      : undefined;
  };
}
