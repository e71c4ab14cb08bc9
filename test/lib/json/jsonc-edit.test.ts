import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";
import { parseJsonc } from "../../../src/lib/json/jsonc.ts";
import { editJsonc, type JsoncEdit, type JsonPath } from "../../../src/lib/json/jsonc-edit.ts";
import { cpuTime } from "../../support/cpu-time.ts";

type Table = readonly (readonly [name: string, before: string, edit: JsoncEdit, after: string])[];

const set = (path: JsonPath, value: unknown): JsoncEdit => ({ kind: "set", path, value });
const remove = (...path: JsonPath): JsoncEdit => ({ kind: "remove", path });
const insert = (path: JsonPath, value: unknown): JsoncEdit => ({ kind: "insert", path, value });

function testTable(table: Table): void {
  for (const [name, before, edit, after] of table) {
    test(name, () => {
      expect(editJsonc(before, [edit])).toBe(after);
    });
  }
}

describe("editJsonc() sets", () => {
  testTable([
    ["a string", '{\n  "a": "x" // c\n}\n', set(["a"], 'y"'), '{\n  "a": "y\\"" // c\n}\n'],
    ["null", '{ "a": 1 }', set(["a"], null), '{ "a": null }'],
    ["objects in the place of null", '{"a": null}', set(["a", "b"], 1), '{"a": { "b": 1 }}'],
    ["a value in the place of null", '{"a": {"b": null}}', set(["a", "b"], 1), '{"a": {"b": 1}}'],
    ["the root", "// a\n1 // b", set([], { a: 1 }), '// a\n{\n  "a": 1\n} // b'],
    ["an item of an array", "[1, 2, 3]", set([1], "x"), '[1, "x", 3]'],
    ["the last of equal keys", '{"a":1,"a":2}', set(["a"], 3), '{"a":1,"a":3}'],
    ["a `__proto__` key", '{"a":1}', set(["__proto__"], 3), '{"a":1, "__proto__": 3}'],
    [
      "nothing if the value is there",
      '{"a":{"x":1.0,"y":[]}}',
      set(["a"], { y: [], x: 1 }),
      '{"a":{"x":1.0,"y":[]}}',
    ],
    [
      "an object, indented as its line",
      '{\n    "a": {\n        "b": 1\n    }\n}',
      set(["a", "b"], { c: [1, {}] }),
      '{\n    "a": {\n        "b": {\n            "c": [\n                1,\n                {}\n            ]\n        }\n    }\n}',
    ],
    [
      "an object on one line",
      '{ "a": 1 }',
      set(["a"], { b: [1, { c: [] }], d: {} }),
      '{ "a": { "b": [1, { "c": [] }], "d": {} } }',
    ],
    [
      "an object with tabs",
      '{\n\t"a": 1\n}',
      set(["a"], { b: 1 }),
      '{\n\t"a": {\n\t\t"b": 1\n\t}\n}',
    ],
    [
      "an object with CRLF",
      '{\r\n  "a": 1\r\n}\r\n',
      set(["a"], { b: 1 }),
      '{\r\n  "a": {\r\n    "b": 1\r\n  }\r\n}\r\n',
    ],
    [
      "nothing for `undefined` but the removal",
      '{ "a": 1, "b": 2 }',
      set(["a"], undefined),
      '{ "b": 2 }',
    ],
    [
      "an object, indented as its own line and not as a later one",
      '{ "a": 1,\n    "b": 2\n}',
      set(["a"], { c: 1 }),
      '{ "a": {\n    "c": 1\n},\n    "b": 2\n}',
    ],
    ["a value behind a BOM", '\ufeff{"a":1}', set(["a"], 2), '\ufeff{"a":2}'],
  ]);
});

