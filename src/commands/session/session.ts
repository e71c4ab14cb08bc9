import { describeMethod } from "../../auth/describe-method.ts";
import { CATALOGUE } from "../../auth/providers/catalogue.ts";
import { PROVIDERS } from "../../auth/providers/providers.ts";
import { loadHistory, rememberLine } from "../../chat/session/history.ts";
import { runSession } from "../../chat/session/run-session.ts";
import type { Connected, SessionPorts } from "../../chat/session/session-ports.ts";
import { type Connection, loadConnection } from "../../connect/load-connection.ts";
import { openChat } from "../../connect/open-chat.ts";
import { CancelledError, EXIT, type ExitCode, QwenError } from "../../errors.ts";
import type { ChatOptions } from "../../flags/chat-flags.ts";
import { modelNamed } from "../../flags/model-flags.ts";
import { hostOf } from "../../lib/endpoint-url.ts";
import { visibleText } from "../../lib/visible-text.ts";
import { entryIdentity, type ModelEntry } from "../../models/entries/model-entries.ts";
import type { Resolution } from "../../models/resolution.ts";
import { resolveEntry } from "../../models/resolve-connection.ts";
import { askForTrust } from "../../prompts/ask-for-trust.ts";
import type { Runtime } from "../../runtime.ts";
import { historyPath } from "../../settings/paths.ts";
import { chooseStyle } from "../../terminal/style.ts";
import { runMenu } from "../auth/menu.ts";
import { printStatus } from "../auth/status.ts";
import { listRemoteModels } from "../output/remote-models.ts";
import { chooseModel } from "./choose-model.ts";
import {
  attachMentioned,
  editInEditor,
  pathsLike,
  saveConversation,
  withNamedFiles,
} from "./session-files.ts";
import { createKeeper, keepsHistory, storedConversation } from "./stored-conversations.ts";

/** Opens a session on the terminal; the prompt of the command line is its first question. */
export async function openSession(runtime: Runtime, options: ChatOptions): Promise<ExitCode> {
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
  let known: Connection | undefined;
  const isKept = (): boolean => options.keepsHistory && keepsHistory(known?.configuration);
  const keeper = createKeeper(runtime, isKept);
  /** Changes when the person decides otherwise: not to use the project's files, another model. */
  let current = options;
  /** What the session talks to, also where later sessions talk to another. */
  let inUse: ModelEntry | undefined;
  const connected = async (connection: Connection): Promise<Connected> => {
    const { service, notices } = await openChat(runtime, current, connection);
    const { entry, model } = connection.resolution;
    inUse = entry?.id === model?.value ? entry : undefined;
    known = connection;
    return { service, notices, label: labelOf(connection.resolution) };
  };
  const load = (): Promise<Connection> => loadConnection(runtime, current, current.connection);
  return {
    connect: async (outside) => {
      try {
        return await connected(await load());
      } catch (error) {
        if (!(error instanceof QwenError) || error.code !== "key-withheld") {
          throw error;
        }
        const withheld = await load();
        const decided = await outside(() => askForTrust(runtime, error, withheld));
        current = { ...current, ...decided };
        return connected(await load());
      }
    },
    authenticate: async (when) => {
      const login = { ...current, ...LOGIN };
      await leavable(runtime, (leaving) => runMenu(leaving, login));
      if (when === "again") {
        current = { ...current, connection: {} };
      }
    },
    chooseModel: async (word) => {
      const known = withEntry(await load(), inUse);
      const connection = await chooseModel(runtime, current, { word, connection: known });
      if (connection === undefined) {
        return undefined;
      }
      const opened = await connected(connection);
      current = { ...current, connection: {} };
      return opened;
    },
    showStatus: async () => {
      const shown = { ...current, json: false, showToken: false, verify: false };
      await printStatus(runtime, shown, withEntry(await load(), inUse));
    },
    modelOnce: async (word) => {
      const { configuration, resolution } = await load();
      const entry = modelNamed(configuration, resolution, word);
      const once = { configuration, resolution: resolveEntry(configuration, entry, CATALOGUE) };
      const { service, notices } = await openChat(runtime, current, once);
      return { service, notices, label: labelOf(once.resolution) };
    },
    listModels: async () => {
      const connection = withEntry(await load(), inUse);
      await listRemoteModels(runtime, { ...current, json: false }, connection);
    },
    keep: (event) => keeper.keep(event, known?.resolution.model?.value ?? ""),
    turnTo: keeper.turnTo,
    ...filePorts(runtime),
    modelIds: () => known?.configuration.models.entries.map(({ id }) => id) ?? [],
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

/** A connection with this entry instead of the one in force, where it still stands. */
function withEntry(connection: Connection, entry: ModelEntry | undefined): Connection {
  const { configuration, resolution } = connection;
  const same = configuration.models.entries.find(
    (other) => other.protocol === entry?.protocol && entryIdentity(other) === entryIdentity(entry),
  );
  return same === undefined || same === resolution.entry
    ? connection
    : { configuration, resolution: resolveEntry(configuration, same, CATALOGUE) };
}

/** `glm-5 · Z.AI`: the model and who has it. */
function labelOf(resolution: Resolution): string {
  const { model, endpoint } = resolution;
  const { provider, name: title } = describeMethod(resolution);
  const name = PROVIDERS.find(({ id }) => id === provider)?.label ?? title;
  return `${model?.value} · ${name ?? hostOf(endpoint?.value ?? "")}`;
}
