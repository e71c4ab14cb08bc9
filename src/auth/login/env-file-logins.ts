import { readDotenv } from "../../env/update-dotenv.ts";
import { ConfigError } from "../../errors.ts";
import type { JsonObject } from "../../lib/json/json-object.ts";
import type { JsoncEdit } from "../../lib/json/jsonc-edit.ts";
import type { Runtime } from "../../runtime.ts";
import { envKeysOf } from "../../settings/env-keys.ts";
import { nameListEdits } from "../../settings/name-lists.ts";
import { userDotenvPath } from "../../settings/paths.ts";

/** What the user's own `.env` sets; nothing where it cannot be read. */
export function storedInDotenv(
  machine: Pick<Runtime, "env" | "cwd" | "home" | "platform">,
): ReadonlySet<string> {
  try {
    return new Set(readDotenv(userDotenvPath(machine)).keys());
  } catch (error) {
    if (error instanceof ConfigError) {
      return new Set();
    }
    throw error;
  }
}

/**
 * The edits after which `security.auth.envFile` lists every key of an entry that the user's own
 * `.env` holds, also those of earlier logins, so that no other `.env` switches them off
 * (`spec/settings-and-env.md`, "`.env`").
 */
export function envFileEdits(
  current: JsonObject,
  options: {
    readonly stored: ReadonlySet<string>;
    /** Variables of interest beside those that the entries of `current` name. */
    readonly used: readonly string[];
    /** Variables that are taken out of the `.env`. */
    readonly leaving: readonly string[];
  },
): JsoncEdit[] {
  const { stored, used, leaving } = options;
  const names = new Set([...envKeysOf(current), ...used]);
  const added = [...names].filter((name) => stored.has(name) && !leaving.includes(name));
  return nameListEdits(current, "envFile", { added, removed: leaving });
}
