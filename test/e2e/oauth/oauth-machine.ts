import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Machine, machine } from "../../support/qwen.ts";

export const ACCESS = "access-token-0123456789";
export const REFRESH = "refresh-token-0123456789";

export const HOUR_MS = 60 * 60 * 1000;

/** What a refresh with {@link REFRESH} gives. */
export const RENEWED = {
  access_token: "renewed-token-0123456789",
  refresh_token: "rotated-token-0123456789",
  token_type: "Bearer",
  expires_in: 3600,
};

type Settings = {
  /** The account service. */
  readonly account: string;
  /** Fields of the credentials file over the usual ones; `undefined` takes one away. */
  readonly tokens?: Readonly<Record<string, unknown>>;
};

/** A machine that has logged in; by default its token is good for an hour. */
export function oauthMachine({ account, tokens = {} }: Settings): Machine {
  const at = machine();
  at.write(".qwen/settings.json", { security: { auth: { selectedType: "qwen-oauth" } } });
  at.write(".qwen/oauth_creds.json", { ...storedTokens(), ...tokens });
  return { ...at, env: { ...at.env, QWEN_OAUTH_BASE_URL: account } };
}

export function storedTokens(): Record<string, unknown> {
  return {
    access_token: ACCESS,
    refresh_token: REFRESH,
    token_type: "Bearer",
    resource_url: "portal.example",
    expiry_date: Date.now() + HOUR_MS,
  };
}

export const EXPIRED = { expiry_date: 1_700_000_000_000 } as const;

/** The credentials file as JSON; `undefined` where there is none. */
export function tokensOf({ home }: Machine): Record<string, unknown> | undefined {
  const path = join(home, ".qwen", "oauth_creds.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

export function tokensMode({ home }: Machine): number {
  return statSync(join(home, ".qwen", "oauth_creds.json")).mode & 0o777;
}
