import type { Runtime } from "../../src/runtime.ts";

/** A keyring that is a map of names. */
export function memoryKeyring(items: Readonly<Record<string, string>> = {}): {
  readonly keyring: Runtime["keyring"];
  readonly items: Map<string, string>;
} {
  const held = new Map(Object.entries(items));
  return {
    items: held,
    keyring: {
      get: async ({ name }) => held.get(name),
      set: async ({ name }, secret) => {
        held.set(name, secret);
      },
      delete: async ({ name }) => held.delete(name),
    },
  };
}
