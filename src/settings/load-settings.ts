import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { ConfigError } from "../errors.ts";
import {
  type FileFacts,
  formatMode,
  inspectFile,
  realDirectory,
  reasonToPassOver,
} from "../lib/inspect-file.ts";
import { isJsonObject, type JsonObject, valueAt } from "../lib/json-object.ts";
import { loadJsonc } from "../lib/load-jsonc.ts";
import { describeMismatch, findMismatch } from "../lib/shape.ts";
import { describeSystemError } from "../lib/system-error.ts";
import type { Origin, Scope } from "../source.ts";
import { envKeysOf, keysInEntries } from "./env-keys.ts";
import { type Place, type SettingsPath, settingsPaths } from "./paths.ts";
import { SETTINGS, WITHOUT_EFFECT } from "./schema.ts";
import { ineffectiveFlatKeys, understandVersions } from "./understand-versions.ts";
import { withoutNulls } from "./without-nulls.ts";

/** The largest settings file that is read or written, in bytes. */
const LARGEST_SETTINGS_FILE = 8 * 1024 * 1024;

/** One settings file as it stands on disk, understood but not yet interpolated. */
export type SettingsFile = {
  readonly scope: Scope;
  readonly path: string;
  readonly origin: Origin;
  readonly exists: boolean;
  readonly mode?: number;
  /** Empty when the file does not exist or was passed over. */
  readonly value: JsonObject;
  /** Whether some string may refer to a variable; most files have none, however many models. */
  readonly refers: boolean;
};

export type LoadedSettings = {
  /** Lowest precedence first; files that do not exist are there, empty. */
  readonly files: readonly SettingsFile[];
  readonly warnings: readonly string[];
};

type LoadOptions = Place & {
  readonly uid: number | undefined;
  /** `false` leaves the project's file out (`--no-project`). */
  readonly projectFiles: boolean;
};

/**
 * Reads the four settings files. Nothing is ever written here.
 * @throws ConfigError naming path, line and column when a file cannot be used as it is
 */
export async function loadSettings(options: LoadOptions): Promise<LoadedSettings> {
  const files: SettingsFile[] = [];
  const warnings: string[] = [];
  for (const place of settingsPaths(options)) {
    if (place.scope === "project" && !readsProject(options)) {
      continue;
    }
    const { file, warning } = await loadSettingsFile(place, options.uid);
    files.push(file);
    if (warning !== undefined) {
      warnings.push(warning);
    }
    warnings.push(...flatKeyWarnings(file), ...typeWarnings(file));
  }
  return { files, warnings };
}

/**
 * Reads and parses one settings file's text; what is `null` in it is absent.
 * @throws ConfigError with path, line, column or JSON path
 */
export async function parseSettingsText(text: string, path: string): Promise<JsonObject> {
  const parsed = await loadJsonc(text);
  if (parsed.kind === "error" && parsed.isEmpty) {
    return {};
  }
  if (parsed.kind === "error") {
    throw invalid(path, `line ${parsed.line}, column ${parsed.column}: ${parsed.message}`);
  }
  if (!isJsonObject(parsed.value)) {
    throw invalid(path, "line 1, column 1: expected an object");
  }
  const value = text.includes("null") ? withoutNulls(parsed.value) : parsed.value;
  const mismatch = findMismatch(understandVersions(value), SETTINGS);
  if (mismatch !== undefined) {
    throw invalid(path, describeMismatch(mismatch));
  }
  return value;
}

/**
 * One settings file as it stands on disk, not understood or interpolated; a missing one is empty.
 * @throws ConfigError as `loadSettings` does
 */
export async function readRawSettings(path: string): Promise<JsonObject> {
  const facts = inspectFile(path);
  return facts.kind === "missing" || facts.kind === "dangling"
    ? {}
    : parseSettingsText(readSettingsText(path, facts), path);
}

/**
 * Reads one settings file; `warning` says why it was passed over, or who else can read it.
 * @throws ConfigError as `loadSettings` does
 */
