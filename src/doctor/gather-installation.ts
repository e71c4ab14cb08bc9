import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Runtime } from "../runtime.ts";
import type { InstallationFacts } from "./installation.ts";

const LIMITS = { cwd: "/", timeoutMs: 10_000, maxBytes: 64 * 1024 };

/** Asks each package manager that there is whose the program is; nothing of the network. */
export async function gatherInstallation(runtime: GatherRuntime): Promise<InstallationFacts> {
  const { env, platform, arch, build, processes } = runtime;
  const path = realpathSync(processes.executable);
  const repository = env.QWEN_INSTALL_GITHUB_REPO || build?.repository;
  const [mirror] = env.QWEN_INSTALL_BASE_URL?.split(" ") ?? [];
  const releases = mirror || (repository ? `https://github.com/${repository}/releases` : undefined);
  return {
    path,
    platform,
    arch,
    owner: platform === "linux" ? await findOwner(runtime, path) : undefined,
    isInCheckout: existsSync(join(dirname(path), "..", "..", "build.ts")),
    isWritable: isWritable(dirname(path)),
    hasCurl: isOnPath(env.PATH, "curl") || !isOnPath(env.PATH, "wget"),
    releases,
    isFlat: env.QWEN_INSTALL_LAYOUT === "flat" || releases?.endsWith("/flat") === true,
  };
}

type GatherRuntime = Pick<Runtime, "env" | "platform" | "arch" | "build" | "processes" | "capture">;

async function findOwner(
  { capture }: Pick<Runtime, "capture">,
  path: string,
): Promise<InstallationFacts["owner"]> {
  for (const { manager, argv, pattern } of [
    { manager: "dpkg", argv: ["dpkg-query", "-S", path], pattern: /^([\w.+-]+)(?::\w+)?: / },
    {
      manager: "rpm",
      argv: ["rpm", "-qf", "--queryformat", "%{NAME}", path],
      pattern: /^([\w.+-]+)$/,
    },
    {
      manager: "apk",
      argv: ["apk", "info", "--who-owns", path],
      pattern: / is owned by ([\w.+-]+?)-\d/,
    },
  ] as const) {
    const asked = await capture(argv, LIMITS);
    if (asked.kind === "ended" && asked.exitCode === 0) {
      const [, name] = pattern.exec(asked.stdout.trim()) ?? [];
      if (name !== undefined) {
        return { manager, name };
      }
    }
  }
  return undefined;
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function isOnPath(path: string | undefined, program: string): boolean {
  return (path ?? "").split(":").some((directory) => existsSync(join(directory, program)));
}
