import { describe, expect, test } from "bun:test";
import { QwenError } from "../../src/errors.ts";
import type { Runtime } from "../../src/runtime.ts";
import { readFromKeyring, removeFromKeyring, saveToKeyring } from "../../src/secrets/keyring.ts";

const never = () => new Promise<never>(() => undefined);

/** A keyring over a map, whose calls are counted; the clock stands still. */
function machine(items: Record<string, string> = {}, over: Partial<Runtime["keyring"]> = {}) {
  const calls: string[] = [];
  const keyring: Runtime["keyring"] = {
    get: async ({ service, name }) => {
      calls.push(`get ${service} ${name}`);
      return items[name];
    },
    set: async ({ service, name }, secret) => {
      calls.push(`set ${service} ${name}`);
      items[name] = secret;
    },
    delete: async ({ service, name }) => {
      calls.push(`delete ${service} ${name}`);
      return delete items[name];
    },
    ...over,
  };
  return { calls, items, keyring, sleep: never };
}

async function failure(work: Promise<unknown>): Promise<QwenError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof QwenError)) {
    throw new Error("it did not fail");
  }
  return error;
}

describe("the keyring", () => {
  test("keeps a key as an item of the service qwen", async () => {
    const { calls, items, ...at } = machine();
    expect(await readFromKeyring(at, "A_KEY")).toBeUndefined();
    expect(await saveToKeyring(at, "A_KEY", "sk-a")).toBe(true);
    expect(await readFromKeyring(at, "A_KEY")).toBe("sk-a");
    expect(items).toEqual({ A_KEY: "sk-a" });
    expect(calls).toEqual(["get qwen A_KEY", "get qwen A_KEY", "set qwen A_KEY", "get qwen A_KEY"]);
  });

  test("is not written to when the key is there already", async () => {
    const at = machine({ A_KEY: "sk-a" });
    expect(await saveToKeyring(at, "A_KEY", "sk-a")).toBe(false);
    expect(at.calls).toEqual(["get qwen A_KEY"]);
  });

  test("is not asked to remove nothing", async () => {
    const at = machine({ A_KEY: "a", B_KEY: "b" });
    expect(await removeFromKeyring(at, [])).toEqual([]);
    expect(at.calls).toEqual([]);
    expect(await removeFromKeyring(at, ["A_KEY"])).toEqual(["A_KEY"]);
    expect(at.items).toEqual({ B_KEY: "b" });
  });

  test.each([
    ["libsecret not available", "libsecret is not installed"],
    ["Cannot autolaunch D-Bus without X11 $DISPLAY", "there is no D-Bus session"],
    ["Object does not exist at path “/x”", "it is locked, or there is none (Object does not exist"],
    ["something else", "something else"],
  ])("that fails with %j is said to be unusable", async (words, why) => {
    const fail = async (): Promise<never> => {
      throw Object.assign(new Error(words), { code: "ERR_SECRETS_PLATFORM_ERROR" });
    };
    const at = machine({}, { get: fail, delete: fail });
    const failures = [
      [readFromKeyring(at, "A_KEY"), "Cannot read `A_KEY` from the keyring: "],
      [saveToKeyring(at, "A_KEY", "sk-a"), "Cannot save the key in the keyring: "],
      [removeFromKeyring(at, ["A_KEY"]), "Cannot remove `A_KEY` from the keyring: "],
    ] as const;
    for (const [work, message] of failures) {
      const error = await failure(work);
      expect(error.message).toStartWith(message + why);
      expect({ code: error.code, exitCode: error.exitCode }).toEqual({
        code: "keyring-unavailable",
        exitCode: 1,
      });
    }
  });

  test("that does not answer is given up after 3 s", async () => {
    const waits: number[] = [];
    const sleep = async (milliseconds: number): Promise<void> => {
      waits.push(milliseconds);
    };
    const at = { ...machine({}, { get: never }), sleep };
    const error = await failure(saveToKeyring(at, "A_KEY", "sk-a"));
    expect(error.message).toBe("Cannot save the key in the keyring: it did not answer in 3 s");
    expect(waits).toEqual([3000]);
    expect(at.calls).toEqual([]);
  });
});