describe("editJsonc() adds a property", () => {
  testTable([
    ["to an empty root", "{}", set(["a"], 1), '{\n  "a": 1\n}'],
    [
      "to an empty root with its parents",
      "{}\n",
      set(["a", "b"], 1),
      '{\n  "a": {\n    "b": 1\n  }\n}\n',
    ],
    [
      "to an empty object on a line of its own",
      '{\n\t"a": {}\n}',
      set(["a", "b"], 1),
      '{\n\t"a": {\n\t\t"b": 1\n\t}\n}',
    ],
    [
      "to an empty object in one line",
      '{ "a": {}, "b": [ ] }',
      set(["a", "b"], 1),
      '{ "a": { "b": 1 }, "b": [ ] }',
    ],
    ["to an empty object with a line comment", "{ // c\n}", set(["a"], 1), '{ // c\n  "a": 1\n}'],
    [
      "to an empty object with a block comment",
      "{ /* c */ }",
      set(["a"], 1),
      '{ /* c */\n  "a": 1\n}',
    ],
    [
      "to an empty object with a comment in one line",
      '{ "a": { /* c */ } }',
      set(["a", "b"], 1),
      '{ "a": { /* c */ "b": 1 } }',
    ],
    ["to an empty object of two lines", "{\n}", set(["a"], 1), '{\n  "a": 1\n}'],
    [
      "to an empty object, indented as its comment",
      "{\n    // c\n}",
      set(["a"], 1),
      '{\n    // c\n    "a": 1\n}',
    ],
    ["after the last one", '{\n  "a": 1\n}\n', set(["b"], 2), '{\n  "a": 1,\n  "b": 2\n}\n'],
    [
      "after the comment of the last one",
      '{\n  "a": 1 // c\n  // d\n}',
      set(["b"], 2),
      '{\n  "a": 1, // c\n  "b": 2\n  // d\n}',
    ],
    [
      "with the trailing comma",
      '{\n  "a": 1, // c\n}',
      set(["b"], 2),
      '{\n  "a": 1, // c\n  "b": 2,\n}',
    ],
    ["in one line", '{ "a": 1 }', set(["b"], { c: 2 }), '{ "a": 1, "b": { "c": 2 } }'],
    ["in one line without spaces", '{"a":1}', set(["b"], 2), '{"a":1, "b": 2}'],
    [
      "in one line after a comment",
      '{ "a": 1 /* c */ }',
      set(["b"], 2),
      '{ "a": 1 /* c */, "b": 2 }',
    ],
    [
      "in one line with the trailing comma",
      '{ "a": 1, /* c */ }',
      set(["b"], 2),
      '{ "a": 1, /* c */ "b": 2, }',
    ],
    [
      "where the bracket closes on the last line",
      '{\n  "a": 1 }',
      set(["b"], 2),
      '{\n  "a": 1,\n  "b": 2 }',
    ],
    [
      "with CRLF",
      '{\r\n  "a": 1 // c\r\n}\r\n',
      set(["b"], 2),
      '{\r\n  "a": 1, // c\r\n  "b": 2\r\n}\r\n',
    ],
    [
      "after a comma at the front of a line",
      '{ "a": 1\n  , "b": 2 }',
      set(["c"], 3),
      '{ "a": 1\n  , "b": 2,\n  "c": 3 }',
    ],
    [
      "in lines behind a value on a line of its own",
      '{ "a":\n1 }',
      set(["b"], { c: 3 }),
      '{ "a":\n1, "b": {\n  "c": 3\n} }',
    ],
    [
      "with the unit of a later line",
      '{ "a": {\n    "b": 1 } }',
      set(["c"], { d: 1 }),
      '{ "a": {\n    "b": 1 }, "c": {\n    "d": 1\n} }',
    ],
  ]);
});

