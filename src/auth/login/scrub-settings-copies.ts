import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  type PrivateFile,
  provePrivateFile,
  updatePrivateFile,
} from "../../lib/files/private-file.ts";
import { type JsonObject, valueAt } from "../../lib/json/json-object.ts";
import type { JsonPath } from "../../lib/json/jsonc-edit.ts";
import { KEYLESS } from "../../models/protocol.ts";
import type { Runtime } from "../../runtime.ts";
import { readToScrub, scrubbedFile } from "../../secrets/scrub-file.ts";
import { parseSettingsText } from "../../settings/load-settings.ts";
import { qwenHome } from "../../settings/paths.ts";

type Machine = Pick<Runtime, "env" | "cwd" | "home" | "uid" | "sleep" | "trace">;

/** Copies of the settings that older releases and editors left, with whatever keys stood in them. */
const COPY = /^settings\.json(?:\.(?:orig|corrupted\..*|bak|backup.*|old|save|~\d+~)|~)$/;

/** What became of the copies. */
export type ClearedCopies = {
  /** Whether a key stood in one of them. */
  readonly changed: boolean;
  /** A line for each copy that had one, or that may have one and cannot be read. */
  readonly notes: readonly string[];
};

/**
 * Takes keys out of copies of the user's settings: these, and older ones at these paths.
 * @throws QwenError when a copy that holds a key cannot be written
 */
export async function scrubSettingsCopies(
  machine: Machine,
  paths: readonly JsonPath[],
  secrets: readonly string[],
): Promise<ClearedCopies> {
  const { files, notes } = await findCopies(machine, paths, secrets);
  for (const file of files) {
    await updatePrivateFile(machine, file);
  }
  const cleared = files.map(
    ({ path }) => `a key was taken out of \`${path}\`, a copy of the settings`,
  );
  return { changed: files.length > 0, notes: [...cleared, ...notes] };
}

/**
 * Finds out whether the copies that hold a key could be written.
 * @throws QwenError as `scrubSettingsCopies` does
 */
export async function proveCopies(
  machine: Machine,
  paths: readonly JsonPath[],
  secrets: readonly string[],
): Promise<void> {
  const { files } = await findCopies(machine, paths, secrets);
  for (const file of files) {
    await provePrivateFile(machine, file);
  }
}

type FoundCopies = {
  /** Those that hold a key, with what becomes of them. */
  readonly files: readonly PrivateFile[];
  /** A line for each that may hold one and cannot be read. */
  readonly notes: readonly string[];
};

async function findCopies(
  machine: Machine,
  paths: readonly JsonPath[],
  secrets: readonly string[],
): Promise<FoundCopies> {
  const directory = qwenHome(machine);
  const files: PrivateFile[] = [];
  const notes: string[] = [];
  for (const name of namesIn(directory).filter((it) => COPY.test(it))) {
    const path = join(directory, name);
    const content = readToScrub(path);
    if (content?.kind === "text") {
      const older = secretsAt(await parseIfPossible(content.text, path), paths);
      files.push(...[scrubbedFile(path, [...secrets, ...older])].filter((it) => it !== undefined));
    } else if (content !== undefined && secrets.length > 0) {
      notes.push(`a copy of the key may still be in \`${path}\`: ${content.reason}`);
    }
  }
  return { files, notes };
}

/** The secrets at some paths of a settings file. */
export function secretsAt(settings: JsonObject, paths: readonly JsonPath[]): string[] {
  return paths.map((path) => valueAt(settings, path)).filter(isSecret);
}

/** A reference such as `$NAME` is no secret, and nor is the place holder for no key. */
export function isSecret(value: unknown): value is string {
  return typeof value === "string" && value !== KEYLESS && !value.startsWith("$");
}

/** A copy that does not parse still may hold a key that is known from elsewhere. */
async function parseIfPossible(text: string, path: string): Promise<JsonObject> {
  try {
    return await parseSettingsText(text, path);
  } catch {
    return {};
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
