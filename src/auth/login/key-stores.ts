import type { Runtime } from "../../runtime.ts";

/** Where a key is kept (`spec/trust-and-secrets.md`, "Secrets at rest"). */
export const KEY_STORES = ["settings", "env-file", "keyring"] as const;

export type KeyStore = (typeof KEY_STORES)[number];

/** What a change of stored logins needs of the system: files, the keyring, their locks. */
export type LoginMachine = Pick<
  Runtime,
  "env" | "cwd" | "home" | "platform" | "uid" | "sleep" | "keyring" | "trace"
>;
