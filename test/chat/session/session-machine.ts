import type { Service } from "../../../src/chat/ask-model.ts";
import { runSession } from "../../../src/chat/session/run-session.ts";
import type { SessionModel, SessionPorts } from "../../../src/chat/session/session-ports.ts";
import type { StoredSession } from "../../../src/chat/stored/session-text.ts";
import { CancelledError, type ExitCode } from "../../../src/errors.ts";
import { PLAIN } from "../../../src/terminal/style.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";
import { renderScreen } from "../../support/screen.ts";
import type { ScriptedKeys } from "../../support/scripted-terminal.ts";

export const CTRL_C = "\u0003";
export const CTRL_D = "\u0004";
/** What stands below each answer of the scripted server. */
export const COST = "5 tokens in, 2 out";

/** A screen without its empty rows, and without how long an answer took. */
export function compact(screen: string): string {
  return screen
    .replace(/ · \d+\.\d s/g, "")
    .replace(/^m · (?=\d)/gm, "")
    .replace(/\n+/g, "\n");
}

type Given = {
  readonly keys: ScriptedKeys;
  readonly ports?: Partial<SessionPorts>;
  readonly question?: string;
  readonly history?: readonly string[];
  readonly stored?: StoredSession;
};

export type Session = {
  readonly exitCode: ExitCode;
  /** What was shown, without empty rows. */
  readonly screen: string;
  readonly shown: string;
  readonly remembered: readonly string[];
};

export function connected(service: Service, notices: readonly string[] = []): SessionModel {
  return { service, label: `${service.request.model} · Test`, notices };
}

/** Holds a session to its end, with a header of one line. */
export async function hold({
  keys,
  ports,
  question,
  history = [],
  stored,
}: Given): Promise<Session> {
  const remembered: string[] = [];
  const runtime = fakeRuntime({ keys });
  const nothing: SessionPorts = {
    connect: () => Promise.reject(new Error("no connection")),
    authenticate: () => Promise.reject(new CancelledError()),
    chooseModel: async () => undefined,
    chooseAccount: async () => undefined,
    modelOnce: () => Promise.reject(new Error("no model")),
    showStatus: async () => undefined,
    listModels: async () => undefined,
    keep: async () => undefined,
    turnTo: () => undefined,
    chooseStored: async () => undefined,
    saveFile: async (path) => path,
    attach: async (text) => ({ text, chips: [] }),
    editText: async (text) => text,
    modelIds: () => [],
    accountWords: () => [],
    pathsLike: () => [],
    remember: async (line) => {
      remembered.push(line);
    },
  };
  const exitCode = await runSession(
    runtime,
    { ...nothing, ...ports },
    {
      style: PLAIN,
      header: (model) => [`qwen ${model?.label ?? "without a model"}`],
      history,
      question,
      showsThinking: false,
      stored,
    },
  );
  const shown = await renderScreen(runtime.written.stdout, { cols: 80, rows: 60 });
  return { exitCode, screen: compact(shown), shown, remembered };
}
