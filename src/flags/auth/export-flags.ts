import type { Flags } from "../flag.ts";

/** The flags of `auth export`. */
export const EXPORT_FLAGS: Flags = {
  provider: {
    type: "string",
    isList: true,
    valueHint: "NAME",
    description: "Only this provider or variable; repeatable",
    offer: async () => (await import("./provider-offers.ts")).PROVIDER_IDS,
  },
  "with-keys": { type: "boolean", description: "Take the keys along, as they are" },
  output: {
    type: "string",
    alias: ["o"],
    valueHint: "FILE",
    description: "Write a new file that you alone can read",
    offer: "files",
  },
};
