import { join } from "node:path";
import { formatMode, inspectFile } from "../../lib/files/inspect-file.ts";
import {
  type Content,
  readContent,
  type UnopenedFile,
  withOpenFile,
} from "../../lib/files/open-file.ts";
import { type OwnFile, openOwnFile } from "../../lib/files/open-own-file.ts";
import {
  type HeldFile,
  holdPrivateFile,
  type PrivateFile,
  type PrivateFileUpdated,
  provePrivateFile,
  REMOVED,
  type SecretFile,
  updatePrivateFile,
} from "../../lib/files/private-file.ts";
import { describeSystemError } from "../../lib/system-error.ts";
import type { Runtime } from "../../runtime.ts";
import { ownRule, qwenHome } from "../../settings/paths.ts";
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
  const file = openOwnFile(path, ownRule(runtime), { largest: LARGEST_FILE });
  const text = textOf(path, file);
  if (isBlank(text)) {
    return undefined;
  }
  const credentials = parseCredentials(text, path);
  rememberTokens(runtime, credentials);
  return { path, credentials, warnings: warningsOf(path, file, runtime.uid) };
}

/** @throws ConfigError when there is no text, or others decide what stands in it */
function textOf(path: string, file: OwnFile | UnopenedFile): string {
  if (file.kind === "file" && file.fault !== undefined) {
    throw unusable(path, file.fault.reason, { hint: file.fault.remedy });
  }
  return file.kind === "file" ? contentOf(path, file.content) : throwUnlessMissing(path, file);
}

function warningsOf(path: string, file: OwnFile | UnopenedFile, uid: number | undefined): string[] {
  if (file.kind !== "file" || uid === undefined) {
    return [];
  }
  const { mode, warning } = file;
  const readable =
    `others can read \`${path}\`, which holds tokens (mode ${formatMode(mode)}): ` +
    `run \`chmod 600 ${path}\``;
  return warning === undefined ? ((mode & 0o044) === 0 ? [] : [readable]) : [warning];
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
    read: () => readCredentials(path),
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
    purpose: "remove",
    read: (facts) =>
      facts.kind === "file" ? "x".repeat(Math.min(facts.size, 1)) : readCredentials(path),
    rewrite: (text) => (text === "" ? undefined : REMOVED),
    patience: PATIENCE,
  };
}

/**
 * The text, for whoever writes the file; nothing when it is not there.
 * @throws ConfigError when it is no readable file
 */
function readCredentials(path: string): string {
  return withOpenFile(path, (found) =>
    found.kind === "file"
      ? contentOf(path, readContent(found, LARGEST_FILE))
      : throwUnlessMissing(path, found),
  );
}

/** @throws ConfigError when it cannot be read */
function contentOf(path: string, content: Content): string {
  if (content.kind === "unreadable") {
    throw unusable(path, content.reason, { cause: content.cause });
  }
  return content.text;
}

/** @throws ConfigError when something stands there that is no file to read */
function throwUnlessMissing(path: string, found: UnopenedFile): "" {
  switch (found.kind) {
    case "missing":
      return "";
    case "other": {
      const hint = "remove what stands there, and log in again";
      throw unusable(path, `it is ${found.description}`, { hint });
    }
    case "closed":
    case "inaccessible":
      throw unusable(path, describeSystemError(found.error), { cause: found.error });
  }
}
