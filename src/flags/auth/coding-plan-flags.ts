import type { Flags } from "../flag.ts";
import { LOGIN_FLAGS } from "../login-flags.ts";

const offers = () => import("./provider-offers.ts");

/** The flags of `auth coding-plan`. */
export const CODING_PLAN_FLAGS: Flags = {
  region: {
    type: "string",
    alias: ["r"],
    valueHint: "NAME",
    description: "china (cn, beijing), global (intl, singapore) or auto",
    offer: async () => (await offers()).PLAN_REGIONS,
  },
  "base-url": {
    type: "string",
    alias: ["u"],
    valueHint: "URL",
    description: "One of the two plan endpoints, instead of a region",
  },
  model: {
    type: "string",
    alias: ["m"],
    valueHint: "ID",
    description: "The default model",
    offer: async () => (await offers()).PLAN_MODELS,
  },
  models: {
    type: "string",
    isList: true,
    valueHint: "A,B",
    description: "Models to offer instead of the list",
    offer: async () => (await offers()).PLAN_MODELS,
  },
  ...LOGIN_FLAGS,
};
