import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import * as v from "valibot";
import { describeMismatch, findMismatch, type Shape } from "../../../src/lib/json/shape.ts";

const SHAPE: Shape = {
  name: "string",
  list: ["string"],
  record: { "*": "string" },
  inner: { list: [{ name: "string" }], record: { "*": { name: "string" } } },
  open: {},
  needed: (value) => (value === 1 ? undefined : "expected a one"),
};

function complaintAbout(value: unknown): string | undefined {
  const mismatch = findMismatch(value, SHAPE);
  return mismatch && describeMismatch(mismatch);
}

describe("findMismatch() finds", () => {
  const cases: readonly (readonly [value: unknown, complaint: string | undefined])[] = [
    [{ needed: 1 }, undefined],
    [{ needed: 1, other: null, open: { a: 1 }, list: [], record: {} }, undefined],
    [{ needed: 1, inner: { list: [{}, { name: "a", x: 1 }] } }, undefined],
    [{}, "needed: expected a one"],
    [null, "expected an object"],
    [[], "expected an object"],
    ["text", "expected an object"],
    [{ needed: 1, name: null }, "name: expected a string"],
    [{ needed: 1, list: {} }, "list: expected an array"],
    [{ needed: 1, list: ["a", 1] }, "list[1]: expected a string"],
    [{ needed: 1, list: [undefined] }, "list[0]: expected a string"],
    [{ needed: 1, open: [] }, "open: expected an object"],
    [{ needed: 1, record: { "a.b": 1 } }, 'record["a.b"]: expected a string'],
    [{ needed: 1, inner: { list: [{ name: 1 }] } }, "inner.list[0].name: expected a string"],
    [{ needed: 1, inner: { record: { a: "x" } } }, "inner.record.a: expected an object"],
    [
      JSON.parse('{"needed": 1, "record": {"__proto__": 1}}'),
      "record.__proto__: expected a string",
    ],
  ];
  for (const [value, complaint] of cases) {
    test(`${complaint ?? "nothing"} in ${JSON.stringify(value)}`, () => {
      expect(complaintAbout(value)).toBe(complaint);
    });
  }
});

/** The same in the words of a library; it takes an array for an object, which nobody means. */
function toSchema(shape: Shape): v.GenericSchema {
  if (typeof shape === "function") {
    return v.custom((value) => shape(value) === undefined);
  }
  if (typeof shape === "string") {
    return v.string();
  }
  if (Array.isArray(shape)) {
    return v.array(toSchema(shape[0]));
  }
  const fields = Object.entries(shape);
  const every = fields.find(([field]) => field === "*")?.[1];
  const object =
    every === undefined
      ? v.looseObject(Object.fromEntries(fields.map(([name, inner]) => [name, toField(inner)])))
      : v.record(v.string(), toSchema(every));
  return v.pipe(
    v.custom<Record<string, unknown>>((value) => !Array.isArray(value)),
    object,
  );
}

function toField(shape: Shape): v.GenericSchema {
  return typeof shape === "function" ? toSchema(shape) : v.optional(toSchema(shape));
}

test("findMismatch() accepts what a schema library accepts", () => {
  const fields = ["name", "list", "record", "inner", "open", "needed"] as const;
  const sound = fc.record(
    {
      name: fc.string(),
      list: fc.array(fc.string()),
      record: fc.dictionary(fc.string(), fc.string()),
      inner: fc.record({ list: fc.array(fc.record({ name: fc.string() })) }),
      needed: fc.constant(1),
    },
    { requiredKeys: ["needed"] },
  );
  const mixed = fc
    .tuple(sound, fc.constantFrom(...fields), fc.jsonValue())
    .map(([value, field, other]) => ({ ...value, [field]: other }));
  const schema = toSchema(SHAPE);
  fc.assert(
    fc.property(fc.oneof(sound, mixed, fc.jsonValue()), (value) => {
      expect(findMismatch(value, SHAPE) === undefined).toBe(v.is(schema, value));
    }),
    { numRuns: 500 },
  );
});