describe("editJsonc() removes", () => {
  testTable([
    ["the first", '{\n  "a": 1,\n  "b": 2\n}', remove("a"), '{\n  "b": 2\n}'],
    [
      "the last and the comma before it",
      '{\n  "a": 1,\n  "b": 2\n}',
      remove("b"),
      '{\n  "a": 1\n}',
    ],
    [
      "the last and its trailing comma",
      '{\n  "a": 1,\n  "b": 2,\n}',
      remove("b"),
      '{\n  "a": 1,\n}',
    ],
    ["the only one", '{\n  "x": {\n    "a": 1\n  }\n}', remove("x", "a"), '{\n  "x": {}\n}'],
    [
      "the only one, not its comments",
      '{\n  // b\n  "a": 1, // c\n  // d\n}',
      remove("a"),
      "{\n  // b\n  // c\n  // d\n}",
    ],
    [
      "between comments",
      "[\n  // a\n  1, // b\n  // c\n  2, // d\n  // e\n  3 // f\n]",
      remove(1),
      "[\n  // a\n  1, // b\n  // c\n  // d\n  // e\n  3 // f\n]",
    ],
    [
      "the last between comments",
      "[\n  // a\n  1, // b\n  // c\n  2 // d\n  // e\n]",
      remove(1),
      "[\n  // a\n  1 // b\n  // c\n  // d\n  // e\n]",
    ],
    [
      "comments inside, not those on it",
      '{\n  "a" /* 1 */ : /* 2 */ [ /* 3 */ ] /* 4 */, // 5\n  "b": 1\n}',
      remove("a"),
      '{\n  /* 1 */ /* 2 */ /* 4 */ // 5\n  "b": 1\n}',
    ],
    [
      "a property with a line comment inside",
      '{\n  "a": // c\n    1, "b": 2\n}',
      remove("a"),
      '{\n  // c\n  "b": 2\n}',
    ],
    ["in one line", "[1, 2, 3]", remove(1), "[1, 3]"],
    ["the last in one line without spaces at the brackets", "[1, 2]", remove(1), "[1]"],
    ["the first in one line", "[ 1, 2 ]", remove(0), "[ 2 ]"],
    ["the last in one line", "[ 1, 2 /* c */ ]", remove(1), "[ 1 /* c */ ]"],
    ["the only one in one line", '{ "a": { "b": 1, } }', remove("a", "b"), '{ "a": {} }'],
    ["the first of a line", "[\n  1, 2,\n  3\n]", remove(0), "[\n  2,\n  3\n]"],
    ["the last of a line", "[\n  1, 2,\n  3\n]", remove(1), "[\n  1,\n  3\n]"],
    ["with commas in front", "[\n  1\n  , 2\n  , 3\n]", remove(2), "[\n  1\n  , 2\n]"],
    ["all equal keys", '{ "a": 1, "b": 2, "a": 3 }', remove("a"), '{ "b": 2 }'],
    ["with CRLF", "[\r\n  1, // c\r\n  2\r\n]\r\n", remove(1), "[\r\n  1 // c\r\n]\r\n"],
    [
      "keeping empty lines around",
      "[\n  1,\n\n  // c\n  2,\n\n  3\n]",
      remove(1),
      "[\n  1,\n\n  // c\n\n  3\n]",
    ],
    ["nothing where there is no such key", '{"a":1}', remove("b"), '{"a":1}'],
    ["nothing where there is no such index", "[1]", remove(1), "[1]"],
    ["nothing below a string", '{"a":"x"}', remove("a", "length"), '{"a":"x"}'],
    ["nothing by index from an object", '{"0":1}', remove(0), '{"0":1}'],
  ]);
});

describe("editJsonc() inserts", () => {
  testTable([
    ["into an empty array", '{\n  "a": []\n}', insert(["a", 0], 1), '{\n  "a": [\n    1\n  ]\n}'],
    ["into an empty array in one line", '{ "a": [] }', insert(["a", 0], 1), '{ "a": [1] }'],
    ["at the front", "[ // all\n  // a\n  1\n]", insert([0], 0), "[ // all\n  0,\n  // a\n  1\n]"],
    [
      "in the middle",
      "[\n  1, // a\n  // b\n  2\n]",
      insert([1], 0),
      "[\n  1, // a\n  0,\n  // b\n  2\n]",
    ],
    ["at the end", "[\n  1, // a\n  2 // b\n]", insert([2], 0), "[\n  1, // a\n  2, // b\n  0\n]"],
    ["at the front of a line", "[1, 2]", insert([0], 0), "[0, 1, 2]"],
    ["in the middle of a line", "[1, /* a */ 2]", insert([1], 0), "[1, 0, /* a */ 2]"],
    ["at the end of a line", "[1, 2]", insert([2], { a: 1 }), '[1, 2, { "a": 1 }]'],
    ["at the end with the trailing comma", "[\n\t1,\n]", insert([1], 0), "[\n\t1,\n\t0,\n]"],
    [
      "between brackets that share lines",
      '[{\n  "a": 1\n}]',
      insert([1], { b: 1 }),
      '[{\n  "a": 1\n}, {\n  "b": 1\n}]',
    ],
    ["with CRLF", "[\r\n  1\r\n]", insert([0], {}), "[\r\n  {},\r\n  1\r\n]"],
  ]);
});

