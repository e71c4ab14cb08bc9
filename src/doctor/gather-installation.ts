import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Runtime } from "../runtime.ts";
import { type InstallationFacts, LOCK_FILES } from "./installation.ts";

/**
 * All are asked at once, so that this is the time that they take together. Without a home, since
 * Debian's rpm would make a database there.
 */
const LIMITS = { cwd: "/", timeoutMs: 4000, maxBytes: 64 * 1024, env: { HOME: "/dev/null" } };
const PATIENCE_MS = 1000;

const MANAGERS = [
  { manager: "dpkg", argv: ["dpkg-query", "-S"], pattern: /^([\w.+-]+)(?::\w+)?: / },
  { manager: "rpm", argv: ["rpm", "-qf", "--queryformat", "%{NAME}"], pattern: /^([\w.+-]+)$/ },
  {
    manager: "apk",
    argv: ["apk", "info", "--who-owns"],
    pattern: / is owned by ([\w.+-]+?)-\d/,
  },
] as const;

/**
 * Asks each package manager that there is whose the program is; nothing of the network.
 * @param onWait is told once which programs take longer than people wait without a word
 */
export async function gatherInstallation(
  runtime: GatherRuntime,
  onWait: (programs: readonly string[]) => Promise<void>,
): Promise<InstallationFacts> {
  const { env, platform, arch, build, processes } = runtime;
  const path = realpathSync(processes.executable);
  const repository = env.QWEN_INSTALL_GITHUB_REPO || build?.repository;
  const [mirror] = env.QWEN_INSTALL_BASE_URL?.split(" ") ?? [];
  const releases = mirror || (repository ? `https://github.com/${repository}/releases` : undefined);
  return {
    path,
    platform,
    arch,
    ...(platform === "linux" ? await findOwner(runtime, path, onWait) : NOBODY),
    project: findProject(path),
    isInCheckout: existsSync(join(dirname(path), "..", "..", "build.ts")),
    isWritable: isWritable(dirname(path)),
    hasCurl: isOnPath(env.PATH, "curl") || !isOnPath(env.PATH, "wget"),
    releases,
    isFlat: env.QWEN_INSTALL_LAYOUT === "flat" || releases?.endsWith("/flat") === true,
  };
}

type GatherRuntime = Pick<
  Runtime,
  "env" | "platform" | "arch" | "build" | "processes" | "capture" | "sleep"
>;

type Owner = Pick<InstallationFacts, "owner" | "silent">;

const NOBODY: Owner = { owner: undefined, silent: [] };

async function findOwner(
  { capture, sleep }: Pick<Runtime, "capture" | "sleep">,
  path: string,
  onWait: (programs: readonly string[]) => Promise<void>,
): Promise<Owner> {
  const asked = new Set<string>(MANAGERS.map(({ argv: [program] }) => program));
  const answers = Promise.all(
    MANAGERS.map(async ({ manager, argv, pattern }) => {
      const [program] = argv;
      const captured = await capture([...argv, path], LIMITS);
      asked.delete(program);
      const text =
        captured.kind === "ended" && captured.exitCode === 0 ? captured.stdout.trim() : "";
      const [, name] = pattern.exec(text) ?? [];
      return {
        owner: name === undefined ? undefined : { manager, name },
        silent: captured.kind === "timeout" ? [program] : [],
      };
    }),
  );
  const isLate = sleep(PATIENCE_MS).then(() => true);
  if (await Promise.race([answers.then(() => false), isLate])) {
    await onWait([...asked]);
  }
  const all = await answers;
  const found = all.find(({ owner }) => owner !== undefined);
  return found === undefined
    ? { owner: undefined, silent: all.flatMap(({ silent }) => silent) }
    : { owner: found.owner, silent: [] };
}

/** Of the outermost `node_modules`, which is the one that somebody has put there. */
function findProject(path: string): InstallationFacts["project"] {
  const [, directory] = /^(.*?)[\\/]node_modules[\\/]/.exec(path) ?? [];
  if (directory === undefined || !existsSync(join(directory, "package.json"))) {
    return undefined;
  }
  const lockFile = Object.keys(LOCK_FILES).find((name) => existsSync(join(directory, name)));
  return { directory, lockFile };
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
