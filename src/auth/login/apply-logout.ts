import { isJsonObject, type JsonObject } from "../../lib/json/json-object.ts";
import type { JsoncEdit } from "../../lib/json/jsonc-edit.ts";
import { PROTOCOLS, type Protocol } from "../../models/protocol.ts";
import { envKeysOf } from "../../settings/env-keys.ts";
import { listedNames, nameListEdits } from "../../settings/name-lists.ts";
import { CODING_PLAN } from "../providers/alibaba-providers.ts";
import { CUSTOM_ENV_KEY_PREFIX } from "../providers/custom-env-key.ts";
import type { Provider } from "../providers/provider.ts";
import { isAtEndpoint, isProviderEntry } from "../providers/provider-entries.ts";
import { PROVIDERS } from "../providers/providers.ts";
import { planRemovalEdits } from "./apply-login.ts";
import { entryList } from "./edit-entries.ts";

/** Whose credentials go. */
export type LogoutTarget =
  | { readonly kind: "provider"; readonly provider: Provider; readonly envKeys: readonly string[] }
  /** An endpoint that the catalogue does not have. */
  | {
      readonly kind: "custom";
      readonly protocol: Protocol;
      readonly baseUrl: string;
      /** What a person called it. */
      readonly title: string | undefined;
      readonly envKeys: readonly string[];
    }
  /** One named key; its variable only where that is the key in force. */
  | {
      readonly kind: "account";
      readonly envKey: string;
      readonly name: string;
      readonly envKeys: readonly string[];
    }
  | { readonly kind: "qwen-oauth" }
  | { readonly kind: "all" };

export type Logout = {
  readonly target: LogoutTarget;
  /** Nothing may stay selected that leads to the target. */
  readonly isActive: boolean;
};

/**
 * The edits that take out of `current` what `qwen auth` writes for a target (`spec/cli.md`,
 * "`qwen auth logout`"): keys, entries, and the choice of model if it was active. Entries that a
 * person wrote stay; no other model is chosen.
 */
export function applyLogout(current: JsonObject, { target, isActive }: Logout): JsoncEdit[] {
  const removed = keyNamesToRemove(current, target);
  return [
    ...removed.map((name): JsoncEdit => ({ kind: "remove", path: ["env", name] })),
    ...nameListEdits(current, "keyring", { removed }),
    ...nameListEdits(current, "envFile", { removed }),
    ...PROTOCOLS.flatMap((protocol) => entryRemovals(current, { protocol, target })),
    ...(isPlan(target) ? planRemovalEdits(current) : []),
    ...(target.kind === "all"
      ? [{ kind: "remove", path: ["security", "auth", "apiKey"] } as const]
      : []),
    ...(isActive ? selectionRemovals() : []),
  ];
}

const NAME_LISTS = ["keyring", "envFile"] as const;

/**
 * The variables whose value goes: the target's own; for all, every one that an entry, the
 * catalogue or the lists of keyring and `.env` name.
 */
export function keyNamesToRemove(current: JsonObject, target: LogoutTarget): string[] {
  switch (target.kind) {
    case "provider":
    case "custom":
    case "account":
      return [...target.envKeys];
    case "qwen-oauth":
      return [];
    case "all": {
      const known = PROVIDERS.map(({ envKey }) => envKey).filter((name) => name !== undefined);
      const env = isJsonObject(current.env) ? Object.keys(current.env) : [];
      const custom = env.filter((name) => name.startsWith(CUSTOM_ENV_KEY_PREFIX));
      const listed = NAME_LISTS.flatMap((list) => listedNames(current, list));
      return [...new Set([...envKeysOf(current), ...known, ...custom, ...listed])];
    }
  }
}

/** Whether an entry is one that a logout takes away. */
function isRemovedEntry(item: unknown, target: LogoutTarget): boolean {
  switch (target.kind) {
    case "provider":
      return isProviderEntry(item, target.provider, target.envKeys);
    case "custom":
      return isCustomEntry(item) && isAtEndpoint(item, target.baseUrl);
    case "account":
    case "qwen-oauth":
      return false;
    case "all":
      return isCustomEntry(item) || PROVIDERS.some((provider) => isProviderEntry(item, provider));
  }
}

/** The ids of the entries that a logout takes away. */
export function removedModels(current: JsonObject, target: LogoutTarget): string[] {
  return PROTOCOLS.flatMap((protocol) => entryList(current, protocol).items ?? [])
    .filter((item) => isRemovedEntry(item, target))
    .map((item) => (isJsonObject(item) ? item.id : undefined))
    .filter((id) => typeof id === "string");
}

function isCustomEntry(item: unknown): boolean {
  return (
    isJsonObject(item) &&
    typeof item.envKey === "string" &&
    item.envKey.startsWith(CUSTOM_ENV_KEY_PREFIX)
  );
}

function entryRemovals(
  current: JsonObject,
  { protocol, target }: { readonly protocol: Protocol; readonly target: LogoutTarget },
): JsoncEdit[] {
  const { path, items = [] } = entryList(current, protocol);
  return items
    .map((item, index): JsoncEdit | undefined =>
      isRemovedEntry(item, target) ? { kind: "remove", path: [...path, index] } : undefined,
    )
    .filter((edit) => edit !== undefined)
    .reverse();
}

function isPlan(target: LogoutTarget): boolean {
  return (
    target.kind === "all" || (target.kind === "provider" && target.provider.id === CODING_PLAN.id)
  );
}

/** Also the flat key of `$version` 1. */
function selectionRemovals(): JsoncEdit[] {
  return [
    { kind: "remove", path: ["model", "name"] },
    { kind: "remove", path: ["model", "baseUrl"] },
    { kind: "remove", path: ["security", "auth", "selectedType"] },
    { kind: "remove", path: ["selectedAuthType"] },
  ];
}