describe("editJsonc()", () => {
  test("edits the settings of a Qwen Code user", () => {
    const path = join(import.meta.dir, "../../fixtures/settings/pre-existing-before.jsonc");
    const before = readFileSync(path, "utf8");
    const after = editJsonc(before, [
      remove("modelProviders", "openai", 1),
      insert(["modelProviders", "openai", 0], { id: "qwen3", envKey: "K" }),
      set(["codingPlan", "region"], "china"),
      set(["model", "name"], "qwen3"),
    ]);
    expect(after).toBe(`// my settings
{
  // theme comment
  "ui": { "theme": "Dark" },
  "mcpServers": { "x": { "command": "foo" } },
  "env": { "FOO": "bar", "OPENAI_API_KEY": "sk-old" },
  "modelProviders": {
    /* anthropic kept? */
    "anthropic": [ { "id": "claude-x", "envKey": "ANTHROPIC_API_KEY", "baseUrl": "https://a" } ],
    "openai": [
      {
        "id": "qwen3",
        "envKey": "K"
      },
      { "id": "gpt-4o", "name": "mine", "baseUrl": "https://api.openai.com/v1", "envKey": "OPENAI_API_KEY" },
      { "id": "qwen3.5-plus", "name": "std", "baseUrl": "https://dashscope.aliyuncs.com/compatible-mode/v1", "envKey": "DASHSCOPE_API_KEY" }
    ]
  },
  "security": { "auth": { "selectedType": "openai", "apiKey": "legacy", "baseUrl": "https://legacy" }, "folderTrust": {"enabled": false} },
  "model": { "name": "qwen3" },
  "$version": 3,
  "codingPlan": {
    "region": "china"
  }
}
`);
  });

  test("applies each edit to the result of the one before", () => {
    const edits = [
      set(["a"], { b: [] }),
      insert(["a", "b", 0], "x"),
      set(["a", "b", 0], "y"),
      remove("a", "b", 0),
      set(["a", "c", "d"], true),
    ];
    expect(editJsonc("{}", edits)).toBe(
      '{\n  "a": {\n    "b": [],\n    "c": {\n      "d": true\n    }\n  }\n}',
    );
  });

  const failures: readonly (readonly [text: string, edit: JsoncEdit, message: string])[] = [
    ["{", set(["a"], 1), "Cannot edit the document: it does not parse"],
    ['{"a":[]}', set(["a", 0], 1), 'Cannot set ["a",0]: there is no object to hold it'],
    ['{"a":[]}', set(["a", "b"], 1), 'Cannot set ["a","b"]: there is no object to hold it'],
    ["{}", set(["a", 0], 1), 'Cannot set ["a",0]: there is no object to hold it'],
    ["{}", set([0], 1), "Cannot set [0]: there is no object to hold it"],
    ['{"a":"x"}', set(["a", "b"], 1), 'Cannot set ["a","b"]: there is no object to hold it'],
    ["null", set(["a"], 1), 'Cannot set ["a"]: there is no object to hold it'],
    ["{}", insert(["a", 0], 1), 'Cannot insert ["a",0]: there is no array to hold it'],
    ["{}", insert([], 1), "Cannot insert []: there is no array to hold it"],
    ["[]", insert(["0"], 1), 'Cannot insert ["0"]: there is no array to hold it'],
    ["[]", insert([1], 1), "Cannot insert [1]: there is no such index"],
    ["[]", insert([-1], 1), "Cannot insert [-1]: there is no such index"],
    ["[]", remove(), "Cannot remove []: a document has a value"],
  ];
  for (const [text, edit, message] of failures) {
    test(`throws at \`${text}\`: ${message}`, () => {
      expect(() => editJsonc(text, [edit])).toThrow(new Error(message));
    });
  }

  test("makes 40 edits in a document of 1 MB in a moment", () => {
    const models = Array.from({ length: 5000 }, (_, index) => ({
      id: `model-${index}`,
      description: "d".repeat(120),
      envKey: "DASHSCOPE_API_KEY",
    }));
    const text = JSON.stringify({ modelProviders: { openai: models } }, null, 2);
    const edits = Array.from({ length: 10 }, (_, index) => [
      remove("modelProviders", "openai", index * 400),
      insert(["modelProviders", "openai", index], { id: "new" }),
      set(["modelProviders", "openai", index * 300, "envKey"], "OTHER"),
      set([`key-${index}`, "name"], "x"),
    ]).flat();
    expect(cpuTime(() => editJsonc(text, edits))).toBeLessThan(1000);
    expect(Object.keys(JSON.parse(editJsonc(text, edits)))).toHaveLength(11);
  });
});

