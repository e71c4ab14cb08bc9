import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type FileFacts, formatMode, inspectFile } from "../../lib/inspect-file.ts";
import {
  type HeldFile,
  holdPrivateFile,
  type PrivateFile,
  type PrivateFileUpdated,
  provePrivateFile,
  REMOVED,
  type SecretFile,
  updatePrivateFile,
} from "../../lib/private-file.ts";
import { describeSystemError, unless } from "../../lib/system-error.ts";
import type { Runtime } from "../../runtime.ts";
import { qwenHome } from "../../settings/paths.ts";
import {
  type OauthCredentials,
  parseCredentials,
  renderCredentials,
  unusable,
} from "./credentials.ts";

type Place = Pick<Runtime, "env" | "cwd" | "home">;
type Machine = Place & Pick<Runtime, "uid" | "sleep" | "trace">;

/** Who holds the lock may be asking the account service, which takes up to `REFRESH_TIMEOUT_MS`. */
const PATIENCE = { untilTakenMs: 12_000, untilGivenUpMs: 30_000 } as const;

/** Milliseconds for a request that is made under the lock. */
export const REFRESH_TIMEOUT_MS = 10_000;

/** More than any service's tokens have, in bytes. */
const LARGEST_FILE = 1024 * 1024;

/** Bytes that are put by for tokens that are not known yet, beside those of the old file. */
export const ROOM_FOR_TOKENS = 16 * 1024;

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
  if (isBlank(text)) {
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

/** An empty file is there to be mounted, or was emptied by a logout: it holds no tokens. */
export function isBlank(text: string): boolean {
  return text.trim() === "";
}

/** Whether something stands there that a logout would remove, understood or not. */
export function holdsTokens(path: string): boolean {
  const facts = inspectFile(path);
  return facts.kind === "file" && facts.size > 0;
}

/** From now on no output shows these tokens. */
export function rememberTokens(
  { addSecret }: Pick<Runtime, "addSecret">,
  { accessToken, refreshToken }: OauthCredentials,
): void {
  addSecret(accessToken);
  addSecret(refreshToken);
}

/** The file of the tokens, for whoever writes it. */
function credentialsFile(path: string): SecretFile {
  return {
    path,
    read: (facts) => readCredentials(path, facts),
    patience: PATIENCE,
    isWhole: (text) => isWhole(text, path),
  };
}

/** Whether a text is all of what somebody was about to save. */
function isWhole(text: string, path: string): boolean {
  try {
    parseCredentials(text, path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs `action` with the file under its lock (`holdPrivateFile`).
 * @throws ConfigError when the file cannot be used, QwenError when the system refuses
 */
export function holdCredentials(
  machine: Machine,
  action: (held: HeldFile) => Promise<void>,
): Promise<PrivateFileUpdated> {
  return holdPrivateFile(machine, credentialsFile(credentialsPath(machine)), action);
}

/**
 * Saves the tokens of a login.
 * @throws ConfigError when the file cannot be used, QwenError when the system refuses
 */
export function saveCredentials(
  machine: Machine,
  credentials: OauthCredentials,
): Promise<PrivateFileUpdated> {
  const text = renderCredentials(credentials);
  return holdCredentials(machine, async (held) => held.reserve(0).write(text));
}

/**
 * Finds out, before anybody is asked to log in, whether tokens could be saved.
 * @throws ConfigError, QwenError as `saveCredentials` does
 */
export function proveCredentials(machine: Pick<Machine, keyof Place | "uid">): Promise<void> {
  const file = credentialsFile(credentialsPath(machine));
  return provePrivateFile(machine, { ...file, rewrite: () => " ".repeat(ROOM_FOR_TOKENS) });
}

/**
 * Removes the tokens, also from a file that cannot be understood.
 * @throws ConfigError when something else stands there, QwenError when the system refuses
 */
export function removeCredentials(machine: Machine): Promise<PrivateFileUpdated> {
  return updatePrivateFile(machine, tokensToRemove(credentialsPath(machine)));
}

/**
 * Finds out whether the tokens could be removed.
 * @throws ConfigError, QwenError as `removeCredentials` does
 */
export function proveRemoval(machine: Machine): Promise<void> {
  return provePrivateFile(machine, tokensToRemove(credentialsPath(machine)));
}

/** Only whether something stands there counts: a file that is mounted cannot be more than emptied. */
function tokensToRemove(path: string): PrivateFile {
  return {
    path,
    read: (facts) =>
      facts.kind === "file" ? "x".repeat(Math.min(facts.size, 1)) : readCredentials(path, facts),
    rewrite: (text) => (text === "" ? undefined : REMOVED),
    patience: PATIENCE,
  };
}

/**
 * The text; nothing when another process has removed it just now.
 * @throws ConfigError when it is no readable file
 */
function readCredentials(path: string, facts: FileFacts): string {
  if (facts.kind === "other") {
    const hint = "remove what stands there, and log in again";
    throw unusable(path, `it is ${facts.description}`, { hint });
  }
  if (facts.kind === "file" && facts.size > LARGEST_FILE) {
    throw unusable(path, "it is larger than 1 MiB");
  }
  try {
    return unless(["ENOENT"], () => readFileSync(path, "utf8")) ?? "";
  } catch (error) {
    throw unusable(path, describeSystemError(error), { cause: error });
  }
}
