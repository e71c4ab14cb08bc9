import { statSync } from "node:fs";
import { join } from "node:path";
import { type LoadedDotenv, loadDotenv } from "../env/load-dotenv.ts";
import { QwenError } from "../errors.ts";
import { findObstacle } from "../lib/files/find-obstacle.ts";
import { realDirectory } from "../lib/files/inspect-file.ts";
import { isMountPoint } from "../lib/files/mount-point.ts";
import { describeSystemError } from "../lib/system-error.ts";
import type { Runtime } from "../runtime.ts";
import { holdsKey, loadSettingsFile, readsProject } from "../settings/load-settings.ts";
import {
  ownFiles,
  ownRule,
  qwenHome,
  type SettingsPath,
  settingsPaths,
  userSettingsPath,
} from "../settings/paths.ts";
import { folderDistrust } from "../trust/folder-trust.ts";
import { loadTrust } from "../trust/trusted-folders.ts";
import { isInWorkTree, isTrackedFile } from "./ask-git.ts";
import type { Failure } from "./check.ts";
import {
  type DotenvFacts,
  type HomeFacts,
  isKeyName,
  type KeyFile,
  type SettingsFacts,
  type WorkTreeFacts,
} from "./check-files.ts";

type Machine = Pick<Runtime, "env" | "cwd" | "home" | "platform" | "uid" | "run">;

/** @throws what is no failure for people */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof QwenError)) {
    throw error;
  }
  return { message: error.message, hint: error.hint };
}

/** What this program writes into its home. */
const WRITTEN = ["settings.json", ".env", "oauth_creds.json", "trustedFolders.json"];

export function gatherHome(machine: Machine): HomeFacts {
  const path = qwenHome(machine);
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    const obstacle = findObstacle({ path: userSettingsPath(machine) }, machine.uid);
    if (stats === undefined) {
      return { kind: "missing", path, obstacle };
    }
    return stats.isDirectory()
      ? {
          kind: "directory",
          path,
          owner: stats.uid,
          mode: stats.mode & 0o777,
          obstacle,
          unwritable: WRITTEN.map((name) =>
            findObstacle({ path: join(path, name) }, machine.uid),
          ).find((failure) => failure !== undefined),
          inPlace: WRITTEN.filter((name) => isMountPoint(join(path, name))),
        }
      : { kind: "unusable", path, why: "it is no directory" };
  } catch (error) {
    return { kind: "unusable", path, why: describeSystemError(error) };
  }
}

type Options = { readonly noProject: boolean; readonly trust: boolean };

/** Why the project's files of a directory are not to be read; trust rules may be broken. */
async function objectionOf(machine: Machine, { trust }: Options) {
  try {
    const { rules } = await loadTrust(qwenHome(machine), ownRule(machine));
    return folderDistrust({ trustAll: trust, rules });
  } catch (error) {
    toFailure(error);
    return undefined;
  }
}

/** Each of the four files on its own, so that one that is broken hides no other. */
export async function gatherSettings(
  machine: Machine,
  options: Options,
): Promise<readonly SettingsFacts[]> {
  const { noProject } = options;
  const objection = await objectionOf(machine, options);
  const isRead = readsProject({ ...machine, projectFiles: !noProject });
  const why = noProject ? "`--no-project` was given" : "your home directory is no project";
  return Promise.all(
    settingsPaths(machine).map((place) =>
      place.scope === "project" && !isRead
        ? { ...place, kind: "absent" as const, why }
        : gatherSettingsFile({ ...machine, objection }, place),
    ),
  );
}

async function gatherSettingsFile(
  machine: Machine & Pick<Parameters<typeof loadSettingsFile>[0], "objection">,
  place: SettingsPath,
): Promise<SettingsFacts> {
  const { path } = place;
  try {
    const loaded = await loadSettingsFile(machine, place);
    if (loaded === undefined) {
      return { ...place, kind: "absent", why: `\`${path}\` is a file of your own by another name` };
    }
    const { file, warnings } = loaded;
    if (!file.exists) {
      return file.notRead === undefined
        ? { ...place, kind: "absent", why: `\`${path}\` does not exist` }
        : { ...place, kind: file.notRead, why: warnings.join("; ") };
    }
    const hasKey = holdsKey(file.value);
    const isTracked = hasKey && (await isTrackedFile(machine, path)) === true;
    const { mode = 0, owner = 0 } = file;
    return { ...place, kind: "read", owner, mode, holdsKey: hasKey, isTracked, warnings };
  } catch (error) {
    return { ...place, kind: "broken", failure: toFailure(error) };
  }
}

/** The `.env` in force, or by itself where the configuration cannot be used. */
export async function gatherDotenv(
  machine: Machine,
  known: LoadedDotenv | undefined,
  options: Options,
): Promise<DotenvFacts> {
  const { noProject } = options;
  const objection = await objectionOf(machine, options);
  try {
    const { cwd, home } = machine;
    const own = { own: ownRule(machine), userFiles: ownFiles(machine) };
    const place = { cwd, home, qwenHome: qwenHome(machine), projectFiles: !noProject, ...own };
    if (known !== undefined) {
      return { kind: "loaded", dotenv: known };
    }
    const dotenv = loadDotenv({ ...place, objection, excluded: [], listed: [] });
    // What the settings list is not known, so nothing is said of it.
    const shadowed = dotenv.shadowed.map(({ isLoginFile: _, ...file }) => file);
    return { kind: "loaded", dotenv: { ...dotenv, shadowed } };
  } catch (error) {
    return { kind: "broken", failure: toFailure(error) };
  }
}

/** Every `.env` on the way, read or not, that holds a key, and whether git tracks it. */
export function gatherKeyFiles(machine: Machine, facts: DotenvFacts): Promise<readonly KeyFile[]> {
  if (facts.kind === "broken") {
    return Promise.resolve([]);
  }
  const { path, variables, shadowed } = facts.dotenv;
  const all = [
    ...(path === undefined ? [] : [{ path, names: [...variables.keys()] }]),
    ...shadowed,
  ];
  const withKey = all.filter(({ names }) => names.some(isKeyName));
  return Promise.all(
    withKey.map(async (file) => ({
      path: file.path,
      isTracked: await isTrackedFile(machine, file.path),
    })),
  );
}

/** Whether the user's files lie where a repository may change them; `undefined`: not known. */
export async function gatherWorkTree(machine: Machine): Promise<WorkTreeFacts> {
  const path = qwenHome(machine);
  const answers = await Promise.all(
    [path, machine.home].map((directory) => isInWorkTree(machine, realDirectory(directory))),
  );
  const index = answers.indexOf(true);
  return { path: index === 1 ? machine.home : path, isInside: index >= 0 || answers[0] };
}
