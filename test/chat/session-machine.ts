import type { Service } from "../../src/chat/ask-model.ts";
import { type Connected, runSession, type SessionPorts } from "../../src/chat/run-session.ts";
import { CancelledError, type ExitCode } from "../../src/errors.ts";
import { PLAIN } from "../../src/terminal/style.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";
import { renderScreen } from "../support/screen.ts";
import type { ScriptedKeys } from "../support/scripted-terminal.ts";

export const CTRL_C = "\u0003";
export const CTRL_D = "\u0004";
/** What stands below each answer of the scripted server. */
export const COST = "5 tokens in, 2 out";

type Given = {
  readonly keys: ScriptedKeys;
  readonly ports?: Partial<SessionPorts>;
  readonly question?: string;
  readonly history?: readonly string[];
};

export type Session = {
  readonly exitCode: ExitCode;
  readonly screen: string;
  readonly remembered: readonly string[];
};

export function connected(service: Service, notices: readonly string[] = []): Connected {
  return { service, label: `${service.request.model} · Test`, notices };
}

/** Holds a session to its end, with a header of one line. */
export async function hold({ keys, ports, question, history = [] }: Given): Promise<Session> {
  const remembered: string[] = [];
  const runtime = fakeRuntime({ keys });
  const nothing: SessionPorts = {
    connect: () => Promise.reject(new Error("no connection")),
    authenticate: () => Promise.reject(new CancelledError()),
    chooseModel: async () => undefined,
    showStatus: async () => undefined,
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
    },
  );
  const screen = await renderScreen(runtime.written.stdout, { cols: 80, rows: 40 });
  return { exitCode, screen, remembered };
}
