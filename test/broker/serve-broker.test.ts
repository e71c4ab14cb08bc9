import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { createLedger } from "../../src/broker/accounting/ledger.ts";
import { NO_LOG } from "../../src/broker/accounting/request-log.ts";
import type { Broker } from "../../src/broker/answer-request.ts";
import { createKeySupply } from "../../src/broker/key-supply.ts";
import { hostsOf } from "../../src/broker/listener.ts";
import { type Listener, serveBroker } from "../../src/broker/serve-broker.ts";
import { tokenCheck } from "../../src/broker/token.ts";
import { rememberingHttp } from "../protocols/ask.ts";
import { answer, type Reply, scriptedServer } from "../support/scripted-server.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const LOOPBACK: Listener = { kind: "tcp", hostname: "127.0.0.1", port: 0 };

/** A broker that listens before a service that follows a script; time is what it slept. */
async function serve(listener: Listener, ...replies: readonly Reply[]) {
  const { origin } = await scriptedServer(...replies);
  const upstream = { protocol: "openai", baseUrl: `${origin}/v1`, customHeaders: {} } as const;
  let slept = 0;
  const entered = Promise.withResolvers<void>();
  const served = serveBroker({
    listener,
    sleep: async (milliseconds) => {
      slept += milliseconds;
      await Bun.sleep(1);
    },
    open: (port, enter): Broker => ({
      gate: { hosts: hostsOf(listener, port, []), hasToken: tokenCheck("token") },
      mounts: [{ name: "openai", upstream, responses: "same" }],
      models: { selected: "m", known: new Set(["m"]), rule: "replace" },
      keys: createKeySupply(
        { kind: "keyless", envKey: undefined },
        { reload: undefined, now: () => 0 },
      ),
      http: rememberingHttp(),
      limits: { timeoutMs: 0, idleTimeoutMs: 0 },
      ledger: createLedger({ requests: undefined, tokens: undefined }),
      log: NO_LOG,
      now: () => 0,
      onReplaced: () => undefined,
      onRejected: () => undefined,
      enter: () => {
        entered.resolve();
        return enter();
      },
    }),
  });
  afterAll(() => served.stop(0));
  const url = listener.kind === "unix" ? "http://localhost" : `http://127.0.0.1:${served.port}`;
  const ask = () =>
    fetch(`${url}/openai/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: "Bearer token" },
      body: JSON.stringify({ model: "m", messages: [] }),
      ...(listener.kind === "unix" ? { unix: listener.path } : {}),
    });
  return { ...served, ask, slept: () => slept, entered: entered.promise };
}

describe("serveBroker()", () => {
  test("answers on a port that the system chose, and on a socket", async () => {
    const tcp = await serve(LOOPBACK, answer(200, { ok: true }));
    expect(tcp.port).toBeGreaterThan(0);
    expect(await (await tcp.ask()).json()).toEqual({ ok: true });
    const path = join(temporaryDirectory(), "socket");
    const unix = await serve({ kind: "unix", path }, answer(200, { ok: true }));
    expect(unix.port).toBe(0);
    expect(await (await unix.ask()).json()).toEqual({ ok: true });
  });

  test("stops at once where nothing is on its way", async () => {
    const { ask, stop, slept } = await serve(LOOPBACK, answer(200, { ok: true }));
    await (await ask()).text();
    await stop(60_000);
    expect(slept()).toBe(0);
    await expect(ask()).rejects.toThrow();
  });

  test("waits for what is on its way, and for so long only", async () => {
    const gate = Promise.withResolvers<void>();
    const { ask, stop, slept, entered } = await serve(LOOPBACK, async (socket) => {
      await gate.promise;
      await answer(200, { ok: true })(socket);
    });
    const asked = ask().then((response) => response.text());
    await entered;
    const stopped = stop(60_000);
    const late = await ask().then(
      ({ status }) => status,
      () => "refused",
    );
    expect(late).toBe(502);
    gate.resolve();
    expect(JSON.parse(await asked)).toEqual({ ok: true });
    await stopped;
    expect(slept()).toBeGreaterThan(0);
    expect(slept()).toBeLessThan(60_000);
  });

  test("breaks off what takes longer than its patience", async () => {
    const { ask, stop, slept, entered } = await serve(LOOPBACK, () => new Promise(() => undefined));
    const asked = ask().then(
      () => "answered",
      () => "broken off",
    );
    await entered;
    await stop(100);
    expect(slept()).toBe(100);
    expect(await asked).toBe("broken off");
  });
});
