import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type FileFacts, formatMode, inspectFile } from "../../lib/inspect-file.ts";
import {
  type PrivateFile,
  type PrivateFileUpdated,
  REMOVED,
  updatePrivateFile,
} from "../../lib/private-file.ts";
import { describeSystemError, unless } from "../../lib/system-error.ts";
import type { Runtime } from "../../runtime.ts";
import { qwenHome } from "../../settings/paths.ts";
import { type OauthCredentials, parseCredentials, unusable } from "./credentials.ts";

type Place = Pick<Runtime, "env" | "cwd" | "home">;
type Machine = Place & Pick<Runtime, "uid" | "sleep" | "trace">;

/** Who holds the lock may be asking the account service, which takes up to `REFRESH_TIMEOUT_MS`. */
const PATIENCE = { untilTakenMs: 12_000, untilGivenUpMs: 30_000 } as const;

/** Milliseconds for a request that is made under the lock. */
export const REFRESH_TIMEOUT_MS = 10_000;

/** More than any service's tokens have, in bytes. */
const LARGEST_FILE = 1024 * 1024;

/** Where the tokens are: Qwen Code reads and writes the same file. */
export function credentialsPath(place: Place): string {
  return join(qwenHome(place), "oauth_creds.json");
}

/** The stored tokens, and what to say about their file. */
export type StoredCredentials = {
  readonly path: string;
  readonly credentials: OauthCredentials;
  readonly warnings: readonly string[];
};

/**
 * Reads the stored tokens; `undefined` when there are none. They are shown nowhere from then on.
 * @throws ConfigError when the file cannot be used
 */
export function loadCredentials(
  runtime: Place & Pick<Runtime, "uid" | "addSecret">,
): StoredCredentials | undefined {
  const path = credentialsPath(runtime);
  const facts = inspectFile(path);
  if (facts.kind === "missing" || facts.kind === "dangling") {
    return undefined;
  }
  const text = readCredentials(path, facts);
  if (text === undefined) {
    return undefined;
  }
  const credentials = parseCredentials(text, path);
  rememberTokens(runtime, credentials);
  const isOpen = runtime.uid !== undefined && facts.kind === "file" && (facts.mode & 0o044) !== 0;
  const warnings = isOpen
    ? [
        `others can read \`${path}\`, which holds tokens (mode ${formatMode(facts.mode)}): ` +
          `run \`chmod 600 ${path}\``,
      ]
    : [];
  return { path, credentials, warnings };
}

/** From now on no output shows these tokens. */
export function rememberTokens(
  { addSecret }: Pick<Runtime, "addSecret">,
  { accessToken, refreshToken }: OauthCredentials,
): void {
  addSecret(accessToken);
  addSecret(refreshToken);
}

/**
 * Changes the file under its lock (`updatePrivateFile`).
 * @throws ConfigError when the file cannot be used, QwenError when the system refuses
 */
export function updateCredentials(
  machine: Machine,
  rewrite: PrivateFile["rewrite"],
): Promise<PrivateFileUpdated> {
  const path = credentialsPath(machine);
  return updatePrivateFile(machine, {
    path,
    read: (facts) => readCredentials(path, facts) ?? "",
    rewrite,
    patience: PATIENCE,
  });
}

/**
 * Removes the tokens, also from a file that cannot be understood; whether there were any.
 * @throws ConfigError when something else stands there, QwenError when the system refuses
 */
export async function removeCredentials(machine: Machine): Promise<boolean> {
  const path = credentialsPath(machine);
  const { kind } = inspectFile(path);
  if (kind === "missing" || kind === "dangling") {
    return false;
  }
  const { changed } = await updatePrivateFile(machine, {
    path,
    read: (facts) => (facts.kind === "file" ? "" : (readCredentials(path, facts) ?? "")),
    rewrite: () => REMOVED,
    patience: PATIENCE,
  });
  return changed;
}

/**
 * The text; `undefined` when another process has removed it just now.
 * @throws ConfigError when it is no readable file
 */
function readCredentials(path: string, facts: FileFacts): string | undefined {
  if (facts.kind === "other") {
    const hint = "remove what stands there, and log in again";
    throw unusable(path, `it is ${facts.description}`, { hint });
  }
  if (facts.kind === "file" && facts.size > LARGEST_FILE) {
    throw unusable(path, "it is larger than 1 MiB");
  }
  try {
    return unless(["ENOENT"], () => readFileSync(path, "utf8"));
  } catch (error) {
    throw unusable(path, describeSystemError(error), { cause: error });
  }
}
