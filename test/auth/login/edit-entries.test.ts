import { describe, expect, test } from "bun:test";
import {
  entryList,
  type PlannedItem,
  placeItems,
  removeKeys,
} from "../../../src/auth/login/edit-entries.ts";
import type { JsonObject } from "../../../src/lib/json/json-object.ts";
import { editJsonc } from "../../../src/lib/json/jsonc-edit.ts";
import { problemOf } from "../../support/problem-of.ts";

const PATH = ["modelProviders", "openai"];

describe("entryList() finds", () => {
  const A = { id: "a" };
  test.each<[string, JsonObject, object]>([
    ["no array yet", {}, { path: PATH, items: undefined }],
    ["an array", { modelProviders: { openai: [A] } }, { path: PATH, items: [A] }],
    ["an empty one", { modelProviders: { openai: [] } }, { path: PATH, items: [] }],
    [
      "that of version 5",
      { modelProviders: { openai: { models: [A] } } },
      { path: [...PATH, "models"], items: [A] },
    ],
    [
      "none of another protocol",
      { modelProviders: { gemini: [A] } },
      { path: PATH, items: undefined },
    ],
  ])("%s", (_what, current, expected) => {
    expect(entryList(current, "openai")).toEqual(expected as never);
  });

  test.each([{}, { models: "a" }, "a", 5, null])("nothing it could change in %j", (openai) => {
    const list = () => entryList({ modelProviders: { openai } }, "openai");
    expect(problemOf(list)).toEqual({
      name: "ConfigError",
      code: "settings-invalid",
      message: "Cannot change `modelProviders.openai`: it is not an array",
      hint: "correct the file with an editor; it was left as it is",
    });
  });
});

describe("placeItems()", () => {
  const item = (id: string): JsonObject => ({ id, more: { x: 1, y: { z: 2 } } });
  const [A, B, C] = [item("a"), item("b"), item("c")];
  const items = [A, B, C];
  const at = (from: number, value: unknown = items[from]): PlannedItem => ({ from, value });
  const edits = (planned: readonly PlannedItem[]) => placeItems({ path: PATH, items }, planned);
  /** The array as it is after that. */
  const after = (planned: readonly PlannedItem[]) => {
    const text = JSON.stringify({ modelProviders: { openai: items } });
    return JSON.parse(editJsonc(text, edits(planned))).modelProviders.openai;
  };

  test("makes an array where there is none, unless nothing comes in", () => {
    const list = { path: PATH, items: undefined };
    expect(placeItems(list, [])).toEqual([]);
    expect(placeItems(list, [{ value: A }])).toEqual([{ kind: "set", path: PATH, value: [A] }]);
  });

  test("changes nothing where all stay as they are", () => {
    expect(edits([at(0), at(1), at(2)])).toEqual([]);
  });

  test.each<[string, readonly PlannedItem[], readonly object[]]>([
    [
      "writes the fields that differ, however deep",
      [at(0, { ...A, name: "n", more: { x: 1, y: { z: 3 } } }), at(1), at(2)],
      [
        { kind: "set", path: [...PATH, 0, "more", "y", "z"], value: 3 },
        { kind: "set", path: [...PATH, 0, "name"], value: "n" },
      ],
    ],
    [
      "writes a field anew that is of another kind",
      [at(0, { ...A, more: [1] }), at(1), at(2)],
      [{ kind: "set", path: [...PATH, 0, "more"], value: [1] }],
    ],
    ["keeps fields that the wanted one has not", [at(0, { id: "a" }), at(1), at(2)], []],
    ["takes out what is not wanted", [at(0), at(2)], [{ kind: "remove", path: [...PATH, 1] }]],
    [
      "takes out from behind",
      [at(1)],
      [
        { kind: "remove", path: [...PATH, 2] },
        { kind: "remove", path: [...PATH, 0] },
      ],
    ],
    [
      "puts in what is new",
      [at(0), { value: C }, at(1), at(2)],
      [{ kind: "insert", path: [...PATH, 1], value: C }],
    ],
    [
      "moves to the front what goes there",
      [at(2), at(0), at(1)],
      [
        { kind: "remove", path: [...PATH, 2] },
        { kind: "insert", path: [...PATH, 0], value: C },
      ],
    ],
  ])("%s", (_what, planned, expected) => {
    expect(edits(planned)).toEqual(expected as never);
  });

  test("brings about the planned order", () => {
    const orders = [[2, 1, 0], [1, 2, 0], [0, 2, 1], [1, 0], []];
    for (const order of orders) {
      expect(after(order.map((from) => at(from)))).toEqual(order.map((from) => items[from]));
    }
    expect(after([{ value: { id: "n" } }, at(1), { value: { id: "o" } }])).toEqual([
      { id: "n" },
      B,
      { id: "o" },
    ]);
  });

  test("takes away a mark and what belonged to an endpoint, but nothing else", () => {
    const old = {
      id: "a",
      delisted: true,
      anthropicBaseUrl: "u",
      other: 1,
      generationConfig: {
        timeout: 5,
        customHeaders: { A: "a", B: "b" },
        extra_body: { x: { y: 1, z: 2 } },
        samplingParams: { top_p: 1 },
      },
    };
    const wanted = {
      id: "a",
      generationConfig: { customHeaders: { A: "a" }, extra_body: { x: { y: 1 } } },
    };
    const found = placeItems({ path: PATH, items: [old] }, [{ value: wanted, from: 0 }]);
    const place = (...path: string[]) => ({ kind: "remove", path: [...PATH, 0, ...path] });
    expect(found).toEqual([
      place("delisted"),
      place("anthropicBaseUrl"),
      place("generationConfig", "customHeaders", "B"),
      place("generationConfig", "extra_body", "x", "z"),
      place("generationConfig", "samplingParams"),
    ] as never);
  });

  test("leaves an item that is no object alone", () => {
    expect(placeItems({ path: PATH, items: ["a"] }, [{ value: { id: "a" }, from: 0 }])).toEqual([]);
  });
});

test.each<[object, readonly object[]]>([
  [{}, []],
  [{ p: "text" }, []],
  [{ p: {} }, []],
  [{ p: { x: 1 } }, []],
  [{ p: { a: 1 } }, [{ kind: "remove", path: ["p"] }]],
  [{ p: { a: 1, b: undefined } }, [{ kind: "remove", path: ["p"] }]],
  [
    { p: { a: 1, x: 1 } },
    [
      { kind: "remove", path: ["p", "a"] },
      { kind: "remove", path: ["p", "b"] },
    ],
  ],
])("removeKeys() of %j", (current, edits) => {
  expect(removeKeys(current as JsonObject, ["p"], ["a", "b"])).toEqual(edits as never);
});
