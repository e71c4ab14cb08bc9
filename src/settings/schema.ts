import * as v from "valibot";

/**
 * What this program needs of a settings file; every other key is kept and ignored
 * (`spec/settings-and-env.md`). Entries of `modelProviders` are checked one by one
 * (`models/model-entries.ts`): a broken one that is not selected must not stop the others.
 */
const SettingsSchema = v.looseObject({
  $version: v.optional(v.unknown()),
  env: v.optional(v.record(v.string(), v.unknown())),
  modelProviders: v.optional(v.record(v.string(), v.unknown())),
  providerProtocol: v.optional(v.record(v.string(), v.string())),
  model: v.optional(
    v.looseObject({
      name: v.optional(v.string()),
      baseUrl: v.optional(v.string()),
      generationConfig: v.optional(v.record(v.string(), v.unknown())),
    }),
  ),
  security: v.optional(
    v.looseObject({
      auth: v.optional(
        v.looseObject({
          selectedType: v.optional(v.string()),
          enforcedType: v.optional(v.string()),
          apiKey: v.optional(v.string()),
          baseUrl: v.optional(v.string()),
        }),
      ),
    }),
  ),
  codingPlan: v.optional(v.looseObject({ region: v.optional(v.string()) })),
  advanced: v.optional(v.looseObject({ excludedEnvVars: v.optional(v.array(v.string())) })),
});

/** One settings file, understood: shapes are checked, unknown keys are still there. */
export type Settings = v.InferOutput<typeof SettingsSchema>;

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
  const expected = EXPECTATIONS[issue.expected ?? ""] ?? issue.message;
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