/** A random document in memory: what an edit must come to, and what it must leave alone. */
type Value = Leaf | Container;
interface Node {
  /** The text and where it starts; undefined as soon as an edit has gone inside. */
  source: { readonly text: string; readonly start: number } | undefined;
}
interface Leaf extends Node {
  readonly kind: "leaf";
  readonly token: string;
}
interface Container extends Node {
  readonly kind: "object" | "array";
  readonly items: Item[];
  /** Those that are in no item's value. */
  readonly comments: readonly string[];
  hasTrailingComma: boolean;
}
interface Item {
  readonly key: string;
  readonly name: string;
  value: Value;
}

/** What a document is made of; a number stands for white space or a comment. */
interface Sketch {
  readonly items: string | SketchItem[];
  readonly isObject: boolean;
  readonly hasTrailingComma: boolean;
  readonly tail: readonly number[];
}
interface SketchItem extends Sketch {
  readonly name: string;
  readonly trivia: readonly (readonly number[])[];
}

const LINE = 9;
const trivia = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: LINE }), { maxLength: 4 }) },
);
const lead = fc.oneof(
  { weight: 3, arbitrary: fc.constant([LINE]) },
  { weight: 1, arbitrary: fc.tuple(trivia, fc.constant([LINE])).map((parts) => parts.flat()) },
  { weight: 1, arbitrary: fc.constant([0]) },
  { weight: 1, arbitrary: trivia },
);
const leaf = fc.oneof(
  fc.constantFrom(
    "null",
    "true",
    "1.50",
    "-1E+2",
    '""',
    '"// x"',
    '"/*"',
    '"a\\"},["',
    '"\\u0041"',
  ),
  fc.nat().map(String),
  fc.string().map((text) => JSON.stringify(text)),
);
const name = fc.constantFrom(
  '"a"',
  '"b"',
  '"c"',
  '"\\u0064"',
  '"//"',
  '"__proto__"',
  '"e: {"',
  '"7"',
);
const { sketch } = fc.letrec<{ sketch: Sketch; item: SketchItem }>((tie) => ({
  sketch: fc.record({
    items: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc.array(tie("item"), { maxLength: 4 }),
    ),
    isObject: fc.boolean(),
    hasTrailingComma: fc.boolean(),
    tail: lead,
  }),
  item: fc
    .tuple(tie("sketch"), name, fc.tuple(lead, trivia, trivia, trivia))
    .map(([sketch, name, trivia]) => ({ ...sketch, name, trivia })),
}));

