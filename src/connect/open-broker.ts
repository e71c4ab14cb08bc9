import { configuredOrThrow, keylessProblem } from "../auth/connection-problem.ts";
import { keyNameOf } from "../auth/describe-key.ts";
import { endpointNotice } from "../auth/endpoint-notice.ts";
import { requestProblem } from "../auth/verify/request-problem.ts";
import { type Budget, createLedger, summaryOf } from "../broker/accounting/ledger.ts";
import { NO_LOG, openLog } from "../broker/accounting/request-log.ts";
import type { Broker } from "../broker/answer-request.ts";
import type { ModelRule } from "../broker/choose-model.ts";
import { createKeySupply } from "../broker/key-supply.ts";
import { hostsOf, whyNotListening } from "../broker/listener.ts";
import type { Mount } from "../broker/mount.ts";
import { mountsOf } from "../broker/mounts-of.ts";
import { type Listener, type RunningBroker, serveBroker } from "../broker/serve-broker.ts";
import { createToken, tokenCheck } from "../broker/token.ts";
import { QwenError } from "../errors.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import type { Http } from "../http/http.ts";
import type { RequestFailure } from "../http/request-failure.ts";
import { hostOf, sameEndpoint } from "../lib/endpoint-url.ts";
import type { ConnectionFlags } from "../models/connection-flags.ts";
import { modelsAt } from "../models/models-at.ts";
import type { Configured, LoadedKey } from "../models/resolution.ts";
import type { Runtime } from "../runtime.ts";
import { maskKey } from "../secrets/mask.ts";
import { type Connection, loadConnection } from "./load-connection.ts";
import { loadKey } from "./load-key.ts";
import { openHttp } from "./open-http.ts";
import { openService } from "./open-service.ts";

/** What `auth run` and `auth serve` have in common. */
export type BrokerOptions = GlobalOptions & {
  readonly connection: ConnectionFlags;
  /** In its one form. */
  readonly anthropicBaseUrl: string | undefined;
  readonly modelRule: ModelRule;
  readonly budget: Budget;
  readonly log: string | undefined;
  readonly allowHosts: readonly string[];
};

/** A connection that tools may use, before anything has been fetched or sent. */
export type BrokerPlan = {
  readonly connection: Connection;
  readonly configured: Configured;
  readonly mounts: readonly Mount[];
  /** What a person must know before anything is sent, a line each. */
  readonly notices: readonly string[];
};

/**
 * Resolves what a broker is to be for (`spec/broker.md` §3, rule 9): the rules are those of
 * `auth token`.
 * @param doing as it follows "Cannot": `run claude`
 * @throws AuthError when nothing may or can be sent, ConfigError when settings are unusable
 */
export async function planBroker(
  runtime: Runtime,
  options: BrokerOptions,
  doing: string,
): Promise<BrokerPlan> {
  const connection = await loadConnection(runtime, options, options.connection);
  const { configuration, resolution } = connection;
  const configured = configuredOrThrow(resolution, doing);
  const { key, endpoint, warnings } = configured;
  if (key.kind === "keyless" && key.isUnset === true) {
    throw keylessProblem(key, { doing, endpoint: endpoint.value });
  }
  const notice = endpointNotice(resolution);
  return {
    connection,
    configured,
    mounts: mountsOf(configured, options),
    notices: [
      ...[...configuration.warnings, ...warnings].map((warning) => `warning: ${warning}`),
      ...(notice === undefined ? [] : [notice]),
    ],
  };
}

/** A plan with its key: everything that may ask a person something has been done. */
export type PreparedBroker = {
  /** As the key has it: a token that was renewed may be for another address. */
  readonly plan: BrokerPlan;
  readonly key: LoadedKey;
  readonly token: string;
  /** @throws QwenError when it cannot listen */
  readonly listen: (listener: Listener) => Listening;
};

export type Listening = RunningBroker & {
  /** What happened, a line each, once it is over. */
  readonly report: (tool: string | undefined) => readonly string[];
};

/**
 * Fetches the key, once, while the terminal is free, and opens what a broker needs.
 * @throws AuthError when there is no key, QwenError when the log cannot be written
 */
export async function prepareBroker(
  runtime: Runtime,
  options: BrokerOptions,
  plan: BrokerPlan,
): Promise<PreparedBroker> {
  const { now, sleep } = runtime;
  const http = await openHttp(runtime, plan.connection.configuration, options);
  const log = options.log === undefined ? NO_LOG : openLog(options.log, now);
  const notes: string[] = [];
  const opened = await openKey(runtime, options, { plan, http, notes });
  const { key, reload } = opened;
  const { connection, configured, mounts } = opened.plan;
  const token = createToken();
  const ledger = createLedger(options.budget);
  const selected = configured.model.value;
  const told = createReport(opened.plan, key);
  const build = (listener: Listener, port: number, enter: Broker["enter"]): Broker => ({
    gate: { hosts: hostsOf(listener, port, options.allowHosts), hasToken: tokenCheck(token) },
    mounts,
    models: {
      selected,
      known: new Set([selected, ...modelsAt(connection.configuration, configured)]),
      rule: options.modelRule,
    },
    keys: createKeySupply(key, { reload, now }),
    http,
    limits: configured.request,
    ledger,
    log,
    now,
    onReplaced: told.onReplaced,
    onRejected: told.onRejected,
    enter,
  });
  return {
    plan: opened.plan,
    key,
    token,
    listen: (listener) => {
      const served = serve(listener, sleep, (port, enter) => build(listener, port, enter));
      return {
        port: served.port,
        stop: async (patienceMs) => {
          await served.stop(patienceMs);
          log.close();
        },
        report: (tool) => [
          summaryOf(ledger.totals(), {
            tool,
            host: hostOf(configured.endpoint.value),
            model: selected,
          }),
          ...told.lines(),
          ...[...notes, log.loss()].flatMap((note) =>
            note === undefined ? [] : [`qwen: ${note}`],
          ),
        ],
      };
    },
  };
}