export async function loadSettingsFile(
  { scope, path }: SettingsPath,
  uid: number | undefined,
): Promise<{ file: SettingsFile; warning?: string | undefined }> {
  const origin: Origin = scope === "project" ? "project" : "user";
  const absent: SettingsFile = { scope, path, origin, exists: false, value: {}, refers: false };
  const facts = inspectFile(path);
  if (facts.kind === "missing" || facts.kind === "dangling") {
    return { file: absent };
  }
  if (facts.kind === "file" && origin === "project") {
    const reason = reasonToPassOver(facts, { directory: dirname(dirname(path)), uid });
    if (reason !== undefined) {
      const isNamed = facts.realPath === path || reason.includes(facts.realPath);
      const link = isNamed ? "" : ` (a link to \`${facts.realPath}\`)`;
      return { file: absent, warning: `\`${path}\`${link} was not read: ${reason}` };
    }
  }
  const text = readSettingsText(path, facts);
  const value = understandVersions(await parseSettingsText(text, path));
  const mode = facts.kind === "file" ? facts.mode : undefined;
  return {
    file: {
      ...absent,
      exists: true,
      value,
      refers: mayRefer(text),
      ...(mode === undefined ? {} : { mode }),
    },
    warning: modeWarning({ path, scope, mode, uid, value }),
  };
}

/** A dollar sign but in the key of `$version`, or its escape. */
function mayRefer(text: string): boolean {
  return text.replace(/"\$version"\s*:/g, "").includes("$") || text.includes("\\u0024");
}

/**
 * Reads the text of a settings file that exists.
 * @throws ConfigError when it is not a regular file, too large or unreadable
 */
export function readSettingsText(path: string, facts: FileFacts): string {
  if (facts.kind === "other") {
    throw unreadable(path, `it is ${facts.description}`);
  }
  if (facts.kind === "inaccessible") {
    throw unreadable(path, describeSystemError(facts.error));
  }
  if (facts.kind === "file" && facts.size > LARGEST_SETTINGS_FILE) {
    throw unreadable(path, "it is larger than 8 MiB");
  }
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw unreadable(path, describeSystemError(error));
  }
}

/** In the home directory the project's file would be the user's own one. */
export function readsProject({
  cwd,
  home,
  projectFiles,
}: Pick<LoadOptions, "cwd" | "home" | "projectFiles">): boolean {
  return projectFiles && realDirectory(cwd) !== realDirectory(home);
}

function flatKeyWarnings({ path, value }: SettingsFile): string[] {
  return ineffectiveFlatKeys(value).map(
    (key) => `\`${key}\` in \`${path}\` has no effect: the file's \`$version\` is 2 or newer`,
  );
}

/** A wrong type that changes nothing but what the field itself would do. */
function typeWarnings({ path, value }: SettingsFile): string[] {
  const mismatch = findMismatch(value, WITHOUT_EFFECT);
  return mismatch === undefined
    ? []
    : [`\`${path}\`: ${describeMismatch(mismatch)}; it is ignored`];
}

function modeWarning(file: {
  readonly path: string;
  readonly scope: Scope;
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly value: JsonObject;
}): string | undefined {
  const { path, mode = 0 } = file;
  const isOwn = file.scope === "user" && file.uid !== undefined;
  if (!isOwn || (mode & 0o077) === 0) {
    return undefined;
  }
  const remedy = `run \`chmod 600 ${path}\``;
  if ((mode & 0o002) !== 0) {
    return `others can change \`${path}\` (mode ${formatMode(mode)}): ${remedy}`;
  }
  return holdsKey(file.value)
    ? `others can read \`${path}\`, which holds a key (mode ${formatMode(mode)}): ${remedy}`
    : undefined;
}

/**
 * Whether a variable of `env` that looks like a key's, or that an entry names, has a value, or a
 * key stands in a place where keys are not read.
 */
export function holdsKey(value: JsonObject): boolean {
  const named = envKeysOf(value);
  const env = isJsonObject(value.env) ? Object.entries(value.env) : [];
  const apiKey = valueAt(value, ["security", "auth", "apiKey"]);
  return (
    (typeof apiKey === "string" && apiKey !== "") ||
    keysInEntries(value).length > 0 ||
    env.some(([name, text]) => (/KEY|TOKEN/.test(name) || named.has(name)) && text !== "")
  );
}

function invalid(path: string, why: string): ConfigError {
  return new ConfigError(`Cannot use \`${path}\`: ${why}`, {
    code: "settings-invalid",
    hint: "correct the file with an editor; it was left as it is",
  });
}

function unreadable(path: string, why: string): ConfigError {
  return new ConfigError(`Cannot read \`${path}\`: ${why}`, {
    code: "settings-unreadable",
    hint: `check what stands at \`${path}\` and who may read it`,
  });
}
