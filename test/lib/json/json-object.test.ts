import { describe, expect, test } from "bun:test";
import { formatJsonPath, isJsonObject, valueAt } from "../../../src/lib/json/json-object.ts";

test("isJsonObject() accepts objects only", () => {
  expect([{}, { a: 1 }, JSON.parse('{"__proto__": 1}')].map(isJsonObject)).toEqual([
    true,
    true,
    true,
  ]);
  expect([null, undefined, [], "a", 1, true].map(isJsonObject)).not.toContain(true);
});

describe("valueAt() finds", () => {
  const document: unknown = JSON.parse('{"a": {"b": [10, {"c": null}]}, "__proto__": "own"}');
  const cases: readonly (readonly [path: readonly (string | number)[], value: unknown])[] = [
    [[], document],
    [["a", "b", 0], 10],
    [["a", "b", 1, "c"], null],
    [["__proto__"], "own"],
    [["a", "b", 2], undefined],
    [["a", "b", 0, "x"], undefined],
    [["a", "b", 1, "c", "d"], undefined],
    [["a", "toString"], undefined],
    [["a", "__proto__"], undefined],
    [["constructor", "prototype"], undefined],
  ];
  for (const [path, value] of cases) {
    test(`${JSON.stringify(value)} at ${JSON.stringify(path)}`, () => {
      expect(valueAt(document, path)).toEqual(value);
    });
  }
});

test("formatJsonPath() writes paths as people do", () => {
  expect(formatJsonPath([])).toBe("");
  expect(formatJsonPath(["a", 0, "b-c", "$d"])).toBe("a[0].b-c.$d");
  expect(formatJsonPath(["a", "b.c", "", 'q"'])).toBe('a["b.c"][""]["q\\""]');
});
