import { ANTHROPIC_BASE_URL } from "./anthropic-base-url.ts";
import type { Flags } from "./flag.ts";

/** What gateways want beside a key, for each model that a login configures. */
export const GATEWAY_FLAGS: Flags = {
  header: {
    type: "string",
    isRepeated: true,
    secret: "whole",
    valueHint: "NAME=VALUE",
    description: "A header of each request (`qwen help providers`)",
  },
  timeout: {
    type: "string",
    valueHint: "SECONDS",
    description: "How long a request may take",
    topic: "providers",
  },
  "context-window": {
    type: "string",
    valueHint: "TOKENS",
    description: "How many tokens the models can hold",
    topic: "providers",
  },
  "extra-body": {
    type: "string",
    valueHint: "JSON",
    description: "Fields that the body of every request gets",
    topic: "providers",
  },
  "anthropic-base-url": { ...ANTHROPIC_BASE_URL, topic: "providers" },
};
