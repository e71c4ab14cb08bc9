import { existsSync, fstatSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import { UsageError } from "../errors.ts";
import { isWithin } from "../lib/files/inspect-file.ts";
import { readText } from "../lib/files/read-text.ts";
import { identityAt, identityOf, type RealFile } from "../lib/files/real-file.ts";
import { typedPath } from "../lib/typed-path.ts";

/** A file that goes with a message. */
export type Attachment = {
  /** As it was written. */
  readonly path: string;
  readonly text: string;
  /** Where it was read, links followed. */
  readonly realPath: string;
};

export type AttachOptions = {
  readonly cwd: string;
  readonly home: string;
  /** Files of keys and settings, none of which is ever sent. */
  readonly ownFiles: readonly string[];
  /** The folder of settings, tokens and conversations. */
  readonly ownFolder: string;
  readonly holdsSecret: (text: string) => boolean;
};

/** Bytes; a model takes no more anyway. */
const LARGEST_FILE = 1024 * 1024;

/** `@src/a.ts`, `@"a b.txt"`; behind a blank or at the beginning, so that mail addresses are none. */
const MENTION = /(?<=^|\s)@(?:"([^"\n]+)"|([^\s"]+))/g;

/** Paths that a message names with `@`, each once. */
export function mentionedPaths(message: string): string[] {
  const paths = [...message.matchAll(MENTION)].map(
    ([, quoted, bare]) => quoted ?? bare?.replace(/[,.;:!?)]+$/, "") ?? "",
  );
  return [...new Set(paths.filter((path) => path !== ""))];
}

/** Whether something stands at a path that a message names. */
export function isThere(path: string, place: Pick<AttachOptions, "cwd" | "home">): boolean {
  return existsSync(typedPath(path, place));
}

/** Whether a file stands below the working directory. */
export function isInside({ realPath }: Attachment, { cwd }: Pick<AttachOptions, "cwd">): boolean {
  return isWithin(realPath, realpathSync(cwd));
}

/**
 * Reads a text file that is to go to a model. It is opened once: what it is, where it stands and
 * what it says are those of that descriptor.
 * @throws UsageError for what is no text, too large, or holds keys
 */
export function attachFile(path: string, options: AttachOptions): Attachment {
  const refuse = (why: string, hint?: string): UsageError =>
    new UsageError(`Cannot send \`${path}\`: ${why}`, {
      code: "invalid-value",
      ...(hint === undefined ? {} : { hint }),
    });
  if (path.trim() === "") {
    throw new UsageError("Cannot send a file: none is named", { code: "invalid-value" });
  }
  const content = readText(typedPath(path, options), LARGEST_FILE, (file) =>
    isKeyFile(file, options) ? "it is a file of keys, which go to no model" : undefined,
  );
  if (content.kind !== "text") {
    throw refuse(content.reason);
  }
  const { text, realPath } = content;
  if (options.holdsSecret(text) || PRIVATE_KEY.test(text)) {
    throw refuse("a key of yours stands in it", "take the key out of the file first");
  }
  return { path, text, realPath };
}

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|^PuTTY-User-Key-File-/m;

/** Names under which keys are kept, here and by other programs. */
const KEY_NAMES = new RegExp(
  [
    String.raw`\.env(?:rc|\..+)?`,
    String.raw`\.(?:netrc|npmrc|pypirc|pgpass|git-credentials|vault-token|dockercfg|s3cfg|htpasswd)`,
    "id_(?:rsa|dsa|ecdsa|ed25519)",
    String.raw`(?:oauth_creds|application_default_credentials|client_secret.*)\.json`,
    String.raw`credentials(?:\.(?:json|toml|ya?ml))?`,
    String.raw`.*\.(?:pem|key|p12|pfx|ppk|jks|keystore|kdbx)`,
  ]
    .map((name) => `^${name}$`)
    .join("|"),
  "i",
);

/** Folders below home of nothing else. */
const KEY_FOLDERS = [
  ...[".ssh", ".gnupg", ".aws", ".azure", ".codex", ".kube", ".docker", ".qwen"],
  ...[".config/gh", ".config/gcloud"],
];

function isKeyFile(file: RealFile, { home, ownFiles, ownFolder }: AttachOptions): boolean {
  const { realPath, descriptor } = file;
  const isPublic = /\.(?:example|sample|template|pub)$/i.test(realPath);
  const folders = [...KEY_FOLDERS.map((name) => join(home, name)), ownFolder];
  const identity = identityOf(fstatSync(descriptor, { bigint: true }), realPath);
  return (
    (!isPublic &&
      (KEY_NAMES.test(basename(realPath)) ||
        realPath.endsWith("/.qwen/settings.json") ||
        folders.some((folder) => isWithin(realPath, realPathOf(folder))))) ||
    ownFiles.some((own) => identityAt(own) === identity)
  );
}

/** A folder with every link resolved, as far as it is there. */
function realPathOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

/** A message with its files behind it, each in a fence that nothing in it ends. */
export function withFiles(message: string, files: readonly Attachment[]): string {
  const blocks = files.map(({ path, text }) => {
    const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([signs]) => signs.length));
    const fence = "`".repeat(longest + 1);
    return `\n\n${path}:\n${fence}\n${text.replace(/\n$/, "")}\n${fence}`;
  });
  return message + blocks.join("");
}

/** `src/a.ts (120 lines)` */
export function chipOf({ path, text }: Attachment): string {
  const lines = text.replace(/\n$/, "").split("\n").length;
  return `${path} (${lines} ${lines === 1 ? "line" : "lines"})`;
}
