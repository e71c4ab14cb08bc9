import * as v from "valibot";
import { isJsonObject } from "../lib/json-object.ts";

/**
 * What this program needs of a settings file; every other key is kept and ignored
 * (`spec/settings-and-env.md`). Entries of `modelProviders` are checked one by one
 * (`models/model-entries.ts`): a broken one that is not selected must not stop the others.
 */
const SettingsSchema = objectWith({
  $version: v.optional(v.unknown()),
  env: v.optional(recordOf(v.unknown())),
  modelProviders: v.optional(recordOf(v.unknown())),
  providerProtocol: v.optional(recordOf(v.string())),
  model: v.optional(
    objectWith({
      name: v.optional(v.string()),
      baseUrl: v.optional(v.string()),
      generationConfig: v.optional(recordOf(v.unknown())),
    }),
  ),
  security: v.optional(
    objectWith({
      auth: v.optional(
        objectWith({
          selectedType: v.optional(v.string()),
          enforcedType: v.optional(v.string()),
          apiKey: v.optional(v.string()),
          baseUrl: v.optional(v.string()),
          keyring: v.optional(v.array(v.string())),
        }),
      ),
    }),
  ),
  apiKeyHelper: v.optional(v.custom<unknown>(isHelper, "expected a command, or an object of them")),
  codingPlan: v.optional(objectWith({ region: v.optional(v.string()) })),
  advanced: v.optional(objectWith({ excludedEnvVars: v.optional(v.array(v.string())) })),
});

/** One settings file, understood: shapes are checked, unknown keys are still there. */
export type Settings = v.InferOutput<typeof SettingsSchema>;

/** Valibot takes an array for an object; people who write one have made a mistake. */
function objectWith<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(jsonObject(), v.looseObject(entries));
}

function recordOf<const Value extends v.GenericSchema>(value: Value) {
  return v.pipe(jsonObject(), v.record(v.string(), value));
}

function isHelper(value: unknown): boolean {
  const commands = isJsonObject(value) ? Object.values(value) : [value];
  return commands.every((command) => typeof command === "string");
}

function jsonObject() {
  return v.custom<Record<string, unknown>>(isJsonObject, "expected an object");
}

/** Checks the shape of a settings object; a complaint is `path: what was expected`. */
export function parseSettings(
  value: unknown,
): { readonly settings: Settings } | { readonly complaint: string } {
  const result = v.safeParse(SettingsSchema, value);
  return result.success ? { settings: result.output } : { complaint: complain(result.issues[0]) };
}

/** `modelProviders.openai[0].id: expected a string` for the first issue of a valibot schema. */
export function complain(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map((item) => item.key);
  const where = formatJsonPath(path);
  // A key that is missing is reported under its own name: only strings are ever required.
  const isMissing = issue.type === "loose_object" && issue.input === undefined;
  const expected = EXPECTATIONS[isMissing ? "string" : (issue.expected ?? "")] ?? issue.message;
  return where === "" ? expected : `${where}: ${expected}`;
}

const EXPECTATIONS: Readonly<Record<string, string>> = {
  string: "expected a string",
  number: "expected a number",
  boolean: "expected true or false",
  Object: "expected an object",
  Array: "expected an array",
};

/** A path as people write it: `modelProviders.openai[0].id`, `env["a.b"]`. */
export function formatJsonPath(path: readonly unknown[]): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") {
        return `[${key}]`;
      }
      const name = String(key);
      const plain = /^[\w$-]+$/.test(name);
      return plain ? `${index === 0 ? "" : "."}${name}` : `[${JSON.stringify(name)}]`;
    })
    .join("");
}