type OpenKey = {
  readonly plan: BrokerPlan;
  readonly http: Http;
  /** Takes what a person should know of a renewal, once it is over. */
  readonly notes: string[];
};

type OpenedKey = {
  readonly plan: BrokerPlan;
  readonly key: LoadedKey;
  readonly reload: (() => Promise<LoadedKey>) | undefined;
};

/** The key, and how another one is had once it is refused. */
async function openKey(
  runtime: Runtime,
  options: BrokerOptions,
  opening: OpenKey,
): Promise<OpenedKey> {
  const { plan } = opening;
  const { configured } = plan;
  if (configured.oauth !== undefined) {
    return openTokens(runtime, options, opening);
  }
  const load = async (isRefused: boolean): Promise<LoadedKey> => {
    const loaded = await loadKey(runtime, configured, { isRefused });
    openService(runtime, loaded);
    return loaded.key;
  };
  return {
    plan,
    key: await load(false),
    reload: configured.key.kind === "deferred" ? () => load(true) : undefined,
  };
}

/**
 * The same for tokens of Qwen OAuth, which are good for the address that came with them: a broker
 * goes to one, so a token that is renewed for another one is of no use to it.
 */
async function openTokens(
  runtime: Runtime,
  options: BrokerOptions,
  { plan, http, notes }: OpenKey,
): Promise<OpenedKey> {
  const { freshConnection, renewedConnection } = await import("./renew-tokens.ts");
  const opened = { http, onWarnings: (warnings: readonly string[]) => notes.push(...warnings) };
  let current = await freshConnection(runtime, options, { connection: plan.connection, http });
  const configuredNow = (): Configured => configuredOrThrow(current.resolution, "use the token");
  const configured = configuredNow();
  const load = async (): Promise<LoadedKey> => (await loadKey(runtime, configuredNow())).key;
  return {
    plan: { ...plan, connection: current, configured, mounts: mountsOf(configured, options) },
    key: await load(),
    reload: async () => {
      const renewed = await renewedConnection(runtime, options, { connection: current, ...opened });
      const endpoint = renewed?.resolution.endpoint?.value ?? configured.endpoint.value;
      if (!sameEndpoint(endpoint, configured.endpoint.value)) {
        notes.push(`the token was renewed for ${hostOf(endpoint)}: run the command again`);
      } else {
        current = renewed ?? current;
      }
      return load();
    },
  };
}

function serve(
  listener: Listener,
  sleep: Runtime["sleep"],
  open: (port: number, enter: Broker["enter"]) => Broker,
): RunningBroker {
  try {
    return serveBroker({ listener, open, sleep });
  } catch (error) {
    const where =
      listener.kind === "unix" ? listener.path : `${listener.hostname}:${listener.port}`;
    throw new QwenError(`Cannot listen on ${where}: ${whyNotListening(listener, error)}`, {
      code: "cannot-listen",
      hint: "name another place with `--listen`",
      cause: error,
    });
  }
}

type Report = Pick<Broker, "onReplaced" | "onRejected"> & {
  readonly lines: () => readonly string[];
};

/** What a person reads at the end beside the numbers; each once. */
function createReport({ configured }: BrokerPlan, key: LoadedKey): Report {
  const { endpoint, protocol, model } = configured;
  const replaced = new Set<string>();
  let rejected: RequestFailure | undefined;
  return {
    onReplaced: (asked) => replaced.add(asked),
    onRejected: (failure) => {
      rejected ??= failure;
    },
    lines: () => [
      ...[...replaced]
        .slice(0, 1)
        .map(
          (asked) =>
            `qwen: the tool asked for ${JSON.stringify(asked)}, which is none of this endpoint's: ` +
            `${model.value} was asked instead (\`--allow-any-model\` passes every model on)`,
        ),
      ...(rejected === undefined ? [] : [refusedLine(rejected)]),
    ],
  };

  function refusedLine(failure: RequestFailure): string {
    const masked = key.kind === "present" ? ` (${maskKey(key.value)})` : "";
    const name = keyNameOf(key);
    const { message, hint } = requestProblem(failure, {
      doing: "use the service",
      baseUrl: endpoint.value,
      protocol: protocol.value,
      keyName: name === undefined ? undefined : `${name}${masked}`,
    });
    return `qwen: ${message}${hint === undefined ? "" : `; ${hint}`}`;
  }
}
