import { EXIT, type ExitCode } from "../errors.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import type { Runtime } from "../runtime.ts";
import type { Command } from "./command.ts";

export type VersionOptions = GlobalOptions & { readonly json: boolean };

export const versionCommand: Command<VersionOptions> = {
  details: ["Prints the version, the commit and the target of this build, and its Bun."],
  examples: ["qwen version", "qwen version --json | jq -r .commit"],
  toOptions: (values, globals) => ({ ...globals, json: values.json === true }),
  run: runVersion,
};

/** Prints what this build is; of the sources only the version and Bun are known. */
export async function runVersion(
  { stdout, version, build }: Pick<Runtime, "stdout" | "version" | "build">,
  { json }: Pick<VersionOptions, "json">,
): Promise<ExitCode> {
  const { commit = "unknown", target = "unknown" } = build ?? {};
  const bun = Bun.version;
  if (json) {
    await stdout.writeJson({ schemaVersion: 1, version, commit, target, bun });
  } else {
    await stdout.writeExact(`qwen ${version}\ncommit ${commit}\ntarget ${target}\nbun ${bun}\n`);
  }
  return EXIT.ok;
}
