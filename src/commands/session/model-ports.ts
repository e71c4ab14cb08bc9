import { describeMethod } from "../../auth/describe-method.ts";
import { CATALOGUE } from "../../auth/providers/catalogue.ts";
import { PROVIDERS } from "../../auth/providers/providers.ts";
import type { Service } from "../../chat/ask-model.ts";
import type { SessionModel, SessionPorts } from "../../chat/session/session-ports.ts";
import { type Connection, loadConnection, withAccount } from "../../connect/load-connection.ts";
import { openChat } from "../../connect/open-chat.ts";
import type { ChatOptions } from "../../flags/chat-flags.ts";
import { hostOf } from "../../lib/endpoint-url.ts";
import { accountFor } from "../../models/accounts/chosen-account.ts";
import { entryIdentity, type ModelEntry } from "../../models/entries/model-entries.ts";
import type { Resolution } from "../../models/resolution.ts";
import { resolveEntry } from "../../models/resolve-connection.ts";
import type { Runtime } from "../../runtime.ts";
import { accountWords, chooseAccount } from "./choose-account.ts";
import { chooseModel, entryNamed } from "./choose-model.ts";
import { modelWords } from "./unlisted-model.ts";

/** What a session talks to. */
export type SessionState = {
  /** Changes when the person decides otherwise: not to use the project's files, another model. */
  current: ChatOptions;
  known: Connection | undefined;
  /** What the session talks to, also where later sessions talk to another. */
  inUse: ModelEntry | undefined;
};

type ModelPorts = Pick<
  SessionPorts,
  "chooseModel" | "chooseAccount" | "modelOnce" | "modelIds" | "accountWords"
>;

/** What chooses models and accounts in a session. */
export function modelPorts(runtime: Runtime, state: SessionState): ModelPorts {
  return {
    chooseModel: async (word) => {
      const connection = await loadInUse(runtime, state);
      const entry = await chooseModel(runtime, state.current, { word, connection });
      if (entry === undefined) {
        return undefined;
      }
      const opened = await connected(runtime, state, withEntry(runtime, state, connection, entry));
      const { account } = state.current.connection;
      state.current = { ...state.current, connection: account === undefined ? {} : { account } };
      return opened;
    },
    chooseAccount: async (word) => {
      const { current } = state;
      const connection = await loadInUse(runtime, state);
      const choice = { word, connection, flags: current.connection };
      const chosen = await chooseAccount(runtime, choice);
      if (chosen === undefined) {
        return undefined;
      }
      const opened = await connected(runtime, state, chosen.connection);
      const { account } = chosen;
      state.current = { ...current, connection: { ...current.connection, account } };
      return opened;
    },
    modelOnce: async (word) => {
      const connection = await loadInUse(runtime, state);
      const entry = entryNamed(runtime, connection, word);
      const once = withEntry(runtime, state, connection, entry);
      const { service, notices } = await openChat(runtime, state.current, once);
      return { service, notices, label: labelOf(service, once.resolution) };
    },
    modelIds: () => (state.known === undefined ? [] : modelWords(runtime, state.known)),
    accountWords: () => (state.known === undefined ? [] : accountWords(state.known)),
  };
}

/** @throws QwenError when nothing may or can be sent */
export async function connected(
  runtime: Runtime,
  state: SessionState,
  connection: Connection,
): Promise<SessionModel> {
  const { service, notices } = await openChat(runtime, state.current, connection);
  const { entry, model } = connection.resolution;
  state.inUse = entry?.id === model?.value ? entry : undefined;
  state.known = connection;
  return { service, notices, label: labelOf(service, connection.resolution) };
}

export function load(runtime: Runtime, { current }: SessionState): Promise<Connection> {
  return loadConnection(runtime, current, current.connection);
}

/** What is in force, with the model that the session uses. */
export async function loadInUse(runtime: Runtime, state: SessionState): Promise<Connection> {
  const connection = await load(runtime, state);
  const entry = stillThere(connection, state);
  return entry === undefined || entry === connection.resolution.entry
    ? connection
    : withEntry(runtime, state, connection, entry);
}

/**
 * The entry that a session uses as it stands now; one that was typed or listed stands nowhere, and
 * is used as it was.
 */
function stillThere(
  { configuration }: Connection,
  { known, inUse }: SessionState,
): ModelEntry | undefined {
  const same = configuration.models.entries.find(
    (other) => other.protocol === inUse?.protocol && entryIdentity(other) === entryIdentity(inUse),
  );
  const isTyped =
    inUse !== undefined && known?.configuration.models.entries.includes(inUse) === false;
  return same ?? (isTyped ? inUse : undefined);
}

/** A connection with this entry instead of the one in force, and the account where it has that. */
function withEntry(
  runtime: Runtime,
  { current }: SessionState,
  { configuration }: Connection,
  entry: ModelEntry,
): Connection {
  const wanted = withAccount(runtime, current.connection).account;
  const { account, warnings } = accountFor(configuration, wanted, entry.envKey);
  const resolved = resolveEntry(configuration, entry, CATALOGUE, account);
  const resolution = { ...resolved, warnings: [...resolved.warnings, ...warnings] };
  return { configuration, resolution };
}

/** `glm-5 · Z.AI`: the model and who has it; with an account that was chosen, also its name. */
function labelOf({ request, endpoint }: Service, resolution: Resolution): string {
  const { key } = resolution;
  const { provider, name: title } = describeMethod(resolution);
  const name = PROVIDERS.find(({ id }) => id === provider)?.label ?? title;
  const hasKey = key.kind === "present" || key.kind === "deferred";
  const account = hasKey && key.source.kind === "account" ? ` · ${key.source.name}` : "";
  return `${request.model} · ${name ?? hostOf(endpoint.baseUrl)}${account}`;
}
