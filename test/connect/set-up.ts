import { afterAll } from "bun:test";
import { type Connection, loadConnection } from "../../src/connect/load-connection.ts";
import { toGlobals } from "../../src/flags/global-flags.ts";
import type { Answer, Runtime } from "../../src/runtime.ts";
import { type FakeRuntime, fakeRuntime } from "../support/fake-runtime.ts";
import { type Machine, machine } from "../support/qwen.ts";

export const GLOBALS = toGlobals({});

type SetUp = {
  /** The user's settings. */
  readonly settings?: string | object;
  /** Files below home; an object becomes JSON. */
  readonly files?: Readonly<Record<string, string | object>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminals?: readonly ("stdin" | "stderr")[];
  readonly answers?: readonly Answer<string>[];
};

/** A machine with these files, which may be connected to anything, and what runs on it. */
export function setUp({ settings, files = {}, env = {}, ...more }: SetUp = {}): Machine & {
  readonly runtime: FakeRuntime;
  readonly load: () => Promise<Connection>;
} {
  const at = machine();
  for (const [path, content] of Object.entries(files)) {
    at.write(path, content);
  }
  if (settings !== undefined) {
    at.write(".qwen/settings.json", settings);
  }
  const runtime = fakeRuntime({
    home: at.home,
    cwd: at.project,
    env: { QWEN_OFFLINE: "", ...env },
    ...more,
  });
  return { ...at, runtime, load: () => loadConnection(runtime, GLOBALS) };
}

export type Asked = {
  readonly url: string;
  readonly key: string | null;
  readonly team: string | null;
};

/**
 * The runtime on a network in which one server stands behind every name: what it was asked for is
 * remembered, and `reply` decides by the URL and the key that was meant.
 */
export function networked(
  runtime: FakeRuntime,
  reply: (url: string, key: string | null) => Response,
): { readonly at: Runtime; readonly asked: readonly Asked[] } {
  const asked: Asked[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: ({ headers }) => {
      const url = headers.get("x-meant") ?? "";
      const key = headers.get("authorization")?.replace("Bearer ", "") ?? null;
      asked.push({ url, key, team: headers.get("x-team") });
      return reply(url, key);
    },
  });
  afterAll(() => server.stop(true));
  const at: Runtime = {
    ...runtime,
    fetch: (url, options) => {
      const headers = new Headers(options?.headers);
      headers.set("x-meant", String(url));
      return fetch(`http://127.0.0.1:${server.port}/`, { ...options, headers });
    },
  };
  return { at, asked };
}
