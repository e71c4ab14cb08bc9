import type { JsonObject } from "../lib/json/json-object.ts";
import type { StreamReader, WireProtocol } from "./chat-event.ts";
import type { ChatRequest } from "./chat-request.ts";
import type { FailureRow } from "./failures/failure-row.ts";

/** Where a model is reached, and with what. */
export type ServiceEndpoint = {
  readonly protocol: WireProtocol;
  /** As settings have it; `http:` or `https:`. */
  readonly baseUrl: string;
  /** `undefined`: no credential header is sent. */
  readonly credential:
    | {
        readonly value: string;
        /** `bearer`: an Anthropic auth token, which does not go into `x-api-key`. */
        readonly scheme: "key" | "bearer";
      }
    | undefined;
  /** How a service of Anthropic's protocol wants a key; absent: it is not known. */
  readonly keyHeader?: "bearer" | "x-api-key" | undefined;
  /** How one authenticates, where DashScope is to be told something else than the protocol. */
  readonly authType?: "qwen-oauth";
  /** `generationConfig.customHeaders`: over all others, in any letter case. */
  readonly customHeaders: Readonly<Record<string, string>>;
  /** Why this service refuses requests, beside what holds for all. */
  readonly failureRows?: readonly FailureRow[];
};

/** What tells the protocols apart; everything else is the same for all three. */
export type Wire = {
  readonly chatUrl: (baseUrl: string, model: string) => string;
  readonly modelsUrl: (baseUrl: string) => string;
  /** Those of the protocol, the credential and the host. */
  readonly headers: (endpoint: ServiceEndpoint, userAgent: string) => Record<string, string>;
  readonly toBody: (request: ChatRequest, endpoint: ServiceEndpoint) => JsonObject;
  readonly createReader: () => StreamReader;
};

/** The key and the values of headers that a request to an endpoint carries, each also by words. */
export function sentSecrets({ credential, customHeaders }: ServiceEndpoint): readonly string[] {
  const values = Object.values(customHeaders)
    .map((value) => [value, ...value.split(/\s+/)])
    .flat();
  return credential === undefined ? values : [credential.value, ...values];
}
