import { realpathSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { UsageError } from "../errors.ts";
import { isWithin } from "../lib/files/inspect-file.ts";
import { readText } from "../lib/files/read-text.ts";

/** A file that goes with a message. */
export type Attached = {
  /** As it was written. */
  readonly path: string;
  readonly text: string;
};

export type AttachOptions = {
  readonly cwd: string;
  readonly home: string;
  /** Files of keys and settings, none of which is ever sent. */
  readonly ownFiles: readonly string[];
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

/** Where a path leads, links followed; `undefined`: nothing is there. */
export function realPathOf(path: string, { cwd, home }: Pick<AttachOptions, "cwd" | "home">) {
  const whole = path.startsWith("~/") ? join(home, path.slice(2)) : resolve(cwd, path);
  try {
    return realpathSync(whole);
  } catch {
    return undefined;
  }
}

/** Whether a file stands below the working directory. */
export function isInside(real: string, { cwd }: Pick<AttachOptions, "cwd">): boolean {
  return isWithin(real, realpathSync(cwd));
}

/**
 * Reads a text file that is to go to a model. What it leads to is decided by the real path, and
 * read through one descriptor.
 * @throws UsageError for what is no text, too large, or holds keys
 */
export function attachFile(path: string, options: AttachOptions): Attached {
  const real = realPathOf(path, options);
  const refuse = (why: string, hint?: string): UsageError =>
    new UsageError(`Cannot send \`${path}\`: ${why}`, {
      code: "invalid-value",
      ...(hint === undefined ? {} : { hint }),
    });
  if (real === undefined) {
    throw refuse("there is no such file");
  }
  if (isKeyFile(real, options)) {
    throw refuse("it is a file of keys, which go to no model");
  }
  const content = readText(real, LARGEST_FILE);
  if (content.kind !== "text") {
    throw refuse(content.reason);
  }
  const { text } = content;
  if (options.holdsSecret(text) || PRIVATE_KEY.test(text)) {
    throw refuse("a key of yours stands in it", "take the key out of the file first");
  }
  return { path, text };
}

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Names under which keys are kept, here and by other programs. */
const KEY_NAMES =
  /^(?:\.env(?:\..+)?|\.netrc|\.npmrc|\.pgpass|\.git-credentials|id_(?:rsa|dsa|ecdsa|ed25519)|oauth_creds\.json|credentials|.*\.(?:pem|key|p12|pfx|kdbx))$/i;

/** Folders of nothing else. */
const KEY_FOLDERS = [".ssh", ".gnupg", ".aws", ".qwen"];

function isKeyFile(real: string, { home, ownFiles }: AttachOptions): boolean {
  const isPublic = /\.(?:example|sample|template|pub)$/i.test(real);
  const below = relative(home, real).split("/")[0] ?? "";
  return (
    !isPublic &&
    (KEY_NAMES.test(basename(real)) ||
      KEY_FOLDERS.includes(below) ||
      ownFiles.some((own) => realPathOf(own, { cwd: "/", home }) === real))
  );
}

/** A message with its files behind it, each in a fence that nothing in it ends. */
export function withFiles(message: string, files: readonly Attached[]): string {
  const blocks = files.map(({ path, text }) => {
    const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([signs]) => signs.length));
    const fence = "`".repeat(longest + 1);
    return `\n\n${path}:\n${fence}\n${text.replace(/\n$/, "")}\n${fence}`;
  });
  return message + blocks.join("");
}

/** `src/a.ts (120 lines)` */
export function chipOf({ path, text }: Attached): string {
  const lines = text.replace(/\n$/, "").split("\n").length;
  return `${path} (${lines} ${lines === 1 ? "line" : "lines"})`;
}
