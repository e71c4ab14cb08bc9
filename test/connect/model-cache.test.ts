import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CachedList, cachedList, keepList, lastList } from "../../src/connect/model-cache.ts";
import type { ModelList } from "../../src/protocols/list-models.ts";
import { setUp } from "./set-up.ts";

const HERE = { protocol: "openai", baseUrl: "https://host.example/v1" } as const;
const NOW = Date.parse("2026-01-02T03:04:05Z");
const DAY = 86_400_000;
const LIST: ModelList = {
  models: [{ id: "a", name: "A", contextWindow: 10, canChat: false }, { id: "b" }],
  isPartial: true,
};

/** A machine that has kept a list, and the file of it. */
async function kept() {
  const { runtime, home } = setUp();
  const at = { ...runtime, now: () => NOW };
  await keepList(at, HERE, LIST);
  const folder = join(home, ".qwen/cache");
  const [name = ""] = readdirSync(folder);
  const path = join(folder, name);
  const later = (milliseconds: number) => ({ ...runtime, now: () => NOW + milliseconds });
  return { runtime, at, later, home, path, names: readdirSync(folder) };
}

describe("keepList()", () => {
  test("writes one private file, which is read as it was", async () => {
    const { at, path, names } = await kept();
    expect(names).toEqual([expect.stringMatching(/^models-[0-9a-f]{16}\.json$/)]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
      schemaVersion: 1,
      ...HERE,
      at: NOW,
      ...LIST,
    });
    expect(cachedList(at, HERE)).toEqual({ at: NOW, ...LIST });
  });

  test("keeps a list of its own for each endpoint and protocol", async () => {
    const { at } = await kept();
    expect(cachedList(at, { ...HERE, protocol: "anthropic" })).toBeUndefined();
    expect(cachedList(at, { ...HERE, baseUrl: `${HERE.baseUrl}/` })).toBeUndefined();
  });

  test("writes nothing that holds a secret", async () => {
    const { runtime, home } = setUp();
    runtime.addSecret("b-0123456789");
    await keepList(runtime, HERE, { models: [{ id: "b-0123456789" }], isPartial: false });
    expect(readdirSync(home)).toEqual(["p"]);
  });

  test("is no failure of anybody where it cannot write", async () => {
    const { runtime, write } = setUp();
    write(".qwen/cache", "a file");
    const traced: string[] = [];
    const trace = (lines: () => readonly string[]) => traced.push(...lines());
    await keepList({ ...runtime, trace }, HERE, LIST);
    expect(traced.slice(1)).toEqual([
      expect.stringMatching(/^the list of models was not kept: Cannot /),
    ]);
  });
});

describe("cachedList()", () => {
  test.each([
    [0, true, true],
    [DAY - 1, true, true],
    [DAY, false, true],
    [-1, false, true],
    [100 * DAY, false, true],
  ])("%i ms later: %p, and of any age %p", async (milliseconds, isFresh, isAny) => {
    const { later } = await kept();
    const at = later(milliseconds);
    expect(cachedList(at, HERE) !== undefined).toBe(isFresh);
    expect(cachedList(at, HERE, { isAnyAge: true }) !== undefined).toBe(isAny);
  });

  const good = { ...HERE, at: NOW, models: [{ id: "a" }] };
  test.each<[unknown, CachedList | undefined]>([
    [good, { at: NOW, isPartial: false, models: [{ id: "a" }] }],
    [
      { ...good, isPartial: "yes" },
      { at: NOW, isPartial: false, models: [{ id: "a" }] },
    ],
    [
      {
        ...good,
        models: [
          ...[null, 3, "a", {}, { id: 3 }],
          { id: "b", name: 3, contextWindow: 1.5, canChat: true, more: 1 },
          { id: "c", contextWindow: "10", canChat: 0 },
        ],
      },
      { at: NOW, isPartial: false, models: [{ id: "b" }, { id: "c" }] },
    ],
    [{ ...good, at: "now" }, undefined],
    [{ ...good, models: {} }, undefined],
    [{ ...good, protocol: "gemini" }, undefined],
    [{ ...good, baseUrl: "https://other.example/v1" }, undefined],
    [[good], undefined],
    [null, undefined],
  ])("of a file with %j is %j", async (content, expected) => {
    const { at, path } = await kept();
    writeFileSync(path, JSON.stringify(content));
    expect(cachedList(at, HERE)).toEqual(expected);
  });

  test("is none of what is no JSON, too large, of others or not there", async () => {
    const { at, path } = await kept();
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text.slice(1));
    expect(cachedList(at, HERE)).toBeUndefined();
    writeFileSync(path, text + " ".repeat(8 * 1024 * 1024 - text.length));
    expect(cachedList(at, HERE)).toBeDefined();
    writeFileSync(path, text + " ".repeat(8 * 1024 * 1024 - text.length + 1));
    expect(cachedList(at, HERE)).toBeUndefined();
    expect(cachedList(setUp().runtime, HERE)).toBeUndefined();
  });
});

describe("lastList()", () => {
  const source = { kind: "default", origin: "user" } as const;
  const sourced = <Value>(value: Value) => ({ value, source, shadowed: [] });

  test("is what the endpoint in force listed within a day, with what was asked", async () => {
    const { later, load } = { ...(await kept()), ...setUp() };
    const { resolution } = await load();
    const asked = { protocol: sourced(HERE.protocol), endpoint: sourced(HERE.baseUrl) };
    const at = { ...resolution, ...asked } as typeof resolution;
    expect(lastList(later(DAY - 1), at)).toEqual({
      ...{ protocol: "openai", baseUrl: HERE.baseUrl, at: NOW, isPartial: true },
      models: [{ id: "a", name: "A", contextWindow: 10, canChat: false }, { id: "b" }],
    });
    expect(lastList(later(DAY), at)).toBeUndefined();
    expect(lastList(later(0), { ...at, protocol: undefined } as typeof at)).toBeUndefined();
    expect(lastList(later(0), { ...at, endpoint: undefined } as typeof at)).toBeUndefined();
  });
});
