import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { accountService } from "../../../src/auth/oauth/account-service.ts";
import { refreshTokens } from "../../../src/auth/oauth/refresh.ts";
import type { Http } from "../../../src/http/http.ts";
import { configuration } from "../../models/configuration.ts";
import { fakeRuntime } from "../../support/fake-runtime.ts";
import { answer, type Reply, scriptedServer } from "../../support/scripted-server.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const OLD = "old-access-token";
const RENEWED = { access_token: "new-access-token", refresh_token: "new-refresh", expires_in: 20 };

type Stored = {
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly expiry_date?: number;
};

/** A file of tokens and a service that follows a script. */
async function setUp(stored: Stored, ...replies: readonly Reply[]) {
  const home = temporaryDirectory();
  const path = join(home, "oauth_creds.json");
  const runtime = fakeRuntime({ env: { QWEN_HOME: home } });
  const store = (fields: Stored) =>
    writeFileSync(
      path,
      JSON.stringify({
        ...{
          access_token: OLD,
          refresh_token: "old-refresh",
          token_type: "Bearer",
          expiry_date: 1,
        },
        ...fields,
      }),
      { mode: 0o600 },
    );
  store(stored);
  const server = await scriptedServer(...replies);
  const network = { proxyFor: () => undefined, authorities: undefined };
  const http: Http = { ...runtime, userAgent: "test", network };
  const service = accountService({ QWEN_OAUTH_BASE_URL: server.origin }, configuration({}));
  return {
    ...{ home, store, runtime, requests: server.requests },
    refresh: () => refreshTokens(runtime, http, { service, stale: OLD, isRefused: false }),
    stored: () => JSON.parse(readFileSync(path, "utf8")),
  };
}

describe("refreshTokens()", () => {
  test("asks once for many that saw the same token, though the new one is short-lived", async () => {
    const { refresh, requests, runtime, home } = await setUp({}, answer(200, RENEWED));
    const all = await Promise.all(Array.from({ length: 5 }, refresh));
    expect(new Set(all.map(({ credentials }) => credentials.accessToken))).toEqual(
      new Set([RENEWED.access_token]),
    );
    expect(requests).toHaveLength(1);
    expect(runtime.secrets).toContain("new-refresh");
    expect(readdirSync(home)).toEqual(["oauth_creds.json"]);
  });

  test("takes what another has refreshed meanwhile", async () => {
    const stored = { access_token: "other", expiry_date: Date.now() + 60_000 };
    const { refresh, requests } = await setUp(stored, answer(500));
    expect((await refresh()).credentials.accessToken).toBe("other");
    expect(requests).toEqual([]);
  });

  test("refreshes what another has refreshed, if that has expired", async () => {
    const { refresh, requests } = await setUp({ access_token: "other" }, answer(200, RENEWED));
    expect((await refresh()).credentials.accessToken).toBe(RENEWED.access_token);
    expect(requests).toHaveLength(1);
  });

  test("keeps an expired login without a refresh token, and asks nobody", async () => {
    const { refresh, requests, stored } = await setUp({ refresh_token: "" }, answer(500));
    await expect(refresh()).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining("it has expired, and there is no refresh token"),
    });
    expect(requests).toEqual([]);
    expect(stored()).toMatchObject({ access_token: OLD });
  });

  test("takes what Qwen Code, which has another lock, wrote while it was refused", async () => {
    const theirs = { access_token: "theirs", expiry_date: Date.now() + 60_000 };
    const { refresh, store, stored } = await setUp({}, async (socket) => {
      store(theirs);
      await answer(400, { error: "invalid_grant" })(socket);
    });
    expect((await refresh()).credentials.accessToken).toBe("theirs");
    expect(stored()).toMatchObject(theirs);
  });
});
