import { findProvider } from "../../auth/providers/find-provider.ts";
import type { Provider } from "../../auth/providers/provider.ts";
import { PROVIDERS } from "../../auth/providers/providers.ts";
import { PROTOCOLS } from "../../models/protocol.ts";
import { offeredRegions } from "../endpoint-flags.ts";
import { type Flags, type FlagValues, textOf } from "../flag.ts";
import { GATEWAY_FLAGS } from "../gateway-flags.ts";
import { LOGIN_FLAGS } from "../login-flags.ts";

/** The flags of `auth api-key`. */
export const API_KEY_FLAGS: Flags = {
  provider: {
    type: "string",
    valueHint: "NAME",
    description: "A provider of the catalogue",
    offer: PROVIDERS.map(({ id }) => id),
  },
  region: {
    type: "string",
    alias: ["r"],
    valueHint: "NAME",
    description: "One of its regions, or auto",
    offer: (given) => givenProvider(given, offeredRegions),
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
    offer: (given) => givenProvider(given, ({ models }) => models.map(({ id }) => id)),
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

/** What completion offers once `--provider` stands there; before, nothing. */
function givenProvider(
  given: FlagValues,
  offer: (provider: Provider) => readonly string[],
): readonly string[] {
  const provider = findProvider(textOf(given, "provider") ?? "");
  return provider === undefined ? [] : offer(provider);
}
