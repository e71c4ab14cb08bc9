/** A JSON object whose keys are not known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether `value` is an object as JSON has it: neither an array nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path of keys and array indices, own properties only. */
export function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let value = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) {
      return undefined;
    }
    value = Reflect.get(value, key);
  }
  return value;
}

/** A path as people write it: `modelProviders.openai[0].id`, `env["a.b"]`. */
export function formatJsonPath(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => {
      if (typeof key === "number") {
        return `[${key}]`;
      }
      const isPlain = /^[\w$-]+$/.test(key);
      return isPlain ? `${index === 0 ? "" : "."}${key}` : `[${JSON.stringify(key)}]`;
    })
    .join("");
}
