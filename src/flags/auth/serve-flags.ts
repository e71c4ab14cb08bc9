import { BROKER_FLAGS } from "../broker-flags.ts";
import type { Flags } from "../flag.ts";

/** The flags of `auth serve` (`spec/broker.md`). */
export const SERVE_FLAGS: Flags = {
  ...BROKER_FLAGS,
  listen: {
    type: "string",
    valueHint: "PLACE",
    description: "HOST:PORT or unix:PATH; else 127.0.0.1",
  },
  "allow-host": {
    type: "string",
    isList: true,
    valueHint: "NAME",
    description: "A further name of it; repeatable",
  },
  "env-file": {
    type: "string",
    valueHint: "PATH",
    description: "Where the client's variables are written",
    offer: "files",
  },
  "ready-fd": {
    type: "string",
    valueHint: "N",
    description: "Write a line to this descriptor once it listens",
  },
  json: { type: "boolean", description: "Print one JSON object once it listens" },
};