/** Writes a document; returns its text, and what it is in memory. */
function write({ start, sketch, end, lineEnd }: Sample) {
  let text = "";
  let count = 0;
  const comment = (content: string) => {
    count += 1;
    text += content;
    return [content];
  };
  const space = (content: string) => {
    text += content;
    return [];
  };
  const pieces: readonly ((depth: number) => string[])[] = [
    () => space(" "),
    () => space("  "),
    () => space("\t"),
    () => comment(`/* ${count} "[,] // */`),
    () => comment(`/* ${count}${lineEnd} */`),
    () => comment(`/*${count}*/`),
    () => [...comment(`// ${count} "{,} /* `), ...space(lineEnd)],
    (depth) => [...comment(`//${count}`), ...space(lineEnd + "  ".repeat(depth))],
    () => space(lineEnd + lineEnd),
    (depth) => space(lineEnd + "  ".repeat(depth)),
  ];
  const writeTrivia = (trivia: readonly number[] | undefined, depth: number) =>
    (trivia ?? []).flatMap((piece) => pieces[piece]?.(depth) ?? []);
  const writeItem = (
    item: SketchItem,
    { isObject, depth }: { isObject: boolean; depth: number },
  ) => {
    const comments = writeTrivia(item.trivia[0], depth);
    if (isObject) {
      space(item.name);
      comments.push(...writeTrivia(item.trivia[1], depth));
      space(":");
      comments.push(...writeTrivia(item.trivia[2], depth));
    }
    const value = writeValue(item, depth);
    comments.push(...writeTrivia(item.trivia[3], depth));
    return { key: isObject ? String(JSON.parse(item.name)) : "", name: item.name, value, comments };
  };
  const writeValue = (value: Sketch, depth: number): Value => {
    const start = text.length;
    const { isObject, items: content } = value;
    if (typeof content === "string") {
      space(content);
      return { kind: "leaf", source: { text: content, start }, token: content };
    }
    space(isObject ? "{" : "[");
    const hasTrailingComma = value.hasTrailingComma && content.length > 0;
    const items = content.map((sketch, index) => {
      const item = writeItem(sketch, { isObject, depth: depth + 1 });
      space(index < content.length - 1 || hasTrailingComma ? "," : "");
      return item;
    });
    const comments = [...items.flatMap((item) => item.comments), ...writeTrivia(value.tail, depth)];
    space(isObject ? "}" : "]");
    const kind = isObject ? "object" : "array";
    return { kind, source: { text: text.slice(start), start }, items, comments, hasTrailingComma };
  };

  writeTrivia(start, 0);
  const prefix = text;
  const root = writeValue(sketch, 0);
  const suffixStart = text.length;
  writeTrivia(end, 0);
  return { text, prefix, root, suffix: text.slice(suffixStart) };
}

/** The index of what a path's segment means: the last of equal keys. */
function find(value: Value | undefined, segment: string | number): number {
  if (value === undefined || value.kind === "leaf") {
    return -1;
  }
  if (typeof segment === "number") {
    return value.kind === "array" && segment < value.items.length ? segment : -1;
  }
  return value.kind === "object" ? value.items.findLastIndex(({ key }) => key === segment) : -1;
}

function fromJson(json: unknown): Value {
  if (typeof json !== "object" || json === null) {
    return { kind: "leaf", source: undefined, token: JSON.stringify(json) };
  }
  const items: Item[] = Object.entries(json).map(([key, inner]) => {
    return { key, name: JSON.stringify(key), value: fromJson(inner) };
  });
  const kind = Array.isArray(json) ? "array" : "object";
  return { kind, source: undefined, items, comments: [], hasTrailingComma: false };
}

function toTokens(value: Value): string[] {
  if (value.kind === "leaf") {
    return [value.token];
  }
  const isObject = value.kind === "object";
  const items = value.items.flatMap((item, index) => [
    ...(index > 0 ? [","] : []),
    ...(isObject ? [item.name, ":"] : []),
    ...toTokens(item.value),
  ]);
  const comma = value.hasTrailingComma ? [","] : [];
  return [isObject ? "{" : "[", ...items, ...comma, isObject ? "}" : "]"];
}

function toJson(value: Value): unknown {
  if (value.kind === "leaf") {
    return JSON.parse(value.token);
  }
  return value.kind === "array"
    ? value.items.map((item) => toJson(item.value))
    : Object.fromEntries(value.items.map((item) => [item.key, toJson(item.value)]));
}

function commentsInside(value: Value): string[] {
  return value.kind === "leaf"
    ? []
    : [...value.comments, ...value.items.flatMap((item) => commentsInside(item.value))];
}

function pathsOf(value: Value, path: JsonPath = []): { path: JsonPath; value: Value }[] {
  if (value.kind === "leaf") {
    return [{ path, value }];
  }
  const inner = value.items.flatMap((item, index) => {
    const segment = value.kind === "array" ? index : item.key;
    return find(value, segment) === index ? pathsOf(item.value, [...path, segment]) : [];
  });
  return [{ path, value }, ...inner];
}

