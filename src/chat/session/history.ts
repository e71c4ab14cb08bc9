import { QwenError } from "../../errors.ts";
import { readContent, withOpenFile } from "../../lib/files/open-file.ts";
import { updatePrivateFile } from "../../lib/files/private-file.ts";
import type { Runtime } from "../../runtime.ts";
import { hideCredentials } from "../../secrets/credentials.ts";
import { looksLikeKey } from "../../secrets/looks-like-key.ts";

/** Entries that are kept. */
const MOST_ENTRIES = 1000;

/** Bytes; a longer file is not ours. */
const LARGEST_FILE = 8 * 1024 * 1024;

type Machine = Pick<Runtime, "uid" | "sleep" | "trace">;

/** What was typed in earlier sessions, the oldest first; nothing when the file cannot be read. */
export function loadHistory(path: string): readonly string[] {
  try {
    return parse(readEntries(path));
  } catch {
    return [];
  }
}

/**
 * Adds an entry to the file (0600), unless it may hold a secret or repeats the last one. Never a
 * reason to stop a session: a file that cannot be written is left alone.
 */
export async function rememberLine(machine: Machine, path: string, line: string): Promise<void> {
  if (mayHoldSecret(line)) {
    return;
  }
  try {
    await updatePrivateFile(machine, {
      path,
      read: () => readEntries(path),
      rewrite: (text = "") => {
        const entries = parse(text);
        return entries.at(-1) === line
          ? undefined
          : latest([...entries, line].map((entry) => `${escapeEntry(entry)}\n`))?.join("");
      },
    });
  } catch (error) {
    // The session is worth more than its history.
    if (!(error instanceof QwenError)) {
      throw error;
    }
  }
}

/** @throws QwenError when it is no file of ours */
function readEntries(path: string): string {
  const content = withOpenFile(path, (found) =>
    found.kind === "file" ? readContent(found, LARGEST_FILE) : undefined,
  );
  if (content?.kind !== "text") {
    throw new QwenError(`Cannot read \`${path}\`: it is no history`);
  }
  return content.text;
}

/**
 * As many of the last lines as a file of ours holds: a longer one would never be read again.
 * `undefined`: the last one alone is too long.
 */
function latest(lines: readonly string[]): readonly string[] | undefined {
  let room = LARGEST_FILE;
  const tooLong = lines.findLastIndex((line) => {
    room -= Buffer.byteLength(line);
    return room < 0;
  });
  return tooLong === lines.length - 1
    ? undefined
    : lines.slice(Math.max(tooLong + 1, lines.length - MOST_ENTRIES));
}

/**
 * Names of keys with a value behind them: `export X_API_KEY=…`, `token = "…"`, `--key …`, a line of
 * YAML or JSON, `set -gx X_KEY …`. Bounded, so that a long line takes no longer than its length.
 */
const ASSIGNMENTS = [
  /(?:key|token|secret|passw(?:or)?d|credentials?)\w{0,64}["']?\s{0,8}=\s{0,8}[^\s=>]/i,
  /--(?:[a-z]{1,20}-){0,3}(?:key|token|secret|password)\s{1,8}[^\s-]/i,
  /(?:KEY|TOKEN|SECRET|PASSWORD)["']?\s{0,8}:\s{0,8}\S/,
  /(?:key|token|secret|password)["']\s{0,8}:\s{0,8}["']/i,
  /\bset(?:x|env|\s{1,8}-\w{1,8})?\s{1,8}\w{0,64}(?:KEY|TOKEN|SECRET|PASSWORD)\w{0,64}\s{1,8}\S/i,
];

/** What one tells of a key: a value with a digit in it behind its name, in words or in a command. */
const TOLD = [
  /(?:key|token|secret|passw(?:or)?d|passphrase|\bpw|密码|密钥|令牌)["']?(?:\s{0,8}(?:\bis\b|是|为|[:：=]|[-=]>)\s{0,8}|\s{1,8})["']?(?=[^\s\d]{0,64}\d)\S{8}/i,
  /\b(?:bearer|basic)\s{1,8}(?=[^\s\d]{0,64}\d)\S{8}/i,
  /\s(?:-u|--user)[\s=]{0,4}["']?[^\s:]{1,64}:\S/,
  /-----BEGIN [A-Z ]{0,32}PRIVATE KEY/,
];

/** How credentials of other services begin: AWS, Slack, GitHub, GitLab, npm, tokens in JSON. */
const BEGINNINGS =
  /\b(?:A[KS]IA[A-Z\d]{12}|xox[a-z]-\w|gh[oprsu]_\w{16}|github_pat_\w|glpat-\w|npm_\w{16}|hf_\w{16}|eyJ[\w-]{8,512}\.\w)/;

/** Keys stand between blanks, in quotes, behind their names, in headers and in URLs. */
function mayHoldSecret(line: string): boolean {
  return (
    [...ASSIGNMENTS, ...TOLD, BEGINNINGS].some((pattern) => pattern.test(line)) ||
    hideCredentials(line) !== line ||
    [...line.split(/\s+/), ...line.split(/[^\w-]+/)].some(looksLikeKey)
  );
}

/** A line for each entry; its own line breaks and backslashes are escaped. */
function escapeEntry(entry: string): string {
  return entry.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function parse(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replace(/\\(.)/g, (_all, next) => (next === "n" ? "\n" : next)));
}
