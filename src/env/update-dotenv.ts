import { ConfigError, UsageError } from "../errors.ts";
import { inspectFile } from "../lib/files/inspect-file.ts";
import { type Content, readContent, withOpenFile } from "../lib/files/open-file.ts";
import {
  type PrivateFile,
  type PrivateFileUpdated,
  provePrivateFile,
  updatePrivateFile,
} from "../lib/files/private-file.ts";
import { describeSystemError } from "../lib/system-error.ts";
import type { Runtime } from "../runtime.ts";
import { removeDotenvVariable, setDotenvVariable } from "./edit-dotenv.ts";
import { LARGEST_DOTENV_FILE } from "./find-dotenv.ts";
import { parseDotenv } from "./parse-dotenv.ts";

type DotenvEdit = {
  readonly name: string;
  /** `undefined` removes the variable. */
  readonly value: string | undefined;
};

export type DotenvUpdate = { readonly path: string; readonly edits: readonly DotenvEdit[] };

/**
 * Changes variables in the user's `.env` with the guarantees of a settings write
 * (`spec/trust-and-secrets.md`, "Secrets at rest"). A file is not made just to remove something.
 * @throws ConfigError when the file cannot be used or must not be written
 * @throws UsageError when a value cannot be spelt in a `.env`
 * @throws QwenError when the system refuses: read-only, no space
 */
export function updateDotenv(
  runtime: Pick<Runtime, "uid" | "sleep" | "trace">,
  update: DotenvUpdate,
): Promise<PrivateFileUpdated> {
  return updatePrivateFile(runtime, dotenvFile(update));
}

/**
 * Finds out whether an update could be written, as `provePrivateFile` does. A directory in place of
 * the file, which Docker makes for a mount without a source, holds nothing that could be removed.
 * @throws ConfigError, UsageError, QwenError as `updateDotenv` does
 */
export async function proveDotenv(
  runtime: Pick<Runtime, "uid">,
  update: DotenvUpdate,
): Promise<void> {
  const onlyRemoves = update.edits.every(({ value }) => value === undefined);
  if (!(onlyRemoves && inspectFile(update.path).kind === "other")) {
    await provePrivateFile(runtime, dotenvFile(update));
  }
}

/** The user's `.env` with what becomes of it. */
function dotenvFile({ path, edits }: DotenvUpdate): PrivateFile {
  return {
    path,
    read: () => readDotenvText(path) ?? "",
    rewrite: (text) =>
      text === undefined && edits.every(({ value }) => value === undefined)
        ? undefined
        : edits.reduce(applyEdit, text ?? ""),
  };
}

/**
 * The variables of one `.env`; none where there is no file.
 * @throws ConfigError when the file cannot be read
 */
export function readDotenv(path: string): ReadonlyMap<string, string> {
  const text = inspectFile(path).kind === "other" ? undefined : readDotenvText(path);
  return parseDotenv(text ?? "");
}

export type DotenvRemoval = {
  /** What stood there. */
  readonly removed: ReadonlyMap<string, string>;
  /** What was done, a line each. */
  readonly notes: readonly string[];
};

/**
 * Takes variables out of the user's `.env`. Touches nothing, not even a lock, if it has none.
 * @throws ConfigError when the file cannot be used, QwenError when the system refuses
 */
export async function removeFromDotenv(
  runtime: Pick<Runtime, "uid" | "sleep" | "trace">,
  path: string,
  names: readonly string[],
): Promise<DotenvRemoval> {
  const removed = new Map([...readDotenv(path)].filter(([name]) => names.includes(name)));
  if (removed.size === 0) {
    return { removed, notes: [] };
  }
  const found = [...removed.keys()];
  const edits = found.map((name) => ({ name, value: undefined }));
  const { notes } = await updateDotenv(runtime, { path, edits });
  return {
    removed,
    notes: [...notes, ...found.map((name) => `\`${name}\` was removed from \`${path}\``)],
  };
}

/**
 * The text of a `.env`; `undefined` when it is not there.
 * @throws ConfigError when it is no regular file, too large or unreadable
 */
function readDotenvText(path: string): string | undefined {
  return withOpenFile(path, (found) => {
    switch (found.kind) {
      case "missing":
        return undefined;
      case "other":
        throw unreadable(path, `it is ${found.description}`);
      case "closed":
      case "inaccessible":
        throw unreadable(path, describeSystemError(found.error));
      case "file":
        return textOf(path, readContent(found, LARGEST_DOTENV_FILE));
    }
  });
}

function textOf(path: string, content: Content): string {
  if (content.kind === "unreadable") {
    throw unreadable(path, content.reason);
  }
  return content.text;
}

function applyEdit(text: string, { name, value }: DotenvEdit): string {
  if (value === undefined) {
    return removeDotenvVariable(text, name);
  }
  const edited = setDotenvVariable(text, name, value);
  if (edited === undefined) {
    throw new UsageError(
      "Cannot write this key to a `.env` file: its characters have no spelling there",
      {
        code: "invalid-key",
        hint: "leave `--store env-file` out",
      },
    );
  }
  return edited;
}

function unreadable(path: string, why: string): ConfigError {
  return new ConfigError(`Cannot read \`${path}\`: ${why}`, {
    code: "dotenv-unreadable",
    hint: `check what stands at \`${path}\` and who may read it`,
  });
}
