import { PROTOCOLS } from "../../models/protocol.ts";
import type { Flags } from "../flag.ts";
import { GATEWAY_FLAGS } from "../gateway-flags.ts";
import { LOGIN_FLAGS } from "../login-flags.ts";

const offers = () => import("./provider-offers.ts");

/** The flags of `auth api-key`. */
export const API_KEY_FLAGS: Flags = {
  provider: {
    type: "string",
    valueHint: "NAME",
    description: "A provider of the catalogue",
    offer: async () => (await offers()).PROVIDER_IDS,
  },
  region: {
    type: "string",
    alias: ["r"],
    valueHint: "NAME",
    description: "One of its regions, or auto",
    offer: async (given) => (await offers()).regionsOf(given),
  },
  "base-url": { type: "string", alias: ["u"], valueHint: "URL", description: "Any other endpoint" },
  protocol: {
    type: "string",
    valueHint: "NAME",
    description: "openai (default), anthropic or gemini",
    offer: PROTOCOLS,
  },
  model: {
    type: "string",
    isList: true,
    alias: ["m", "models"],
    valueHint: "ID",
    description: "A model; repeatable, the first is the default",
    offer: async (given) => (await offers()).modelsOf(given),
  },
  "no-key": { type: "boolean", description: "The server wants no key" },
  "env-key": { type: "string", valueHint: "NAME", description: "The variable that holds the key" },
  name: {
    type: "string",
    valueHint: "LABEL",
    description: "What the endpoint's models are called",
  },
  ...LOGIN_FLAGS,
  ...GATEWAY_FLAGS,
};
