import { describe, expect, test } from "bun:test";
import { loadResolvedKey } from "../../src/connect/load-key.ts";
import type { KeyPlace } from "../../src/models/key-places.ts";
import type { ResolvedKey } from "../../src/models/resolution.ts";
import type { Captured, Runtime } from "../../src/runtime.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";

const KEYRING: KeyPlace = {
  kind: "keyring",
  source: { kind: "keyring", name: "A_KEY", origin: "user" },
};

const HELPER: KeyPlace = {
  kind: "helper",
  command: "/bin/my-pass show 'a b'",
  source: { kind: "helper", name: "apiKeyHelper", path: "/s.json", scope: "user", origin: "user" },
};

function deferred(first: KeyPlace, ...others: readonly KeyPlace[]): ResolvedKey {
  const { source } = first;
  const shadowed = others.map((place) => place.source);
  const places = [first, ...others] as const;
  return { kind: "deferred", places, source, shadowed, envKey: "A_KEY", scheme: "key" };
}

const printed = (stdout: string): Captured => ({ kind: "ended", exitCode: 0, stdout, stderr: "" });

/** A machine whose helper prints one of the answers after the other, and a keyring with an item. */
function machine(answers: readonly Captured[], item?: string) {
  let now = 0;
  const runs: string[][] = [];
  const asked: string[] = [];
  const runtime = fakeRuntime();
  const at: Runtime = {
    ...runtime,
    now: () => now,
    capture: async (argv) => {
      runs.push([...argv]);
      return answers[runs.length - 1] ?? { kind: "not-started", reason: "no more answers" };
    },
    keyring: {
      ...runtime.keyring,
      get: async ({ name }) => {
        asked.push(name);
        return item;
      },
    },
  };
  const pass = (milliseconds: number): void => {
    now += milliseconds;
  };
  return { at, runs, asked, secrets: runtime.secrets, pass };
}

const loaded = async (at: Runtime, key: ResolvedKey, isRefused = false) => {
  const found = await loadResolvedKey(at, key, { isRefused });
  return found.kind === "present" ? found.value : found.kind;
};

describe("loadResolvedKey()", () => {
  test("leaves a key that is there, and asks nobody", async () => {
    const { at, runs, asked } = machine([]);
    const key: ResolvedKey = { kind: "keyless", envKey: "A_KEY" };
    expect(await loadResolvedKey(at, key)).toBe(key);
    expect([...runs, ...asked]).toEqual([]);
  });

  test("takes the item of the keyring, and does not ask the helper then", async () => {
    const { at, runs, secrets } = machine([], "sk-item-0123456789\n");
    expect(await loadResolvedKey(at, deferred(KEYRING, HELPER))).toEqual({
      kind: "present",
      value: "sk-item-0123456789",
      source: KEYRING.source,
      shadowed: [HELPER.source],
      envKey: "A_KEY",
      scheme: "key",
    });
    expect(runs).toEqual([]);
    expect(secrets).toContain("sk-item-0123456789");
  });

  test("asks the helper where the keyring has no item", async () => {
    const { at, runs, secrets } = machine([printed("sk-helper-0123456789\n")]);
    expect(await loadResolvedKey(at, deferred(KEYRING, HELPER))).toMatchObject({
      value: "sk-helper-0123456789",
      source: HELPER.source,
      shadowed: [],
    });
    expect(runs).toEqual([["/bin/my-pass", "show", "a b"]]);
    expect(secrets).toContain("sk-helper-0123456789");
  });

  test("does not ask the helper where the keyring cannot be used", async () => {
    const { at, runs } = machine([printed("sk-helper-0123456789")]);
    const get = async (): Promise<never> => {
      throw new Error("libsecret not available");
    };
    const broken = { ...at, keyring: { ...at.keyring, get } };
    const work = loadResolvedKey(broken, deferred(KEYRING, HELPER));
    await expect(work).rejects.toMatchObject({ code: "keyring-unavailable", exitCode: 1 });
    expect(runs).toEqual([]);
  });

  test("fails where there is no item and no helper, and for an item that is no key", async () => {
    const none = loadResolvedKey(machine([]).at, deferred(KEYRING));
    await expect(none).rejects.toMatchObject({ code: "key-missing", exitCode: 4 });
    const odd = loadResolvedKey(machine([], "two words").at, deferred(KEYRING));
    await expect(odd).rejects.toMatchObject({
      exitCode: 4,
      message:
        "Cannot use the item of `A_KEY` in the keyring: it is no key: it contains white space",
    });
  });

  test.each([
    [
      '"acme-0123456789abcdef"',
      "acme-0123456789abcdef",
      "it stood in quotes, which were taken off",
    ],
    [" 'acme-0123456789'\r\n", "acme-0123456789", "it stood in quotes, which were taken off"],
    ["YOUR_API_KEY", "YOUR_API_KEY", "it looks like a placeholder: put your own key in its place"],
    ["acme-0123456789,", "acme-0123456789,", "it ends in `,`, which may not belong to it"],
  ])("says once at the end what the keyring has around %s", async (item, key, note) => {
    const { at, secrets } = machine([], item);
    expect(await loaded(at, deferred(KEYRING))).toBe(key);
    expect(await loaded(at, deferred(KEYRING))).toBe(key);
    const said = await Promise.all([...at.atEnd.values()].map((tell) => tell()));
    expect(said).toEqual([`the key of the keyring (A_KEY): ${note}`]);
    // What is sent is hidden, not only what stands there.
    expect(secrets).toContain(key);
  });

  test.each(["acme-0123456789", " acme-0123456789\n"])(
    "says nothing of the item %j of the keyring",
    async (item) => {
      const { at } = machine([], item);
      await loaded(at, deferred(KEYRING));
      expect(at.atEnd.size).toBe(0);
    },
  );

  test("sends none where `not-needed` is kept", async () => {
    const { at } = machine([], "not-needed");
    expect(await loadResolvedKey(at, deferred(KEYRING))).toEqual({
      kind: "keyless",
      envKey: "A_KEY",
    });
  });

  test("keeps what a helper gave for five minutes", async () => {
    const { at, runs, pass } = machine([printed("sk-1"), printed("sk-2")]);
    const key = deferred(HELPER);
    expect(await Promise.all([loaded(at, key), loaded(at, key)])).toEqual(["sk-1", "sk-1"]);
    pass(299_999);
    expect(await loaded(at, key)).toBe("sk-1");
    expect(runs).toHaveLength(1);
    pass(1);
    expect(await loaded(at, key)).toBe("sk-2");
    expect(runs).toHaveLength(2);
  });

  test("asks a helper again whose key was refused, or that failed", async () => {
    const failing: Captured = { kind: "ended", exitCode: 2, stdout: "sk-x", stderr: "is locked" };
    const { at, runs } = machine([printed("sk-1"), printed("sk-2"), failing, printed("sk-3")]);
    const key = deferred(HELPER);
    expect(await loaded(at, key)).toBe("sk-1");
    expect(await loaded(at, key, true)).toBe("sk-2");
    expect(await loaded(at, key)).toBe("sk-2");
    await expect(loaded(at, key, true)).rejects.toMatchObject({
      code: "key-helper-failed",
      exitCode: 4,
      message:
        "Cannot get the key of `A_KEY` from its helper `my-pass`: it ended with exit code 2: is locked",
      hint: "run its command by hand: `apiKeyHelper` in `/s.json`",
    });
    expect(await loaded(at, key)).toBe("sk-3");
    expect(runs).toHaveLength(4);
  });
});
