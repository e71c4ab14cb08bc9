import { describe, expect, test } from "bun:test";
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Connection, loadConnection } from "../../src/connect/load-connection.ts";
import { openHttp } from "../../src/connect/open-http.ts";
import { freshConnection, renewedConnection } from "../../src/connect/renew-tokens.ts";
import type { GlobalOptions } from "../../src/flags/global-flags.ts";
import type { ConnectionFlags } from "../../src/models/connection-flags.ts";
import type { Runtime } from "../../src/runtime.ts";
import { laterProblemOf } from "../support/problem-of.ts";
import { GLOBALS, networked, setUp } from "./set-up.ts";

const OAUTH = { security: { auth: { selectedType: "qwen-oauth" } } };
const OTHER = {
  security: { auth: { selectedType: "openai" } },
  model: { name: "m" },
  env: { A_KEY: "sk-0123456789abcdef" },
  modelProviders: { openai: [{ id: "m", baseUrl: "https://one.example/v1", envKey: "A_KEY" }] },
};
const FILE = ".qwen/oauth_creds.json";
const NEW = { access_token: "new-access-token", refresh_token: "new-refresh", expires_in: 3600 };

const tokens = (more: object = {}) => ({
  access_token: "old-access-token",
  refresh_token: "old-refresh-token",
  token_type: "Bearer",
  expiry_date: Date.now() + 3_600_000,
  ...more,
});

type Given = {
  readonly settings?: object;
  readonly stored?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: Partial<GlobalOptions>;
  readonly flags?: ConnectionFlags;
  readonly answer?: () => Response;
};

/** A machine with tokens, and a service that gives out others. */
async function renewal({ settings = OAUTH, stored = {}, env = {}, ...more }: Given) {
  const { options = {}, flags = {}, answer = () => Response.json(NEW) } = more;
  const set = setUp({ settings, files: { [FILE]: tokens(stored) }, env });
  const { at, asked } = networked(set.runtime, answer);
  const globals = { ...GLOBALS, ...options };
  const connection = await loadConnection(at, globals, flags);
  const sent: string[] = [];
  const recording: Runtime = {
    ...at,
    fetch: (url, request) => {
      sent.push(String(request.body));
      return at.fetch(url, request);
    },
  };
  const http = await openHttp(recording, connection.configuration, globals);
  const path = join(set.home, FILE);
  const told: string[] = [];
  const onWarnings = (warnings: readonly string[]) => void told.push(...warnings);
  return {
    ...set,
    ...{ at, asked, sent, http, connection, path, told, onWarnings },
    fresh: () => freshConnection(at, globals, { connection, http }),
    renewed: (from: Connection = connection, quietly: object = {}) =>
      renewedConnection(at, globals, { connection: from, http, ...quietly }),
    saved: () => JSON.parse(readFileSync(path, "utf8")),
  };
}

const keyOf = (connection: Connection | undefined): string | undefined => {
  const key = connection?.resolution.key;
  return key?.kind === "present" ? key.value : key?.kind;
};

const EXPIRED = { expiry_date: 1 };
const soon = () => ({ expiry_date: Date.now() + 20_000 });

