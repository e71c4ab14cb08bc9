import type { LoadedKey } from "../models/resolution.ts";

/** The key that requests carry, and a newer one once a service has refused it. */
export type KeySupply = {
  readonly current: () => LoadedKey;
  /**
   * What to send after `refused` was not accepted; `undefined`: nothing else is to be had. Whoever
   * holds the key is asked once, however many requests were refused.
   */
  readonly renew: (refused: LoadedKey) => Promise<LoadedKey | undefined>;
};

type Source = {
  /** Asks a key helper or keyring again; `undefined`: the key comes from neither. */
  readonly reload: (() => Promise<LoadedKey>) | undefined;
  readonly now: () => number;
};

/** For so long an answer counts that gave the refused key again. */
const PATIENCE_MS = 5 * 60_000;

export function createKeySupply(first: LoadedKey, { reload, now }: Source): KeySupply {
  let current = first;
  let asking: Promise<LoadedKey | undefined> | undefined;
  let inVain: { readonly value: string | undefined; readonly at: number } | undefined;
  const ask = async (refused: LoadedKey): Promise<LoadedKey | undefined> => {
    try {
      const next = await reload?.();
      if (next !== undefined && keyOf(next) !== keyOf(refused)) {
        current = next;
        return next;
      }
    } catch {
      // The service's own refusal says more than that the helper failed as well.
    }
    inVain = { value: keyOf(refused), at: now() };
    return undefined;
  };
  return {
    current: () => current,
    renew: async (refused) => {
      if (keyOf(current) !== keyOf(refused)) {
        return current;
      }
      const isKnown =
        inVain !== undefined && inVain.value === keyOf(refused) && now() - inVain.at < PATIENCE_MS;
      if (reload === undefined || isKnown) {
        return undefined;
      }
      asking ??= ask(refused).finally(() => {
        asking = undefined;
      });
      return asking;
    },
  };
}

function keyOf(key: LoadedKey): string | undefined {
  return key.kind === "present" ? key.value : undefined;
}
