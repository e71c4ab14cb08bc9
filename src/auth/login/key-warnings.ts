import { KEYLESS } from "../../models/protocol.ts";
import type { Login } from "./login.ts";

/** What can be told of a key without asking anybody; it is saved all the same. */
export function keyWarnings({ provider, key }: Login): string[] {
  if (provider === undefined || key === KEYLESS) {
    return [];
  }
  const { keyPrefix, label, isPlan } = provider;
  if (isPlan !== true && key.startsWith("sk-sp-")) {
    return [
      `keys that begin with sk-sp- belong to the Coding Plan or the Token Plan, not to ${label}`,
    ];
  }
  return keyPrefix === undefined || key.startsWith(keyPrefix)
    ? []
    : [`keys of ${label} begin with ${keyPrefix}; this one does not`];
}
