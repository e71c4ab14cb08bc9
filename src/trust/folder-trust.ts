import { realDirectory } from "../lib/inspect-file.ts";
import type { Env } from "../runtime.ts";
import { isTrustedFolder, type TrustRules } from "./trusted-folders.ts";

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
