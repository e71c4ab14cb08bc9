import { expect } from "bun:test";
import { readdirSync } from "node:fs";
import { type Machine, machine } from "../../support/qwen.ts";
import { answer } from "../../support/scripted-server.ts";

export const LOGIN = ["auth", "qwen-oauth", "--force"];

export const DEVICE = {
  device_code: "device-code-0123456789",
  user_code: "ABCD-EFGH",
  verification_uri: "https://account.example/authorize",
  verification_uri_complete: "https://account.example/authorize?user_code=ABCD-EFGH",
  expires_in: 900,
  interval: 0.05,
};

export const TOKENS = {
  access_token: "access-token-0123456789",
  refresh_token: "refresh-token-0123456789",
  token_type: "Bearer",
  expires_in: 3600,
  resource_url: "portal.example",
};

export const PENDING = answer(400, { error: "authorization_pending" });

export function at(origin: string): Machine {
  const m = machine();
  return { ...m, env: { ...m.env, QWEN_OAUTH_BASE_URL: origin } };
}

/** Nothing below the home but the empty project. */
export function expectNothingWritten({ home }: Machine): void {
  expect(readdirSync(home)).toEqual(["p"]);
}
