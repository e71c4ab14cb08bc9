/** What the copy of `install.sh` in a release knows, so that it installs just that release. */
export type InstallerStamp = {
  /** `owner/name`, or empty. */
  readonly repository: string;
  readonly version: string;
  /** Lines of `SHA256SUMS`. */
  readonly sums: string;
};

/** How each installer writes the start of a constant. */
const CONSTANTS = {
  "install.sh": ["QWEN_DEFAULT_REPO=", "QWEN_DEFAULT_VERSION=", "QWEN_DEFAULT_SUMS="],
  "install.ps1": ["$QwenDefaultRepo = ", "$QwenDefaultVersion = ", "$QwenDefaultSums = "],
} as const;

/**
 * Fills in the constants at the top of an installer, each of which stands there once and empty
 * (`reference/distribution.md` §3.2); throws when one does not.
 */
export function stampInstaller(
  script: string,
  { repository, version, sums }: InstallerStamp,
  name: keyof typeof CONSTANTS = "install.sh",
): string {
  const [ofRepository, ofVersion, ofSums] = CONSTANTS[name];
  const values = {
    [`${ofRepository}''`]: `${ofRepository}'${repository}'`,
    [`${ofVersion}'latest'`]: `${ofVersion}'${version}'`,
    [`${ofSums}''`]: `${ofSums}'${sums.trimEnd()}'`,
  };
  if (Object.values(values).some((value) => value.split("'").length !== 3)) {
    throw new Error(`Cannot stamp ${name}: a value holds a quote`);
  }
  const lines = script.split("\n");
  for (const [empty, filled] of Object.entries(values)) {
    const found = lines.filter((line) => line.trim() === empty);
    if (found.length !== 1) {
      throw new Error(`Cannot stamp ${name}: it has ${found.length} lines \`${empty}\``);
    }
    const index = lines.findIndex((line) => line.trim() === empty);
    lines[index] = found.join("").replace(empty, () => filled);
  }
  return lines.join("\n");
}
