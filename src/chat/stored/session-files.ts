import { readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { QwenError } from "../../errors.ts";
import { reasonUnopened, withOpenFile } from "../../lib/files/open-file.ts";
import { type OwnRule, openOwnFile } from "../../lib/files/open-own-file.ts";
import { REMOVED, updatePrivateFile } from "../../lib/files/private-file.ts";
import { systemErrorCode } from "../../lib/system-error.ts";
import type { Runtime } from "../../runtime.ts";
import { isSessionId } from "./session-id.ts";
import {
  eventLine,
  headLine,
  parseHead,
  parseSession,
  type SessionEvent,
  type SessionHead,
  type StoredSession,
} from "./session-text.ts";

/** Bytes; a longer file is not read. */
const LARGEST_FILE = 16 * 1024 * 1024;

/** Bytes that the first line takes at most. */
const LONGEST_HEAD = 16 * 1024;

/** Conversations that are kept. */
const MOST_FILES = 100;

type Machine = Pick<Runtime, "uid" | "sleep" | "trace">;

/** A folder of stored conversations, each a file of its own (`spec/on-a-terminal.md`). */
export type SessionFolder = {
  readonly machine: Machine;
  readonly path: string;
  /** What stands in a conversation goes to a model: somebody else's is not read. */
  readonly own: OwnRule;
};

type Readable = Pick<SessionFolder, "path" | "own">;

/**
 * Adds what happened to a conversation, under the lock of its file: two sessions that go on with the
 * same one both keep what they said. All of it is written, or nothing.
 * @throws QwenError when it cannot be written
 */
export async function recordEvents(
  folder: SessionFolder,
  head: SessionHead,
  events: readonly SessionEvent[],
): Promise<void> {
  const path = fileOf(folder, head.id);
  let isNew = false;
  await updatePrivateFile(folder.machine, {
    path,
    read: () => readText(folder, head.id),
    rewrite: (text) => {
      isNew = text === undefined;
      const before = text ?? headLine(head);
      const begun = before.endsWith("\n") ? before : `${before}\n`;
      return begun + events.map(eventLine).join("");
    },
  });
  if (isNew) {
    await removeOldest(folder);
  }
}

/** The ids of all conversations, the newest first. */
export function listSessions({ path }: Pick<SessionFolder, "path">): string[] {
  try {
    return readdirSync(path)
      .filter((name) => name.endsWith(".jsonl"))
      .map((name) => name.slice(0, -".jsonl".length))
      .filter(isSessionId)
      .sort()
      .reverse();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemErrorCode(error) ?? "")) {
      return [];
    }
    throw new QwenError(`Cannot list the conversations in \`${path}\``, { cause: error });
  }
}

/** Which conversation it is and where it was held; `undefined`: nobody can tell. */
export function readHead(folder: Pick<SessionFolder, "path">, id: string): SessionHead | undefined {
  return withOpenFile(fileOf(folder, id), (found) => {
    if (found.kind !== "file") {
      return undefined;
    }
    const bytes = Buffer.alloc(Math.min(LONGEST_HEAD, found.size));
    const head = parseHead(bytes.toString("utf8", 0, readSync(found.descriptor, bytes)));
    return "fault" in head ? undefined : head;
  });
}

/** @throws QwenError when nobody can read it, or it is somebody else's */
export function readSession(folder: Readable, id: string): StoredSession {
  const session = parseSession(readText(folder, id));
  if ("fault" in session) {
    throw unusable(id, session.fault);
  }
  // What goes on is this file, whatever stands in it.
  return { ...session, head: { ...session.head, id } };
}

function readText(folder: Readable, id: string): string {
  const file = openOwnFile(fileOf(folder, id), folder.own, { largest: LARGEST_FILE });
  if (file.kind !== "file") {
    const reason = file.kind === "other" ? `it is ${file.description}` : "it cannot be read";
    throw unusable(id, reasonUnopened(file, undefined) ?? reason);
  }
  if (file.fault !== undefined) {
    throw unusable(id, file.fault.reason, file.fault.remedy);
  }
  if (file.content.kind === "unreadable") {
    throw unusable(id, file.content.reason);
  }
  return file.content.text;
}

function unusable(
  id: string,
  why: string,
  hint = "choose another one with `qwen --resume`",
): QwenError {
  return new QwenError(`Cannot go on with the conversation ${id}: ${why}`, {
    code: "session-unusable",
    hint,
  });
}

/** Which conversation a beginning of its id means. @throws QwenError for none, or several */
export function findSession(folder: Pick<SessionFolder, "path">, begun: string): string {
  const ids = listSessions(folder);
  const [found, ...others] = ids.filter((id) => id.startsWith(begun));
  if (found === undefined || begun === "") {
    throw new QwenError(`Cannot go on with the conversation "${begun}": there is none`, {
      code: "session-unusable",
      hint: "choose one with `qwen --resume`",
    });
  }
  if (others.length > 0 && found !== begun) {
    throw new QwenError(
      `Cannot go on with the conversation "${begun}": ${others.length + 1} begin like that`,
      { code: "session-unusable", hint: `write more of it, as ${found}` },
    );
  }
  return found;
}

async function removeOldest(folder: SessionFolder): Promise<void> {
  for (const id of listSessions(folder).slice(MOST_FILES)) {
    const path = fileOf(folder, id);
    await updatePrivateFile(folder.machine, {
      path,
      read: () => "",
      rewrite: (text) => (text === undefined ? undefined : REMOVED),
    });
  }
}

function fileOf({ path }: Pick<SessionFolder, "path">, id: string): string {
  return join(path, `${id}.jsonl`);
}
