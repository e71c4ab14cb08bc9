import { describe, expect, test } from "bun:test";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
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
    ...{ home, path, store, runtime, requests: server.requests },
    refresh: (isRefused = false) =>
      refreshTokens(runtime, http, { service, stale: OLD, isRefused }),
    stored: () => JSON.parse(readFileSync(path, "utf8")),
  };
}

describe("refreshTokens()", () => {
  test("asks once for many that saw the same token, though the new one is short-lived", async () => {
    const { refresh, requests, runtime, home } = await setUp({}, answer(200, RENEWED));
    const all = await Promise.all(Array.from({ length: 5 }, () => refresh()));
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

describe("refreshTokens() that cannot save its answer", () => {
  /** New tokens, the old text of the file, in whose place a directory stands, and the work for the end. */
  async function unsaved() {
    const set = await setUp({}, async (socket) => {
      rmSync(set.path);
      mkdirSync(set.path);
      await answer(200, RENEWED)(socket);
    });
    const text = readFileSync(set.path, "utf8");
    const refreshed = await set.refresh();
    const [work] = [...set.runtime.atEnd.values()];
    const clear = () => rmSync(set.path, { recursive: true });
    return { ...set, ...{ text, refreshed, clear }, atEnd: async () => work?.() };
  }

  test("uses it all the same, says so, and saves it at the end", async () => {
    const { refreshed, atEnd, clear, path, text, stored } = await unsaved();
    expect(refreshed.credentials.accessToken).toBe(RENEWED.access_token);
    expect(refreshed.unsaved).toEqual({ text, credentials: refreshed.credentials });
    expect(refreshed.warnings).toEqual([
      expect.stringContaining("the new tokens of Qwen OAuth are not saved, which is tried again"),
    ]);
    clear();
    writeFileSync(path, text, { mode: 0o600 });
    expect(await atEnd()).toBe("the new tokens of Qwen OAuth are saved now");
    expect(stored()).toMatchObject({ access_token: RENEWED.access_token });
  });

  test("saves it over nothing that is newer", async () => {
    const { atEnd, clear, store, stored } = await unsaved();
    clear();
    store({ access_token: "theirs" });
    expect(await atEnd()).toBeUndefined();
    expect(stored()).toMatchObject({ access_token: "theirs", refresh_token: "old-refresh" });
  });

  test("makes no file after a logout", async () => {
    const { atEnd, clear, home } = await unsaved();
    clear();
    expect(await atEnd()).toBeUndefined();
    expect(readdirSync(home)).toEqual([]);
  });

  test("says at the end that it is lost", async () => {
    const { atEnd } = await unsaved();
    expect(await atEnd()).toStartWith(
      "the new tokens of Qwen OAuth are lost, so log in again (`qwen auth qwen-oauth --force`): ",
    );
  });
});

describe("refreshTokens() that could not save an answer asks for none, and", () => {
  const GOOD = { expiry_date: Date.now() + 600_000 };
  const cases: readonly (readonly [
    string,
    Stored,
    isRefused: boolean,
    token: string | undefined,
  ])[] = [
    ["uses a token that is still good", GOOD, false, OLD],
    ["uses no token that is refused", GOOD, true, undefined],
    ["uses another one than the refused", { ...GOOD, access_token: "other" }, true, "other"],
    ["uses no token that has expired", {}, false, undefined],
  ];
  test.each(cases)("%s", async (_what, stored, isRefused, token) => {
    const { refresh, home, path, requests, runtime } = await setUp(stored, answer(200, RENEWED));
    // Beside a file with the longest of names no other can be made.
    renameSync(path, join(home, "n".repeat(255)));
    symlinkSync("n".repeat(255), path);
    const refreshed = await refresh(isRefused).catch((error) => error);
    expect(requests).toEqual([]);
    if (token === undefined) {
      expect(refreshed).toMatchObject({
        code: "write-failed",
        message: expect.stringMatching(
          /^Cannot refresh the token of Qwen OAuth: the new one could not be kept/,
        ),
      });
    } else {
      expect(refreshed.credentials.accessToken).toBe(token);
      expect(refreshed.warnings).toEqual([
        expect.stringMatching(/^the token of Qwen OAuth was not refreshed: Cannot /),
      ]);
      expect(runtime.secrets).toContain(token);
    }
  });
});
