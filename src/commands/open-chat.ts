import { connectionProblem } from "../auth/connection-problem.ts";
import { endpointNotice } from "../auth/endpoint-notice.ts";
import { keyNameOf } from "../auth/key-name.ts";
import type { Service } from "../chat/ask-model.ts";
import type { LoadedResolution, Resolution } from "../models/connection.ts";
import type { Configuration } from "../models/load-configuration.ts";
import type { Env, Runtime } from "../runtime.ts";
import type { GlobalOptions } from "./command.ts";
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
  const problem = connectionProblem(resolution, "ask a model");
  if (problem !== undefined) {
    throw problem;
  }
  const loaded = await loadKey(runtime, resolution);
  const { endpoint, wishes } = openService(runtime, configuration, loaded);
  const notice = endpointNotice(resolution);
  const warnings = [...configuration.warnings, ...resolution.warnings, ...wishes.warnings];
  return {
    service: {
      http: await openHttp(runtime, configuration, options),
      endpoint,
      request: {
        model: resolution.model?.value ?? "",
        ...(options.system === undefined ? {} : { system: options.system }),
        ...wishes.body,
      },
      limits: { ...wishes, idleTimeoutMs: idleTimeoutOf(runtime.env) },
      keyName: keyNameOf(loaded.key),
      renew: renewal(runtime, configuration, { resolution, loaded }),
    },
    notices: [
      ...warnings.map((warning) => `warning: ${warning}`),
      ...(notice === undefined ? [] : [notice]),
    ],
  };
}

type Known = { readonly resolution: Resolution; readonly loaded: LoadedResolution };

/** The way to a newer key, where a helper gives it. */
function renewal(
  runtime: Runtime,
  configuration: Configuration,
  { resolution, loaded }: Known,
): Service["renew"] {
  if (loaded.key.kind !== "present" || loaded.key.source.kind !== "helper") {
    return undefined;
  }
  return async (isRefused) => {
    const newer = await loadKey(runtime, resolution, { isRefused });
    return openService(runtime, configuration, newer).endpoint;
  };
}

const DEFAULT_IDLE_TIMEOUT_MS = 240_000;

function idleTimeoutOf({ QWEN_STREAM_IDLE_TIMEOUT_MS: text = "" }: Env): number {
  return /^\d+$/.test(text) ? Number(text) : DEFAULT_IDLE_TIMEOUT_MS;
}
