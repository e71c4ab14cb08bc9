import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../../src/lib/json/json-object.ts";
import { withoutNulls } from "../../src/settings/without-nulls.ts";

describe("withoutNulls() takes", () => {
  const cases: readonly (readonly [settings: JsonObject, expected: JsonObject])[] = [
    [{}, {}],
    [{ a: null, b: 1 }, { b: 1 }],
    [{ a: { b: null } }, { a: {} }],
    [{ a: [{ b: null, c: 1 }] }, { a: [{ c: 1 }] }],
    [{ a: [null, 1] }, { a: [null, 1] }],
    [{ samplingParams: { stop: null } }, { samplingParams: { stop: null } }],
    [{ a: [{ extra_body: { x: [null] } }] }, { a: [{ extra_body: { x: [null] } }] }],
    [{ extra_body: null }, {}],
    [
      { a: "null", b: false, c: 0, d: "" },
      { a: "null", b: false, c: 0, d: "" },
    ],
  ];
  test.each(cases)("%j", (settings, expected) => {
    expect(withoutNulls(settings)).toEqual(expected);
  });
});
