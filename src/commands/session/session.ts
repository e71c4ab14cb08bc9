import { describeMethod } from "../../auth/describe-method.ts";
import { CATALOGUE } from "../../auth/providers/catalogue.ts";
import { PROVIDERS } from "../../auth/providers/providers.ts";
import { loadHistory, rememberLine } from "../../chat/history.ts";
import { type Connected, runSession, type SessionPorts } from "../../chat/run-session.ts";
import { type Connection, loadConnection } from "../../connect/load-connection.ts";
import { openChat } from "../../connect/open-chat.ts";
import { CancelledError, type ExitCode, QwenError } from "../../errors.ts";
import type { ChatOptions } from "../../flags/chat-flags.ts";
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
import { chooseModel } from "./choose-model.ts";

/** Opens a session on the terminal; the prompt of the command line is its first question. */
export async function openSession(runtime: Runtime, options: ChatOptions): Promise<ExitCode> {
  const path = historyPath(runtime);
  const style = await chooseStyle(runtime, runtime.stdout, options.color);
  return runSession(runtime, sessionPorts(runtime, options, path), {
    style,
    history: loadHistory(path),
    question: options.prompt,
    header: (connected) => [
      `${style.bold(`qwen ${runtime.version}`)}${connected === undefined ? "" : `  ${visibleText(connected.label)}`}`,
      style.dim(`${visibleText(runtime.cwd)}  /help lists the commands`),
      "",
    ],
  });
}

function sessionPorts(runtime: Runtime, options: ChatOptions, history: string): SessionPorts {
  /** Changes when the person decides otherwise: not to use the project's files, another model. */
  let current = options;
  /** What the session talks to, also where later sessions talk to another. */
  let inUse: ModelEntry | undefined;
  const connected = async (connection: Connection): Promise<Connected> => {
    const { service, notices } = await openChat(runtime, current, connection);
    const { entry, model } = connection.resolution;
    inUse = entry?.id === model?.value ? entry : undefined;
    return { service, notices, label: labelOf(connection.resolution) };
  };
  const load = (): Promise<Connection> => loadConnection(runtime, current, current.connection);
  const login = { key: undefined, scope: "user", store: "settings" } as const;
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
      const menuOptions = { ...current, ...login, force: false, json: false, verify: undefined };
      await leavable(runtime, (leaving) => runMenu(leaving, menuOptions));
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
    remember: async (line) => {
      if (!runtime.holdsSecret(line)) {
        await rememberLine(runtime, history, line);
      }
    },
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
