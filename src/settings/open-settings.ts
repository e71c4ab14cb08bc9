import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { ConfigError } from "../errors.ts";
import { realDirectory } from "../lib/files/inspect-file.ts";
import {
  type Content,
  readContent,
  type UnopenedFile,
  withOpenFile,
} from "../lib/files/open-file.ts";
import { type Fault, openOwnFile } from "../lib/files/open-own-file.ts";
import { openProjectFile } from "../lib/files/open-project-file.ts";
import { describeSystemError } from "../lib/system-error.ts";
import { LARGEST_SETTINGS_FILE } from "./largest-settings-file.ts";
import { ownFiles, ownRule, type Place, type SettingsPath } from "./paths.ts";

export type OpenOptions = Place & {
  readonly uid: number | undefined;
  /** Why the project's files of a directory (a real path) are not to be read, if so. */
  readonly objection?: ((directory: string) => string | undefined) | undefined;
};

type OpenedSettings =
  | { readonly kind: "missing" }
  | {
      readonly kind: "not-read";
      readonly why: "distrusted" | "passed-over";
      readonly warning: string;
    }
  /** One of the user's own files by another name. */
  | { readonly kind: "users" }
  | {
      readonly kind: "read";
      readonly mode: number;
      readonly owner: number;
      readonly text: string;
      readonly warnings: readonly string[];
    };

/**
 * Opens one settings file once, by the rule of its scope (`spec/settings-and-env.md`).
 * @throws ConfigError when it is no file to read, or others say what stands in it
 */
export function openSettings(options: OpenOptions, { scope, path }: SettingsPath): OpenedSettings {
  return scope === "project" ? openProjects(options, path) : openOwn(options, path);
}

function openOwn(options: OpenOptions, path: string): OpenedSettings {
  const file = openOwnFile(path, ownRule(options), { largest: LARGEST_SETTINGS_FILE });
  if (file.kind !== "file") {
    return missingOr(path, file);
  }
  const { fault, warning, mode, uid: owner } = file;
  if (fault !== undefined) {
    throw unsafe(path, fault);
  }
  const text = textOf(path, file.content);
  return { kind: "read", mode, owner, text, warnings: warning === undefined ? [] : [warning] };
}

function openProjects(options: OpenOptions, path: string): OpenedSettings {
  const { objection } = options;
  const directory = dirname(dirname(path));
  const refusal = objection?.(realDirectory(directory));
  if (refusal !== undefined) {
    const warning = `\`${path}\` was not read: ${refusal}`;
    return existsSync(path)
      ? { kind: "not-read", why: "distrusted", warning }
      : { kind: "missing" };
  }
  const file = openProjectFile(path, {
    own: ownRule(options),
    directory,
    userFiles: ownFiles(options),
    objection,
    largest: LARGEST_SETTINGS_FILE,
  });
  if (file.kind === "passed-over") {
    const { reason, realPath = path } = file;
    const link =
      realPath === path || reason.includes(realPath) ? "" : ` (a link to \`${realPath}\`)`;
    const warning = `\`${path}\`${link} was not read: ${reason}`;
    return { kind: "not-read", why: "passed-over", warning };
  }
  if (file.kind !== "file") {
    return missingOr(path, file);
  }
  if (file.origin === "user") {
    return { kind: "users" };
  }
  const { mode, uid: owner, content } = file;
  return { kind: "read", mode, owner, text: textOf(path, content), warnings: [] };
}

/** @throws ConfigError when something stands there that is no file to read */
function missingOr(
  path: string,
  found: UnopenedFile,
): Extract<OpenedSettings, { kind: "missing" }> {
  switch (found.kind) {
    case "missing":
      return { kind: "missing" };
    case "other":
      throw unreadable(path, `it is ${found.description}`);
    case "closed":
    case "inaccessible":
      throw unreadable(path, describeSystemError(found.error));
  }
}

/** @throws ConfigError when there is no text */
function textOf(path: string, content: Content): string {
  if (content.kind === "unreadable") {
    const { reason, fault } = content;
    throw unreadable(path, reason, fault === "utf-16" ? `save \`${path}\` as UTF-8` : undefined);
  }
  return content.text;
}

/**
 * Reads the text of a settings file, for whoever is about to write it; `undefined` when it is not
 * there.
 * @throws ConfigError when it is not a regular file, too large or unreadable
 */
export function readSettingsText(path: string): string | undefined {
  return withOpenFile(path, (found) => {
    if (found.kind === "file") {
      return textOf(path, readContent(found, LARGEST_SETTINGS_FILE));
    }
    missingOr(path, found);
    return undefined;
  });
}

function unreadable(
  path: string,
  why: string,
  hint = `check what stands at \`${path}\` and who may read it`,
): ConfigError {
  return new ConfigError(`Cannot read \`${path}\`: ${why}`, { code: "settings-unreadable", hint });
}

function unsafe(path: string, { reason, remedy }: Fault): ConfigError {
  return new ConfigError(`Cannot use \`${path}\`: ${reason}`, {
    code: "settings-unsafe",
    hint: remedy,
  });
}