interface Wish {
  readonly operation: "change" | "repeat" | "add" | "remove" | "miss" | "insert";
  readonly seed: number;
  readonly keys: readonly string[];
  readonly value: unknown;
}

/** An edit that is possible in the document; undefined if there is none. */
function grant({ operation, seed, keys, value }: Wish, root: Value): JsoncEdit | undefined {
  const wanted = { add: "object", insert: "array" } as const;
  const kind = operation === "add" || operation === "insert" ? wanted[operation] : undefined;
  const paths = pathsOf(root).filter((entry) => kind === undefined || entry.value.kind === kind);
  const chosen = paths[seed % paths.length];
  if (chosen === undefined || (operation === "remove" && chosen.path.length === 0)) {
    return undefined;
  }
  const { path } = chosen;
  switch (operation) {
    case "change":
      return set(path, value);
    case "repeat":
      return set(path, toJson(chosen.value));
    case "add":
      return find(chosen.value, keys[0] ?? "") === -1 ? set([...path, ...keys], value) : undefined;
    case "remove":
      return remove(...path);
    case "miss":
      return remove(...path, "none");
    case "insert": {
      const length = chosen.value.kind === "array" ? chosen.value.items.length : 0;
      return insert([...path, (seed >> 4) % (length + 1)], value);
    }
  }
}

/** Applies an edit in memory; returns the comments that may go. */
function applyNaively(holder: { value: Value }, edit: JsoncEdit): string[] {
  const last = edit.path.at(-1);
  if (last === undefined) {
    return edit.kind === "set" ? replaceNaively(holder, edit.value) : [];
  }
  for (const depth of edit.path.keys()) {
    resolve(holder.value, edit.path.slice(0, depth)).value.source = undefined;
  }
  const { depth, value } = resolve(holder.value, edit.path.slice(0, -1));
  const index = find(value, last);
  if (value.kind === "leaf") {
    return [];
  }
  switch (edit.kind) {
    case "insert":
      value.items.splice(Number(last), 0, { key: "", name: "", value: fromJson(edit.value) });
      return [];
    case "set": {
      const item = depth === edit.path.length - 1 ? value.items[index] : undefined;
      return item === undefined
        ? addNaively(value, edit.value, edit.path.slice(depth))
        : replaceNaively(item, edit.value);
    }
    case "remove": {
      const { true: removed = [], false: kept = [] } = Object.groupBy(
        value.items,
        ({ key }, position): "true" | "false" =>
          (value.kind === "array" ? position === index : key === last) ? "true" : "false",
      );
      value.items.splice(0, value.items.length, ...kept);
      value.hasTrailingComma &&= value.items.length > 0;
      return removed.flatMap((item) => commentsInside(item.value));
    }
  }
}

function addNaively(container: Container, value: unknown, [key, ...rest]: JsonPath): string[] {
  const inner = rest.reduceRight<unknown>((held, name) => ({ [name]: held }), value);
  container.items.push({ key: String(key), name: JSON.stringify(key), value: fromJson(inner) });
  return [];
}

function replaceNaively(holder: { value: Value }, json: unknown): string[] {
  if (Bun.deepEquals(toJson(holder.value), JSON.parse(JSON.stringify(json)))) {
    return [];
  }
  const dropped = commentsInside(holder.value);
  holder.value = fromJson(json);
  return dropped;
}

/** The texts of the largest values into which no edit has gone, in order. */
function untouchedSources(value: Value): string[] {
  if (value.source !== undefined) {
    return [value.source.text];
  }
  return value.kind === "leaf"
    ? [value.token]
    : value.items.flatMap((item) => untouchedSources(item.value));
}

function scan(text: string): { comments: string[]; tokens: string[] } {
  const pattern = /"(?:[^"\\]|\\.)*"|\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|[{}[\]:,]|[^\s{}[\]:,"/]+/g;
  const parts = text.match(pattern) ?? [];
  return {
    comments: parts.filter((part) => part.startsWith("/")),
    tokens: parts.filter((part) => !part.startsWith("/")),
  };
}

/** The value to which a path leads, or the container that lacks the next segment. */
function resolve(root: Value, path: JsonPath): { depth: number; value: Value } {
  let value = root;
  for (const [depth, segment] of path.entries()) {
    const item = value.kind === "leaf" ? undefined : value.items[find(value, segment)];
    if (item === undefined) {
      return { depth, value };
    }
    value = item.value;
  }
  return { depth: path.length, value };
}

