import { gatherInstallation } from "../doctor/gather-installation.ts";
import { describeInstallation } from "../doctor/installation.ts";
import { EXIT, QwenError, ToolError } from "../errors.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import { childEnvironment } from "../lib/child-environment.ts";
import type { Env, Runtime } from "../runtime.ts";
import type { Command } from "./command.ts";

export type UpgradeOptions = GlobalOptions & { readonly json: boolean; readonly isRun: boolean };

export const upgradeCommand: Command<UpgradeOptions> = {
  details: [
    "Prints the line that updates this installation as it was made, which its path",
    "and the package managers tell: by the installer, as a package, with npm & co.",
    "Asks nobody whether there is something newer. With --run the line is run.",
  ],
  examples: ["qwen upgrade", "qwen upgrade --run"],
  toOptions: (values, globals) => ({
    ...globals,
    json: values.json === true,
    isRun: values.run === true,
  }),
  run: runUpgrade,
};

/**
 * Prints the line, and runs it if asked to; then exits as it does.
 * @throws QwenError when no line is known, or it could not be started
 */
export async function runUpgrade(
  runtime: Runtime,
  { json, isRun, quiet }: UpgradeOptions,
): Promise<number> {
  const { stdout, stderr, version, processes, platform, env } = runtime;
  const facts = await gatherInstallation(runtime, async (programs) => {
    if (!quiet) {
      await stderr.write(`Waiting for ${programs.join(", ")} to say whose this program is\n`);
    }
  });
  for (const program of facts.silent) {
    await stderr.write(`warning: ${program} did not answer; this may be a package of its\n`);
  }
  const { method, line } = describeInstallation(facts);
  if (line === undefined) {
    throw new QwenError(
      `Cannot tell how to update \`${facts.path}\`: this build names no home of releases`,
      {
        code: "unsupported",
        hint: "set QWEN_INSTALL_GITHUB_REPO=owner/name, or in the checkout that it was built from run `git pull && sh install.sh --from-source`",
      },
    );
  }
  if (json) {
    await stdout.writeJson({ schemaVersion: 1, version, path: facts.path, method, line });
  } else {
    await (isRun ? stderr : stdout).writeExact(`${line}\n`);
  }
  if (!isRun) {
    return EXIT.ok;
  }
  const argv =
    platform === "win32" ? ["powershell", "-NoProfile", "-Command", line] : ["sh", "-c", line];
  const ended = await processes.runTool({ argv, env: updaterEnvironment(env) });
  switch (ended.kind) {
    case "exited":
      return ended.code;
    case "signalled":
      return processes.endBy(ended.signal);
    case "not-started":
      throw new ToolError(`Cannot run \`${argv[0]}\`: ${ended.code}`, {
        isThere: ended.code !== "ENOENT",
      });
  }
}

/** What says where to download from and how to get there. */
const OF_UPDATERS =
  /^(?:https?_proxy|no_proxy|all_proxy|ssl_cert_(?:file|dir)|curl_ca_bundle|(?:npm_config|homebrew|scoop|mise|aqua|nix|xdg|qwen_install)_\w+|qwen_(?:no_)?modify_path|shell|zdotdir|localappdata|appdata|userprofile|temp|tmp)$/i;

/** An updater needs no key, so it gets none. */
function updaterEnvironment(env: Env): Env {
  const known = Object.entries(env).filter(([name]) => OF_UPDATERS.test(name));
  return { ...Object.fromEntries(known), ...childEnvironment(env, { session: true }) };
}
