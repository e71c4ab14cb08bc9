import { configuredOrThrow } from "../auth/connection-problem.ts";
import { describeKey } from "../auth/describe-key.ts";
import { endpointNotice } from "../auth/endpoint-notice.ts";
import type { Service } from "../chat/ask-model.ts";
import type { GlobalOptions } from "../flags/global-flags.ts";
import type { Http } from "../http/http.ts";
import { modelsAt } from "../models/models-at.ts";
import type { Configured, LoadedResolution } from "../models/resolution.ts";
import type { Runtime } from "../runtime.ts";
import type { Connection } from "./load-connection.ts";
import { loadKey } from "./load-key.ts";
import { openHttp } from "./open-http.ts";
import { openService } from "./open-service.ts";

type ChatWishes = GlobalOptions & {
  /** What the model is told first. */
  readonly system: string | undefined;
};

type OpenedChat = {
  readonly service: Service;
  /** What a person must know before anything is sent, a line each. */
  readonly notices: readonly string[];
};

/**
 * Everything that is needed to ask the model in force.
 * @throws AuthError when nothing may or can be sent, ConfigError when settings are unusable
 */
export async function openChat(
  runtime: Runtime,
  options: ChatWishes,
  connection: Connection,
): Promise<OpenedChat> {
  const { configuration, resolution } = connection;
  const configured = configuredOrThrow(resolution, "ask a model");
  const http = await openHttp(runtime, configuration, options);
  const opened = { connection, http };
  const {
    key,
    warnings: ofPlace,
    ...place
  } = resolution.oauth === undefined
    ? await openKey(runtime, configured)
    : await openTokens(runtime, options, opened);
  const notice = endpointNotice(resolution);
  const warnings = [...configuration.warnings, ...ofPlace];
  return {
    service: {
      http,
      ...place,
      request: {
        model: configured.model.value,
        ...(options.system === undefined ? {} : { system: options.system }),
        ...configured.request.body,
      },
      limits: configured.request,
      ...describeKey({ ...configured, key }),
      knownModels: modelsAt(configuration, configured),
      ...(resolution.entry?.contextWindowSize === undefined
        ? {}
        : { contextWindow: resolution.entry.contextWindowSize }),
    },
    notices: [
      ...warnings.map((warning) => `warning: ${warning}`),
      ...(notice === undefined ? [] : [notice]),
    ],
  };
}

type OpenConnection = { readonly connection: Connection; readonly http: Http };

type Place = Pick<Service, "endpoint" | "renew"> & Pick<LoadedResolution, "key" | "warnings">;

/** Where questions go; the key of a helper may be another one for each of them. */
async function openKey(runtime: Runtime, resolution: Configured): Promise<Place> {
  const loaded = await loadKey(runtime, resolution);
  const { key, warnings } = loaded;
  const endpoint = openService(runtime, loaded);
  if (key.kind !== "present" || key.source.kind !== "helper") {
    return { endpoint, key, warnings };
  }
  return {
    endpoint,
    key,
    warnings,
    renew: async (refusal) => {
      // Who may not do something is known all the same: another key is no help.
      if (refusal?.status === 403) {
        return undefined;
      }
      const newer = await loadKey(runtime, resolution, { isRefused: refusal !== undefined });
      return openService(runtime, newer);
    },
  };
}

/** The same for tokens of Qwen OAuth, refreshed now and when they are refused. */
async function openTokens(
  runtime: Runtime,
  options: ChatWishes,
  { connection, http }: OpenConnection,
): Promise<Place> {
  const { freshConnection, renewedConnection } = await import("./renew-tokens.ts");
  let current = await freshConnection(runtime, options, { connection, http });
  const open = async () => {
    const loaded = await loadKey(runtime, configuredOrThrow(current.resolution, "ask a model"));
    const { key, warnings } = loaded;
    return { endpoint: openService(runtime, loaded), key, warnings };
  };
  return {
    ...(await open()),
    renew: async (refusal) => {
      if (refusal !== undefined) {
        const renewed = await renewedConnection(runtime, options, { connection: current, http });
        if (renewed === undefined) {
          return undefined;
        }
        current = renewed;
      }
      return (await open()).endpoint;
    },
  };
}