/** Whether all of `text` is there in `longer`, in order. */
function isContained(text: string, longer: string): boolean {
  let position = 0;
  return Array.from(text).every((character) => {
    position = longer.indexOf(character, position) + 1;
    return position > 0;
  });
}

const wish = fc.record({
  operation: fc.constantFrom("change", "repeat", "add", "remove", "remove", "miss", "insert"),
  seed: fc.nat(),
  keys: fc.array(fc.constantFrom("new", "d", "__proto__", "x\n\t[y]"), {
    minLength: 1,
    maxLength: 3,
  }),
  value: fc.jsonValue({ maxDepth: 2 }),
});
const sample = fc.record({
  sketch,
  start: trivia,
  end: trivia,
  lineEnd: fc.constantFrom("\n", "\r\n"),
  bom: fc.constantFrom("", "\ufeff"),
  wishes: fc.array(wish, { minLength: 1, maxLength: 4 }),
});
type Sample = typeof sample extends fc.Arbitrary<infer T> ? T : never;

function check(property: (sample: Sample) => void): void {
  fc.assert(fc.property(sample, property), { numRuns: Number(process.env.JSONC_RUNS ?? 1000) });
}

describe("editJsonc(), at random,", () => {
  const timeout = 1_000_000;

  test(
    "comes to what the edits come to in memory, and keeps comments and commas",
    () => {
      check((sample) => {
        const { text, prefix, root, suffix } = write(sample);
        const holder = { value: root };
        const edits: JsoncEdit[] = [];
        const dropped: string[] = [];
        for (const wish of sample.wishes) {
          const edit = grant(wish, holder.value);
          if (edit !== undefined) {
            edits.push(edit);
            dropped.push(...applyNaively(holder, edit));
          }
        }
        const edited = editJsonc(sample.bom + text, edits);
        expect(edited).toStartWith(sample.bom + prefix);
        expect(edited).toEndWith(suffix);
        const { comments, tokens } = scan(edited.slice(sample.bom.length));
        expect(tokens).toEqual(toTokens(holder.value));
        expect(comments).toEqual(
          scan(text).comments.filter((comment) => !dropped.includes(comment)),
        );
        expect(parseJsonc(edited)).toEqual({ kind: "value", value: toJson(holder.value) });
        const last = edits.at(-1);
        expect(editJsonc(edited, last?.kind === "set" ? [last] : [])).toBe(edited);
      });
    },
    timeout,
  );

  test(
    "leaves every value alone into which no edit goes, and the line ends",
    () => {
      check((sample) => {
        const { text, root } = write(sample);
        const holder = { value: root };
        const edits = sample.wishes.flatMap((wish) => {
          const edit = grant(wish, holder.value);
          applyNaively(holder, edit ?? remove("none"));
          return edit ?? [];
        });
        const edited = editJsonc(text, edits);
        let position = 0;
        for (const source of untouchedSources(holder.value)) {
          const found = edited.indexOf(source, position);
          expect(found).not.toBe(-1);
          position = found + source.length;
        }
        if (text.includes("\r\n")) {
          expect(edited).not.toMatch(/(?<!\r)\n/);
        }
      });
    },
    timeout,
  );

  test(
    "takes nothing away when it adds to a container, and replaces a value alone",
    () => {
      check((sample) => {
        const { text, root } = write(sample);
        for (const edit of sample.wishes.flatMap((wish) => grant(wish, root) ?? [])) {
          const edited = editJsonc(text, [edit]);
          const { depth, value } = resolve(root, edit.path);
          if (edit.kind === "set" && depth === edit.path.length && value.source !== undefined) {
            const { start, text: source } = value.source;
            expect(edited).toStartWith(text.slice(0, start));
            expect(edited).toEndWith(text.slice(start + source.length));
          } else if (edit.kind !== "remove" && value.kind !== "leaf" && value.items.length > 0) {
            expect(isContained(text, edited)).toBe(true);
          }
        }
      });
    },
    timeout,
  );
});