describe("freshConnection()", () => {
  test.each<[string, () => Given]>([
    ["a token that is good", () => ({})],
    ["a key that is no token", () => ({ settings: OTHER })],
    [
      "a token that is good for seconds, with `--offline`",
      () => ({ stored: soon(), options: { offline: true } }),
    ],
    [
      "a token that is good for seconds, with `QWEN_OFFLINE`",
      () => ({ stored: soon(), env: { QWEN_OFFLINE: "1" } }),
    ],
  ])("leaves %s as it is, and asks nobody", async (_what, given) => {
    const { fresh, connection, asked, saved } = await renewal(given());
    expect(await fresh()).toBe(connection);
    expect(asked).toEqual([]);
    expect(saved()).toMatchObject({ access_token: "old-access-token" });
  });

  test.each<[string, () => object]>([
    ["has expired", () => EXPIRED],
    ["is good for seconds only", soon],
  ])("renews a token that %s, saves it and shows it nowhere", async (_what, stored) => {
    const { fresh, asked, saved, runtime } = await renewal({ stored: stored() });
    const connection = await fresh();
    expect(keyOf(connection)).toBe(NEW.access_token);
    expect(connection.resolution).toMatchObject({
      state: "configured",
      model: { value: "coder-model" },
      oauth: { isExpired: false, isRefreshDue: false },
    });
    expect(asked.map(({ url }) => url)).toEqual(["https://chat.qwen.ai/api/v1/oauth2/token"]);
    expect(saved()).toMatchObject({ access_token: NEW.access_token, refresh_token: "new-refresh" });
    expect(runtime.secrets).toEqual(
      expect.arrayContaining([NEW.access_token, NEW.refresh_token, "old-refresh-token"]),
    );
    expect(runtime.written).toEqual({ stdout: "", stderr: "" });
  });

  test.each<[Given, string]>([
    [{ options: { offline: true } }, "`--offline`"],
    [{ env: { QWEN_OFFLINE: "1" } }, "QWEN_OFFLINE"],
  ])("refuses a token that has expired where the network is not allowed: %j", async (given) => {
    const { fresh, asked, saved } = await renewal({ stored: EXPIRED, ...given });
    expect(await laterProblemOf(fresh)).toMatchObject({
      name: "AuthError",
      code: "oauth-expired",
      message: "Cannot refresh the token of Qwen OAuth: the network is not allowed",
    });
    expect(asked).toEqual([]);
    expect(saved()).toMatchObject({ access_token: "old-access-token" });
  });

  test.each<[ConnectionFlags, string]>([
    [{ model: "qwen3-coder-next" }, "qwen3-coder-next"],
    [{}, "coder-model"],
  ])("keeps the model of flags alone: %j", async (flags, model) => {
    const settings = { ...OAUTH, model: { name: "another" } };
    const { fresh } = await renewal({ settings, stored: EXPIRED, flags });
    expect((await fresh()).resolution.model?.value).toBe(model);
  });

  test("goes where the new token is good", async () => {
    const { fresh } = await renewal({
      stored: EXPIRED,
      answer: () => Response.json({ ...NEW, resource_url: "portal.qwen.ai" }),
    });
    expect((await fresh()).resolution.endpoint?.value).toBe("https://portal.qwen.ai/v1");
  });

  /** Tokens that cannot be saved: while the service answers, a directory takes the file's place. */
  const unsavable = async () => {
    const set: Awaited<ReturnType<typeof renewal>> = await renewal({
      stored: EXPIRED,
      answer: () => {
        rmSync(set.path);
        set.write(`${FILE}/in-the-way`, "");
        return Response.json(NEW);
      },
    });
    return set;
  };

  test("uses tokens that cannot be saved, and says so where it may", async () => {
    const loud = await unsavable();
    const connection = await loud.fresh();
    expect(keyOf(connection)).toBe(NEW.access_token);
    expect(connection.unsaved?.credentials.refreshToken).toBe(NEW.refresh_token);
    const said = "the new tokens of Qwen OAuth are not saved, which is tried again at the end: ";
    expect(loud.runtime.written.stderr).toStartWith(`warning: ${said}`);
    const { renewed, connection: stale, told, onWarnings, runtime } = await unsavable();
    expect(keyOf(await renewed(stale, { onWarnings }))).toBe(NEW.access_token);
    expect(told).toEqual([expect.stringContaining(said)]);
    expect(runtime.written.stderr).toBe("");
  });

  test("renews tokens that could not be saved by their own refresh token", async () => {
    const { fresh, renewed, path, write, sent } = await unsavable();
    const before = readFileSync(path, "utf8");
    const connection = await fresh();
    rmSync(path, { recursive: true });
    write(FILE, before);
    expect(keyOf(await renewed(connection).catch(() => undefined))).toBe(NEW.access_token);
    expect(sent.map((body) => new URLSearchParams(body).get("refresh_token"))).toEqual([
      "old-refresh-token",
      "new-refresh",
    ]);
  });

  test.each([
    ["keeps", 1, unsavable],
    ["forgets", 0, () => renewal({ stored: EXPIRED })],
  ] as const)("%s what was wrong with the file: %i", async (_verb, count, open) => {
    const { load, at, http, path } = await open();
    chmodSync(path, 0o664);
    const connection = await load();
    expect(connection.resolution.oauth?.warnings).toHaveLength(1);
    const { resolution } = await freshConnection(
      at,
      { ...GLOBALS, quiet: true },
      { connection, http },
    );
    expect(keyOf({ ...connection, resolution })).toBe(NEW.access_token);
    expect(resolution.oauth?.warnings).toHaveLength(count);
  });
});

describe("renewedConnection()", () => {
  test.each<[string, Given]>([
    ["a key that is no token", { settings: OTHER }],
    ["`--offline`", { options: { offline: true } }],
    ["`QWEN_OFFLINE`", { env: { QWEN_OFFLINE: "1" } }],
  ])("has none for %s, and asks nobody", async (_what, given) => {
    const { renewed, asked } = await renewal(given);
    expect(await renewed()).toBeUndefined();
    expect(asked).toEqual([]);
  });

  test("renews a token that is refused, though its time is not over", async () => {
    const { renewed, asked, saved } = await renewal({});
    expect(keyOf(await renewed())).toBe(NEW.access_token);
    expect(asked).toHaveLength(1);
    expect(saved()).toMatchObject({ access_token: NEW.access_token });
  });

  test("takes what another process has renewed meanwhile, and asks nobody", async () => {
    const { renewed, asked, write } = await renewal({});
    write(FILE, tokens({ access_token: "their-access-token" }));
    expect(keyOf(await renewed())).toBe("their-access-token");
    expect(asked).toEqual([]);
  });

  test("fails as the service has it, and removes what is never taken again", async () => {
    const answer = () => Response.json({ error: "invalid_grant" }, { status: 400 });
    const { renewed, path } = await renewal({ answer });
    expect(await laterProblemOf(renewed)).toMatchObject({ code: "oauth-refused" });
    expect(() => readFileSync(path)).toThrow("ENOENT");
  });
});
