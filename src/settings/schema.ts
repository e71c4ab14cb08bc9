import { isJsonObject } from "../lib/json/json-object.ts";
import type { Shape } from "../lib/json/shape.ts";

/**
 * What this program needs of a settings file; every other key is kept and ignored
 * (`spec/settings-and-env.md`). Entries of `modelProviders` are checked one by one
 * (`models/entries/model-entries.ts`): a broken one that is not selected must not stop the others.
 */
export const SETTINGS: Shape = {
  env: {},
  modelProviders: {},
  model: { name: "string", baseUrl: "string", generationConfig: {} },
  security: {
    auth: {
      selectedType: "string",
      enforcedType: "string",
      apiKey: "string",
      baseUrl: "string",
      keyring: ["string"],
    },
  },
  apiKeyHelper: expectCommands,
};

/**
 * Fields without which a model is asked all the same: a wrong type is no more than a warning. One
 * shape each, so that every one that is wrong is named.
 */
export const WITHOUT_EFFECT: readonly Shape[] = [
  { codingPlan: { region: "string" } },
  { advanced: { excludedEnvVars: ["string"] } },
  { providerProtocol: { "*": "string" } },
  { proxy: "string" },
  { security: { auth: { envFile: ["string"] } } },
];

function expectCommands(value: unknown): string | undefined {
  const commands = isJsonObject(value) ? Object.values(value) : [value];
  return value === undefined || commands.every((command) => typeof command === "string")
    ? undefined
    : "expected a command, or an object of them";
}
