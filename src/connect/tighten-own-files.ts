import { fchmodSync, fstatSync } from "node:fs";
import { credentialsPath } from "../auth/oauth/credentials-file.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import { formatMode } from "../lib/files/inspect-file.ts";
import { type OpenFile, withOpenFile } from "../lib/files/open-file.ts";
import { succeeds } from "../lib/system-error.ts";
import type { Runtime } from "../runtime.ts";
import { accountsPath } from "../settings/accounts.ts";
import { qwenHome, userDotenvPath, userSettingsPath } from "../settings/paths.ts";
import { trustFilePath } from "../trust/trusted-folders.ts";
import { tellWarnings } from "./tell-warnings.ts";

const FILE_MODE = 0o600;

/**
 * Takes the files that a command is about to change away from others who may write to them, so that
 * it need not stop at what it can repair (`spec/settings-and-env.md`, "Settings files"). Says so.
 */
export async function tightenOwnFiles(
  runtime: Pick<Runtime, "env" | "cwd" | "home" | "platform" | "uid" | "stderr">,
  { color }: Pick<GlobalOptions, "color">,
): Promise<void> {
  const paths = [
    userSettingsPath(runtime),
    userDotenvPath(runtime),
    trustFilePath(qwenHome(runtime)),
    credentialsPath(runtime),
    accountsPath(qwenHome(runtime)),
  ];
  const notes = paths.flatMap((path) =>
    withOpenFile(path, (file) => (file.kind === "file" ? tighten(file, runtime.uid) : [])),
  );
  await tellWarnings(runtime, { color }, notes);
}

/** Of somebody else's file the owner decides; where modes are not kept, the reader says so. */
function tighten({ path, descriptor, mode, uid }: OpenFile, self: number | undefined): string[] {
  if (self === undefined || uid !== self || (mode & 0o002) === 0) {
    return [];
  }
  const isDone = succeeds(["EPERM", "EACCES", "EROFS", "ENOTSUP", "EINVAL"], () =>
    fchmodSync(descriptor, FILE_MODE),
  );
  return isDone && (fstatSync(descriptor).mode & 0o777) === FILE_MODE
    ? [`\`${path}\` is now 0600 (it was ${formatMode(mode)})`]
    : [];
}
