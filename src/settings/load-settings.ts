import { ConfigError } from "../errors.ts";
import { formatMode, realDirectory } from "../lib/files/inspect-file.ts";
import { isJsonObject, type JsonObject, valueAt } from "../lib/json/json-object.ts";
import { loadJsonc } from "../lib/json/load-jsonc.ts";
import { describeMismatch, findMismatch } from "../lib/json/shape.ts";
import type { Origin, Scope } from "../source.ts";
import { envKeysOf, keysInEntries } from "./env-keys.ts";
import { ineffectiveFlatKeys, normalizeVersions } from "./normalize-versions.ts";
import { type OpenOptions, openSettings, readSettingsText } from "./open-settings.ts";
import { type SettingsPath, settingsPaths } from "./paths.ts";
import { SETTINGS, WITHOUT_EFFECT } from "./schema.ts";
import { withoutNulls } from "./without-nulls.ts";

/** One settings file as it stands on disk, understood but not yet interpolated. */
export type SettingsFile = {
  readonly scope: Scope;
  readonly path: string;
  readonly origin: Origin;
  readonly exists: boolean;
  /** Absent, as is the owner, when the file was not read. */
  readonly mode?: number;
  /** Its user id. */
  readonly owner?: number;
  /** It is read though it belongs to neither the user nor root: it names no program to run. */
  readonly isForeign?: true;
  /** Why it was not read though it is there. */
  readonly notRead?: "distrusted" | "passed-over";
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

type LoadOptions = OpenOptions & {
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
    const loaded = await loadSettingsFile(options, place);
    if (loaded !== undefined) {
      const { file } = loaded;
      files.push(file);
      warnings.push(...loaded.warnings, ...flatKeyWarnings(file), ...typeWarnings(file));
    }
  }
  return { files, warnings };
}

/**
 * Reads and parses one settings file's text; what is `null` in it is absent.
 * @throws ConfigError with path, line, column or JSON path
 */
export async function parseSettingsText(
  text: string,
  path: string,
  scope: Scope = "user",
): Promise<JsonObject> {
  const invalid = (why: string): ConfigError =>
    new ConfigError(`Cannot use \`${path}\`: ${why}`, {
      code: "settings-invalid",
      hint:
        scope === "project"
          ? "correct the file with an editor, or add `--no-project`"
          : "correct the file with an editor; it was left as it is",
    });
  const parsed = await loadJsonc(text);
  if (parsed.kind === "error" && parsed.isEmpty) {
    return {};
  }
  if (parsed.kind === "error") {
    throw invalid(`line ${parsed.line}, column ${parsed.column}: ${parsed.message}`);
  }
  if (!isJsonObject(parsed.value)) {
    throw invalid("line 1, column 1: expected an object");
  }
  const value = text.includes("null") ? withoutNulls(parsed.value) : parsed.value;
  const mismatch = findMismatch(normalizeVersions(value), SETTINGS);
  if (mismatch !== undefined) {
    throw invalid(describeMismatch(mismatch));
  }
  return value;
}

/**
 * One settings file as it stands on disk, not understood or interpolated; a missing one is empty.
 * For whoever is about to write it: the owner and mode rule is that of the write.
 * @throws ConfigError as `loadSettings` does
 */
export async function readRawSettings(path: string): Promise<JsonObject> {
  const text = readSettingsText(path);
  return text === undefined ? {} : parseSettingsText(text, path);
}

type LoadedFile = {
  readonly file: SettingsFile;
  /** Why it was passed over, or what is worth knowing of who else can read or change it. */
  readonly warnings: readonly string[];
};

/**
 * Reads one settings file; `undefined` for a project's that is the same file as one of the user's.
 * @throws ConfigError as `loadSettings` does
 */
export async function loadSettingsFile(
  options: OpenOptions,
  place: SettingsPath,
): Promise<LoadedFile | undefined> {
  const { path } = place;
  const found = openSettings(options, place);
  switch (found.kind) {
    case "missing":
      return { file: absentFile(place), warnings: [] };
    case "not-read":
      return { file: { ...absentFile(place), notRead: found.why }, warnings: [found.warning] };
    case "users":
      return undefined;
    case "read":
      break;
  }
  const { mode, owner, text, warnings } = found;
  const value = normalizeVersions(await parseSettingsText(text, path, place.scope));
  const readable = readableWarning(options.uid, { ...place, mode, value });
  return {
    file: {
      ...absentFile(place),
      exists: true,
      value,
      refers: mayRefer(text),
      mode,
      owner,
      ...(options.uid === undefined || owner === options.uid || owner === 0
        ? {}
        : { isForeign: true }),
    },
    warnings: [...warnings, ...(warnings.length === 0 ? readable : [])],
  };
}

function absentFile({ scope, path }: SettingsPath): SettingsFile {
  const origin: Origin = scope === "project" ? "project" : "user";
  return { scope, path, origin, exists: false, value: {}, refers: false };
}

/** A dollar sign but in the key of `$version`, or its escape. */
function mayRefer(text: string): boolean {
  return text.replace(/"\$version"\s*:/g, "").includes("$") || text.includes("\\u0024");
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

/** Wrong types that change nothing but what the fields themselves would do. */
function typeWarnings({ path, value }: SettingsFile): string[] {
  return WITHOUT_EFFECT.map((shape) => findMismatch(value, shape))
    .filter((mismatch) => mismatch !== undefined)
    .map((mismatch) => `\`${path}\`: ${describeMismatch(mismatch)}; it is ignored`);
}

function readableWarning(
  uid: number | undefined,
  { path, scope, mode, value }: Pick<SettingsFile, "path" | "scope" | "value"> & { mode: number },
): string[] {
  const isOpen = scope === "user" && uid !== undefined && (mode & 0o077) !== 0;
  return isOpen && holdsKey(value)
    ? [
        `others can read \`${path}\`, which holds a key (mode ${formatMode(mode)}): ` +
          `run \`chmod 600 ${path}\``,
      ]
    : [];
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
