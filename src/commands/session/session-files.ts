import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import {
  attachFile,
  chipOf,
  isInside,
  isThere,
  mentionedPaths,
  withFiles,
} from "../../chat/attach-files.ts";
import type { Message, Outside } from "../../chat/session/session-ports.ts";
import { CancelledError, QwenError, UsageError } from "../../errors.ts";
import { childEnvironment } from "../../lib/child-environment.ts";
import { readText } from "../../lib/files/read-text.ts";
import { saveNewFile } from "../../lib/files/save-new-file.ts";
import { typedPath } from "../../lib/typed-path.ts";
import { visibleText } from "../../lib/visible-text.ts";
import type { Runtime } from "../../runtime.ts";
import { splitCommand } from "../../secrets/split-command.ts";
import { ownFiles, qwenHome } from "../../settings/paths.ts";

function attachOptions(runtime: Runtime) {
  const { cwd, home, holdsSecret } = runtime;
  return { cwd, home, holdsSecret, ownFiles: ownFiles(runtime), ownFolder: qwenHome(runtime) };
}

/**
 * A message with the files that it names with `@`. What is no path of a file stays text; one outside
 * of the folder is sent only when the person says so.
 * @throws UsageError for a file that must not be sent, CancelledError when that question is left
 */
export async function attachMentioned(
  runtime: Runtime,
  message: string,
  outside: Outside,
): Promise<Message> {
  const options = attachOptions(runtime);
  const files = [];
  for (const path of mentionedPaths(message)) {
    if (!isThere(path, options)) {
      continue;
    }
    const file = attachFile(path, options);
    if (isInside(file, options) || (await outside(() => maySend(runtime, file.realPath)))) {
      files.push(file);
    }
  }
  return { text: withFiles(message, files), chips: files.map(chipOf) };
}

async function maySend({ prompter }: Runtime, real: string): Promise<boolean> {
  const answer = await prompter.confirm({
    message: `${visibleText(real)} lies outside of this folder. Send it?`,
    yes: "Send it",
    no: "Leave it out",
    initial: false,
  });
  if (answer.kind !== "value") {
    throw new CancelledError();
  }
  return answer.value;
}

/** The question of the command line with the files of `--file`. @throws UsageError as above */
export function withNamedFiles(
  runtime: Runtime,
  message: string,
  paths: readonly string[],
): string {
  const options = attachOptions(runtime);
  return withFiles(
    message,
    paths.map((path) => attachFile(path, options)),
  );
}

/** Candidates for Tab: names in the folder that a path leads into, directories with a slash. */
export function pathsLike({ cwd }: Pick<Runtime, "cwd">, begun: string): readonly string[] {
  const folder = begun.endsWith("/") ? begun : `${dirname(begun)}/`;
  const before = begun.includes("/") ? (begun.endsWith("/") ? begun : `${dirname(begun)}/`) : "";
  try {
    return readdirSync(resolve(cwd, folder), { withFileTypes: true })
      .filter(({ name }) => !name.startsWith(".") || begun.slice(before.length).startsWith("."))
      .map((entry) => `${before}${entry.name}${entry.isDirectory() ? "/" : ""}`)
      .sort();
  } catch {
    return [];
  }
}

/**
 * Writes a conversation for the person, who alone may read it.
 * @throws UsageError when something stands there, QwenError when it cannot be written
 */
export async function saveConversation(
  runtime: Runtime,
  path: string,
  text: string,
): Promise<string> {
  const whole = typedPath(path, runtime);
  await saveNewFile(runtime, whole, runtime.redact(text));
  return whole;
}

/** Bytes; a model takes no more anyway. */
const LARGEST_MESSAGE = 1024 * 1024;

/**
 * What the person makes of a text in their editor.
 * @throws QwenError when there is none, or it fails
 */
export async function editInEditor(runtime: Runtime, text: string): Promise<string> {
  const command = runtime.env.VISUAL || runtime.env.EDITOR || "";
  const words = splitCommand(command, runtime.home);
  if (words === undefined || words.length === 0) {
    throw new UsageError("Cannot open an editor: neither `VISUAL` nor `EDITOR` is set", {
      hint: "set the variable `EDITOR`, and begin the session anew",
    });
  }
  const folder = mkdtempSync(join(tmpdir(), "qwen-"));
  const file = join(folder, "message.md");
  try {
    writeFileSync(file, text, { mode: 0o600 });
    const env = childEnvironment(runtime.env, { session: true });
    const end = await runtime.processes.runTool({ argv: [...words, file], env });
    if (end.kind !== "exited" || end.code !== 0) {
      throw new QwenError(`Cannot take the message from \`${command}\`: it failed`, {
        hint: "set the variable `EDITOR` to an editor that works",
      });
    }
    const written = readText(file, LARGEST_MESSAGE);
    if (written.kind !== "text") {
      throw new QwenError(`Cannot take the message from \`${command}\`: ${written.reason}`, {
        hint: "write text, and save it where the editor found it",
      });
    }
    return written.text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
