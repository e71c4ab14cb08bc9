import type { Flags } from "./command.ts";
import { CONNECTION_FLAGS } from "./connection-flags.ts";

/** How an answer is printed. */
export const FORMATS = ["text", "json", "stream-json"] as const;

/** What `qwen` takes beside a question (`spec/cli.md`, "Chat flags"). */
export const CHAT_FLAGS: Flags = {
  prompt: { type: "string", alias: ["p"], value: "TEXT", description: "What to ask" },
  "prompt-interactive": {
    type: "string",
    alias: ["i"],
    value: "TEXT",
    description: "Ask this, then stay in the session",
  },
  ...CONNECTION_FLAGS,
  model: {
    type: "string",
    alias: ["m"],
    value: "ID",
    description: "The model to ask",
    offer: "models",
  },
  "openai-api-key": { type: "string", value: "KEY", description: "Use this key" },
  "openai-base-url": { type: "string", value: "URL", description: "Use this endpoint" },
  "output-format": {
    type: "string",
    alias: ["o"],
    value: "NAME",
    description: "text (default), json or stream-json",
    offer: FORMATS,
  },
  "include-partial-messages": {
    type: "boolean",
    description: "With stream-json: also every delta",
  },
  "system-prompt": { type: "string", value: "TEXT", description: "What the model is told first" },
  "append-system-prompt": { type: "string", value: "TEXT", description: "And what after that" },
};
