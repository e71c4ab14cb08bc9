import { CODING_PLAN } from "../../auth/providers/alibaba-providers.ts";
import { offeredRegions } from "../endpoint-flags.ts";
import type { Flags } from "../flag.ts";
import { LOGIN_FLAGS } from "../login-flags.ts";

const PLAN_MODELS = CODING_PLAN.models.map(({ id }) => id);

/** The flags of `auth coding-plan`. */
export const CODING_PLAN_FLAGS: Flags = {
  region: {
    type: "string",
    alias: ["r"],
    valueHint: "NAME",
    description: "china (cn, beijing), global (intl, singapore) or auto",
    offer: offeredRegions(CODING_PLAN),
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
    offer: PLAN_MODELS,
  },
  models: {
    type: "string",
    isList: true,
    valueHint: "A,B",
    description: "Models to offer instead of the list",
    offer: PLAN_MODELS,
  },
  ...LOGIN_FLAGS,
};
