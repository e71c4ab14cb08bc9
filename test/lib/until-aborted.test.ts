import { describe, expect, test } from "bun:test";
import { untilAborted } from "../../src/lib/until-aborted.ts";

const never = () => new Promise<never>(() => undefined);

describe("untilAborted()", () => {
  test("answers what the work answers", async () => {
    const { signal } = new AbortController();
    expect(await untilAborted(Promise.resolve("done"), undefined)).toBe("done");
    expect(await untilAborted(Promise.resolve("done"), signal)).toBe("done");
    await expect(untilAborted(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
  });

  test("gives up what takes too long, with the reason", async () => {
    const controller = new AbortController();
    const work = untilAborted(never(), controller.signal);
    controller.abort(new Error("left"));
    await expect(work).rejects.toThrow("left");
    const late = untilAborted(Promise.resolve("done"), controller.signal);
    await expect(late).rejects.toThrow("left");
  });
});
