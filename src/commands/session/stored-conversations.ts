import {
  findSession,
  listSessions,
  readHead,
  readSession,
  recordEvents,
  type SessionFolder,
} from "../../chat/stored/session-files.ts";
import { createSessionId } from "../../chat/stored/session-id.ts";
import type { SessionEvent, SessionHead, StoredSession } from "../../chat/stored/session-text.ts";
import { QwenError, UsageError } from "../../errors.ts";
import type { GoesOn } from "../../flags/chat-flags.ts";
import { valueAt } from "../../lib/json/json-object.ts";
import { shortenHome } from "../../lib/shorten-home.ts";
import { shorten, visibleText } from "../../lib/visible-text.ts";
import type { Configuration } from "../../models/configuration.ts";
import type { Choice, Runtime } from "../../runtime.ts";
import { ownRule, sessionsPath } from "../../settings/paths.ts";

/** Keeps what is said in one conversation. */
export type Keeper = {
  /** Why they cannot be kept, where they cannot: then they are kept with what comes next. */
  readonly keep: (events: readonly SessionEvent[], model: string) => Promise<string | undefined>;
  /** What follows belongs to this conversation; `undefined`: to a new one. */
  readonly turnTo: (stored: StoredSession | undefined) => void;
};

/** Where the conversations of this person are kept. */
function sessionFolder(runtime: Runtime): SessionFolder {
  return { machine: runtime, path: sessionsPath(runtime), own: ownRule(runtime) };
}

/** Whether a person's own settings let conversations and typed lines be kept: `general.history`. */
export function keepsHistory(configuration: Configuration | undefined): boolean {
  const user = configuration?.layers.find(({ scope }) => scope === "user");
  return user === undefined || valueAt(user.value, ["general", "history"]) !== false;
}

/** @param isKept `false`: nothing is written */
export function createKeeper(runtime: Runtime, isKept: () => boolean): Keeper {
  let id: string | undefined;
  let unkept: readonly SessionEvent[] = [];
  return {
    keep: async (events, model) => {
      if (!isKept()) {
        return undefined;
      }
      id ??= createSessionId(runtime.now(), runtime.random);
      const head = { id, folder: runtime.cwd, model };
      unkept = [...unkept, ...events.map((event) => redacted(runtime, event))];
      try {
        await recordEvents(sessionFolder(runtime), head, unkept);
        unkept = [];
        return undefined;
      } catch (error) {
        if (!(error instanceof QwenError)) {
          throw error;
        }
        return error.message;
      }
    },
    turnTo: (stored) => {
      id = stored?.head.id;
      unkept = [];
    },
  };
}

function redacted({ redact }: Pick<Runtime, "redact">, event: SessionEvent): SessionEvent {
  return event.kind === "drop"
    ? event
    : { ...event, user: redact(event.user), assistant: redact(event.assistant) };
}

/** What a person must know of a conversation whose file is damaged. */
export function linesLost({ head, damaged }: StoredSession): string {
  const lines = damaged === 1 ? "1 line cannot be read" : `${damaged} lines cannot be read`;
  return `the conversation ${head.id} goes on with what is left: ${lines}`;
}

/**
 * The conversation that is to go on; `undefined`: the list was left.
 * @throws QwenError where there is none, or nobody can read it
 */
export async function storedConversation(
  runtime: Runtime,
  goesOn: GoesOn,
): Promise<StoredSession | undefined> {
  const folder = sessionFolder(runtime);
  switch (goesOn.kind) {
    case "id":
      return readSession(folder, findSession(folder, goesOn.begun));
    case "newest":
      return readSession(folder, newestHere(runtime, folder));
    case "list": {
      const id = await askForSession(runtime, folder);
      return id === undefined ? undefined : readSession(folder, id);
    }
  }
}

function newestHere({ cwd }: Pick<Runtime, "cwd">, folder: SessionFolder): string {
  const id = listSessions(folder).find((each) => readHead(folder, each)?.folder === cwd);
  if (id === undefined) {
    throw new QwenError("Cannot go on with a conversation: none was kept in this folder", {
      code: "session-unusable",
      hint: "choose one of another folder with `qwen --resume`, or begin with `qwen`",
    });
  }
  return id;
}

/** Characters of a question in the list. */
const LONGEST_TITLE = 50;

async function askForSession(runtime: Runtime, folder: SessionFolder): Promise<string | undefined> {
  const choices = listSessions(folder).flatMap((id) => describe(runtime, folder, id));
  if (choices.length === 0) {
    throw new UsageError("Cannot choose a conversation: none is kept", {
      code: "session-unusable",
      hint: "begin one with `qwen`",
    });
  }
  const answer = await runtime.prompter.search({ message: "Go on with:", choices });
  return answer.kind === "value" ? answer.value : undefined;
}

function describe(
  { home }: Pick<Runtime, "home">,
  folder: SessionFolder,
  id: string,
): Choice<string>[] {
  const head: SessionHead | undefined = readHead(folder, id);
  if (head === undefined) {
    return [];
  }
  const first = firstQuestion(folder, id);
  const about = [shortenHome(head.folder, home), head.model, first].filter((part) => part !== "");
  return [{ value: id, label: whenOf(id), description: visibleText(about.join(" · ")) }];
}

/** `2026-11-29 20:15`, in UTC as the id is. */
function whenOf(id: string): string {
  return id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d).*$/, "$1-$2-$3 $4:$5");
}

function firstQuestion(folder: SessionFolder, id: string): string {
  try {
    const [first] = readSession(folder, id).conversation;
    return shorten(first?.text.split("\n")[0] ?? "", LONGEST_TITLE);
  } catch {
    return "cannot be read";
  }
}
