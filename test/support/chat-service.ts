import type { Service } from "../../src/chat/ask-model.ts";
import { rememberingHttp } from "../protocols/ask.ts";
import { type Reply, type ScriptedServer, scriptedServer } from "./scripted-server.ts";

/** A model `m` behind a server that gives these replies. */
export async function chatService(
  ...replies: readonly Reply[]
): Promise<ScriptedServer & { readonly service: Service; readonly host: string }> {
  const server = await scriptedServer(...replies);
  const service: Service = {
    http: rememberingHttp(),
    endpoint: {
      protocol: "openai",
      baseUrl: `${server.origin}/v1`,
      credential: undefined,
      customHeaders: {},
    },
    request: { model: "m" },
    limits: { timeoutMs: 0, idleTimeoutMs: 0, maxRetries: 0 },
    keyName: undefined,
  };
  return { ...server, service, host: new URL(server.origin).host };
}
