import { describe, expect, test } from "bun:test";
import { type BodyExaminer, NOT_EXAMINED } from "../../src/broker/examine-body.ts";
import { readUpload } from "../../src/broker/read-upload.ts";
import { refusal } from "../../src/broker/refusal.ts";

const MIB = 1024 * 1024;
const REFUSAL = refusal(400, "model", "no");

/** A body of pieces, and what became of it. */
function bodyOf(...sizes: readonly number[]) {
  const state = { pulled: 0, cancelled: undefined as unknown };
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const size = sizes[state.pulled];
        state.pulled += 1;
        if (size === undefined) {
          controller.close();
        } else {
          controller.enqueue(new Uint8Array(size).fill(97));
        }
      },
      cancel: (reason) => {
        state.cancelled = reason;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, state };
}

/** Adds a sign at the end; refuses once \`after\` bytes came. */
function examiner(after = Number.POSITIVE_INFINITY): BodyExaminer {
  let length = 0;
  return {
    push: (bytes) => {
      length += bytes.length;
      return [bytes];
    },
    end: () => [Buffer.from("!")],
    examined: () => ({
      ...NOT_EXAMINED.examined(),
      ...(length >= after ? { refusal: REFUSAL } : {}),
    }),
  };
}

const lengthOf = async (body: unknown) =>
  body instanceof ReadableStream ? (await new Response(body).bytes()).length : undefined;

describe("readUpload()", () => {
  test("keeps a body, with what the examiner puts behind it", async () => {
    const { body, length } = await readUpload(bodyOf(3, 2).body, examiner());
    expect(body).toEqual(Buffer.from("aaaaa!"));
    expect(length()).toBe(5);
  });

  test("has nothing but that where there is no body", async () => {
    const { body, length } = await readUpload(null, examiner());
    expect([body, length()]).toEqual([Buffer.from("!"), 0]);
  });

  test("keeps 10 MiB, and sends on what is more while it comes", async () => {
    const kept = await readUpload(bodyOf(10 * MIB).body, examiner());
    expect(kept.body).toBeInstanceOf(Uint8Array);
    const { body, state } = bodyOf(10 * MIB, 1, MIB, 5);
    const upload = await readUpload(body, examiner());
    expect(upload.body).toBeInstanceOf(ReadableStream);
    expect([state.pulled, upload.length()]).toEqual([2, 10 * MIB + 1]);
    expect(await lengthOf(upload.body)).toBe(11 * MIB + 6 + 1);
    expect(upload.length()).toBe(11 * MIB + 6);
  });

  test("reads no more of what is refused", async () => {
    const { body, state } = bodyOf(3, 3, 3);
    const upload = await readUpload(body, examiner(4));
    expect([state.pulled, upload.length()]).toEqual([2, 6]);
  });

  test("breaks off what is refused on its way, and lets the tool go where it is given up", async () => {
    const upload = await readUpload(bodyOf(10 * MIB, 1, 1, 1).body, examiner(10 * MIB + 2));
    await expect(lengthOf(upload.body)).rejects.toThrow("what the request asks for is refused");
    const { body, state } = bodyOf(10 * MIB, 1, 1);
    const given = await readUpload(body, examiner());
    if (given.body instanceof ReadableStream) {
      await given.body.cancel("given up");
    }
    expect(state.cancelled).toBe("given up");
  });
});
