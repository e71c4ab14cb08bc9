import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type JsonObject, valueAt } from "../lib/json-object.ts";
import type { JsonPath } from "../lib/jsonc-edit.ts";
import { KEYLESS } from "../models/protocol.ts";
import type { Runtime } from "../runtime.ts";
import { scrubFile } from "../secrets/scrub-file.ts";
import { parseSettingsText } from "../settings/load-settings.ts";
import { qwenHome } from "../settings/paths.ts";

type Machine = Pick<Runtime, "env" | "cwd" | "home" | "uid" | "sleep" | "trace">;

/** Copies of the settings that older releases and editors left, with whatever keys stood in them. */
const COPY = /^settings\.json(?:\.(?:orig|corrupted\..*|bak|backup.*|old|save|~\d+~)|~)$/;

/**
 * Takes keys out of copies of the user's settings: these, and older ones at these paths.
 * Returns a line for each copy that had one.
 * @throws QwenError when a copy cannot be read or written
 */
export async function clearCopies(
  machine: Machine,
  paths: readonly JsonPath[],
  secrets: readonly string[],
): Promise<string[]> {
  const directory = qwenHome(machine);
  const notes: string[] = [];
  for (const name of namesIn(directory).filter((it) => COPY.test(it))) {
    const path = join(directory, name);
    const older = secretsAt(await parseIfPossible(path), paths);
    if (await scrubFile(machine, path, [...secrets, ...older])) {
      notes.push(`a key was taken out of \`${path}\`, a copy of the settings`);
    }
  }
  return notes;
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
async function parseIfPossible(path: string): Promise<JsonObject> {
  try {
    return await parseSettingsText(readFileSync(path, "utf8"), path);
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
