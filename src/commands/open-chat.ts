import { connectionProblem } from "../auth/connection-problem.ts";
import { endpointNotice } from "../auth/endpoint-notice.ts";
import { keyWords } from "../auth/key-name.ts";
import type { Service } from "../chat/ask-model.ts";
import type { Http } from "../protocols/http.ts";
import type { Env, Runtime } from "../runtime.ts";
import type { GlobalOptions } from "./command.ts";
import type { Connection } from "./load-connection.ts";
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
  const { wishes } = openService(runtime, connection);
  const http = await openHttp(runtime, configuration, options);
  const place = await openRenewable(runtime, options, { connection, http });
  const notice = endpointNotice(resolution);
  const warnings = [...configuration.warnings, ...resolution.warnings, ...wishes.warnings];
  return {
    service: {
      http,
      ...place,
      request: {
        model: resolution.model?.value ?? "",
        ...(options.system === undefined ? {} : { system: options.system }),
        ...wishes.body,
      },
      limits: { ...wishes, idleTimeoutMs: idleTimeoutOf(runtime.env) },
      ...keyWords(resolution),
    },
    notices: [
      ...warnings.map((warning) => `warning: ${warning}`),
      ...(notice === undefined ? [] : [notice]),
    ],
  };
}

type Opened = { readonly connection: Connection; readonly http: Http };

/** Where questions go; tokens of Qwen OAuth are refreshed now and when they are refused. */
async function openRenewable(
  runtime: Runtime,
  options: ChatWishes,
  { connection, http }: Opened,
): Promise<Pick<Service, "endpoint" | "renew">> {
  if (connection.resolution.oauth === undefined) {
    return { endpoint: openService(runtime, connection).endpoint };
  }
  const { freshConnection, renewedConnection } = await import("./renew-tokens.ts");
  const fresh = await freshConnection(runtime, options, { connection, http });
  return {
    endpoint: openService(runtime, fresh).endpoint,
    renew: async () => {
      const renewed = await renewedConnection(runtime, options, { connection: fresh, http });
      return renewed && openService(runtime, renewed).endpoint;
    },
  };
}

const DEFAULT_IDLE_TIMEOUT_MS = 240_000;

function idleTimeoutOf({ QWEN_STREAM_IDLE_TIMEOUT_MS: text = "" }: Env): number {
  return /^\d+$/.test(text) ? Number(text) : DEFAULT_IDLE_TIMEOUT_MS;
}
