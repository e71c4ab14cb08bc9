import { filled } from "../lib/filled.ts";
import type { ConnectionFlags } from "../models/connection-flags.ts";
import { AUTH_TYPES } from "../models/protocol.ts";
import { readAccountWord } from "./account-word.ts";
import { type Flags, type FlagValues, textOf } from "./flag.ts";

/** The flags that decide the connection, the same for chat and for `auth status`. */
export const CONNECTION_FLAGS: Flags = {
  model: {
    type: "string",
    alias: ["m"],
    valueHint: "ID",
    description: "As if this model were chosen",
    offer: "models",
  },
  "auth-type": {
    type: "string",
    valueHint: "TYPE",
    description: "openai, anthropic, gemini or qwen-oauth",
    offer: AUTH_TYPES,
    topic: "chat",
  },
  "openai-api-key": {
    type: "string",
    valueHint: "KEY",
    description: "As if this key were given",
    secret: "whole",
    topic: "chat",
  },
  "openai-base-url": {
    type: "string",
    valueHint: "URL",
    description: "As if this endpoint were given",
    topic: "chat",
  },
  account: {
    type: "string",
    valueHint: "NAME",
    description: "As if this account were in force",
    offer: "accounts",
    topic: "chat",
  },
};

/**
 * White space around a value is dropped; a blank one counts as not given.
 * @throws UsageError when `--account` is no name of an account
 */
export function toConnectionFlags(values: FlagValues): ConnectionFlags {
  const account = textOf(values, "account");
  return {
    authType: filled(textOf(values, "auth-type")),
    model: filled(textOf(values, "model")),
    apiKey: filled(textOf(values, "openai-api-key")),
    baseUrl: filled(textOf(values, "openai-base-url")),
    account:
      account === undefined
        ? undefined
        : { ...readAccountWord(account, "--account"), from: "--account" },
  };
}
