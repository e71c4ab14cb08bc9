/** Where a key is kept (`spec/trust-and-secrets.md`, "Secrets at rest"). */
export const KEY_STORES = ["settings", "env-file", "keyring"] as const;

export type KeyStore = (typeof KEY_STORES)[number];
