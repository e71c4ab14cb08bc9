import { describe, expect, test } from "bun:test";
import { createKeySupply } from "../../src/broker/key-supply.ts";
import type { LoadedKey } from "../../src/models/resolution.ts";

const keyOf = (value: string): LoadedKey => ({
  ...{ kind: "present", value, envKey: "A_KEY", scheme: "key", shadowed: [] },
  source: { kind: "helper", name: "apiKeyHelper", origin: "user" },
});
const NONE: LoadedKey = { kind: "keyless", envKey: undefined };
const FIRST = keyOf("first");

/** A supply whose source gives these, one after the other; \`undefined\` fails. */
function supply(...keys: readonly (LoadedKey | undefined)[]) {
  let time = 0;
  let asked = 0;
  const reload = async (): Promise<LoadedKey> => {
    const key = keys[asked];
    asked += 1;
    if (key === undefined) {
      throw new Error("is locked");
    }
    return key;
  };
  const keySupply = createKeySupply(FIRST, { reload, now: () => time });
  const pass = (milliseconds: number): void => {
    time += milliseconds;
  };
  return { ...keySupply, asked: () => asked, pass };
}

describe("createKeySupply()", () => {
  test("has no other key where nobody can be asked", async () => {
    const { current, renew } = createKeySupply(FIRST, { reload: undefined, now: () => 0 });
    expect(await renew(FIRST)).toBeUndefined();
    expect(current()).toBe(FIRST);
  });

  test("asks once for many that were refused, and has the new one from then on", async () => {
    const { current, renew, asked } = supply(keyOf("second"));
    const all = await Promise.all([renew(FIRST), renew(FIRST), renew(FIRST)]);
    expect(all).toEqual([keyOf("second"), keyOf("second"), keyOf("second")]);
    expect([asked(), current()]).toEqual([1, keyOf("second")]);
    // Who comes late with the old one gets the new one, and nobody is asked.
    expect(await renew(FIRST)).toEqual(keyOf("second"));
    expect(asked()).toBe(1);
  });

  test("asks again for one that was renewed and is refused, too", async () => {
    const { renew, current, asked } = supply(keyOf("second"), keyOf("third"));
    await renew(FIRST);
    expect(await renew(keyOf("second"))).toEqual(keyOf("third"));
    expect([asked(), current()]).toEqual([2, keyOf("third")]);
  });

  test.each([
    ["gives the same", FIRST],
    ["fails", undefined],
  ])("does not ask for five minutes where its source %s", async (_what, given) => {
    const { renew, current, asked, pass } = supply(given, keyOf("second"));
    expect(await renew(FIRST)).toBeUndefined();
    pass(299_999);
    expect(await renew(FIRST)).toBeUndefined();
    expect([asked(), current()]).toEqual([1, FIRST]);
    pass(1);
    expect(await renew(FIRST)).toEqual(keyOf("second"));
    expect(asked()).toBe(2);
  });

  test("takes no key for another one than a key", async () => {
    const { renew, current } = supply(NONE);
    expect(await renew(FIRST)).toEqual(NONE);
    expect(current()).toEqual(NONE);
  });
});
