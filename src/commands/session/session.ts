import { loadHistory, rememberLine } from "../../chat/session/history.ts";
import { sessionOutput } from "../../chat/session/in-session.ts";
import { runSession } from "../../chat/session/run-session.ts";
import type { SessionPorts } from "../../chat/session/session-ports.ts";
import { CancelledError, EXIT, type ExitCode, QwenError } from "../../errors.ts";
import type { ChatOptions } from "../../flags/chat-flags.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { askForTrust } from "../../prompts/ask-for-trust.ts";
import type { Runtime } from "../../runtime.ts";
import { historyPath } from "../../settings/paths.ts";
import { chooseStyle } from "../../terminal/style.ts";
import { runMenu } from "../auth/menu.ts";
import { printStatus } from "../auth/status.ts";
import { listRemoteModels } from "../output/remote-models.ts";
import { connected, load, loadInUse, modelPorts, type SessionState } from "./model-ports.ts";
import {
  attachMentioned,
  editInEditor,
  pathsLike,
  saveConversation,
  withNamedFiles,
} from "./session-files.ts";
import { createKeeper, keepsHistory, storedConversation } from "./stored-conversations.ts";

/** Opens a session on the terminal; the prompt of the command line is its first question. */
export async function openSession(given: Runtime, options: ChatOptions): Promise<ExitCode> {
  const runtime = {
    ...given,
    stdout: sessionOutput(given.stdout),
    stderr: sessionOutput(given.stderr),
  };
  const path = historyPath(runtime);
  const style = await chooseStyle(runtime, runtime.stdout, options.color);
  const { goesOn, files, prompt, showsThinking } = options;
  const stored = goesOn === undefined ? undefined : await storedConversation(runtime, goesOn);
  if (goesOn !== undefined && stored === undefined) {
    return EXIT.interrupted;
  }
  return runSession(runtime, sessionPorts(runtime, options, path), {
    style,
    history: loadHistory(path),
    question: prompt === undefined ? undefined : withNamedFiles(runtime, prompt, files),
    showsThinking,
    stored,
    header: (connected) => [
      `${style.bold(`qwen ${runtime.version}`)}${connected === undefined ? "" : `  ${visibleText(connected.label)}`}`,
      style.dim(`${visibleText(runtime.cwd)} · /help · Esc stops an answer · Ctrl+D leaves`),
      "",
    ],
  });
}

/** What `qwen auth` of a shell would take from its flags. */
const LOGIN = {
  key: undefined,
  scope: "user",
  store: "settings",
  force: false,
  json: false,
  verify: undefined,
  isInSession: true,
} as const;

function sessionPorts(runtime: Runtime, options: ChatOptions, history: string): SessionPorts {
  const state: SessionState = { current: options, known: undefined, inUse: undefined };
  const isKept = (): boolean => options.keepsHistory && keepsHistory(state.known?.configuration);
  const keeper = createKeeper(runtime, isKept);
  return {
    connect: async (outside) => {
      try {
        return await connected(runtime, state, await load(runtime, state));
      } catch (error) {
        if (!(error instanceof QwenError) || error.code !== "key-withheld") {
          throw error;
        }
        const withheld = await load(runtime, state);
        const decided = await outside(() => askForTrust(runtime, error, withheld));
        state.current = { ...state.current, ...decided };
        return connected(runtime, state, await load(runtime, state));
      }
    },
    authenticate: async (when) => {
      const login = { ...state.current, ...LOGIN };
      await leavable(runtime, (leaving) => runMenu(leaving, login));
      if (when === "again") {
        state.current = { ...state.current, connection: {} };
      }
    },
    ...modelPorts(runtime, state),
    showStatus: async () => {
      const shown = {
        ...state.current,
        json: false,
        showToken: false,
        verify: false,
        isInSession: true,
      };
      await printStatus(runtime, shown, await loadInUse(runtime, state));
    },
    listModels: async () => {
      const shown = { ...state.current, json: false };
      await listRemoteModels(runtime, shown, await loadInUse(runtime, state));
    },
    keep: (events) => keeper.keep(events, state.known?.resolution.model?.value ?? ""),
    turnTo: keeper.turnTo,
    ...filePorts(runtime),
    remember: async (line) => {
      if (isKept() && !runtime.holdsSecret(line)) {
        await rememberLine(runtime, history, line);
      }
    },
  };
}

type FilePorts = Pick<
  SessionPorts,
  "chooseStored" | "saveFile" | "attach" | "editText" | "pathsLike"
>;

function filePorts(runtime: Runtime): FilePorts {
  return {
    chooseStored: (begun) =>
      storedConversation(runtime, begun === undefined ? { kind: "list" } : { kind: "id", begun }),
    saveFile: (path, text) => saveConversation(runtime, path, text),
    attach: (message, outside) => attachMentioned(runtime, message, outside),
    editText: (text) => editInEditor(runtime, text),
    pathsLike: (begun) => pathsLike(runtime, begun),
  };
}

/**
 * Does what Ctrl+C leaves also while a service is waited for: then nobody is asked any more, neither
 * the service nor, whether to go on without it, the person.
 */
async function leavable<Value>(
  runtime: Runtime,
  action: (leaving: Runtime) => Promise<Value>,
): Promise<Value> {
  const controller = new AbortController();
  const { signal } = controller;
  const { prompter } = runtime;
  const left = new CancelledError("Cancelled; nothing was written");
  const release = runtime.onInterrupt(() => controller.abort(left));
  try {
    return await action({
      ...runtime,
      fetch: (url, options) => {
        const signals = [signal, options.signal];
        return runtime.fetch(url, { ...options, signal: AbortSignal.any(signals) });
      },
      prompter: {
        ...prompter,
        confirm: async (question) =>
          signal.aborted ? { kind: "cancelled" } : prompter.confirm(question),
      },
    });
  } finally {
    release();
  }
}
