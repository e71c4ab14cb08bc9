import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ModelRule } from "../../src/broker/choose-model.ts";
import { examineBody } from "../../src/broker/examine-body.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

type Looked = {
  readonly body: string;
  readonly replaced: readonly string[];
  readonly asked: string | undefined;
  readonly sent: string | undefined;
  readonly unread: string | undefined;
  readonly refused: string | undefined;
  readonly status: number | undefined;
};

/** Looks at a body in pieces of so many bytes, whose memory is taken away after each. */
function look(body: Uint8Array, rule: ModelRule, size = body.length || 1): Looked {
  const replaced: string[] = [];
  const examiner = examineBody({
    models: { selected: "glm-5", known: new Set(["glm-5", "kimi-k2"]), rule },
    unknownStatus: 404,
    onReplaced: (model) => replaced.push(model),
  });
  const passed: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const piece = body.slice(at, at + size);
    passed.push(...examiner.push(piece).map((each) => Buffer.from(each)));
    piece.fill(0x20);
  }
  passed.push(...examiner.end().map((each) => Buffer.from(each)));
  const { refusal, ...examined } = examiner.examined();
  return {
    body: Buffer.concat(passed).toString("latin1"),
    replaced,
    ...examined,
    refused: refusal?.message,
    status: refusal?.status,
  };
}

const NO_TEXT = "it is no text";

const latin = (text: string): string => Buffer.from(text).toString("latin1");

describe("examineBody() puts the selected model in the place of another", () => {
  test.each([
    ['{"model":"a"}', "a", '{"model":"glm-5"}'],
    [
      '{ "x" : [1e400, 12345678901234567890], "model" : "a\\u0062" , "y":{} }',
      "ab",
      '{ "x" : [1e400, 12345678901234567890], "model" : "glm-5" , "y":{} }',
    ],
    [
      '{"messages":[{"model":"b","content":"\\"model\\":\\"c\\""}],"model":"a"}',
      "a",
      '{"messages":[{"model":"b","content":"\\"model\\":\\"c\\""}],"model":"glm-5"}',
    ],
    ['{"metadata":{"model":"b"},"model":"a"}', "a", '{"metadata":{"model":"b"},"model":"glm-5"}'],
    ['{"content":"\\\\","model":"a"}', "a", '{"content":"\\\\","model":"glm-5"}'],
    ['{"content":"\\\\\\"","model":"a\\\\\\""}', 'a\\"', '{"content":"\\\\\\"","model":"glm-5"}'],
    ['{"\\u006dodel":"a"}', "a", '{"\\u006dodel":"glm-5"}'],
    [
      '{"\\u006d\\u006f\\u0064\\u0065\\u006c":"a"}',
      "a",
      '{"\\u006d\\u006f\\u0064\\u0065\\u006c":"glm-5"}',
    ],
    ['{"Model":"a"}', "a", '{"Model":"glm-5"}'],
    ['{"model":"ü\u{1f600}"}', "ü\u{1f600}", '{"model":"glm-5"}'],
    ['\ufeff{"model":"a"}', "a", '\ufeff{"model":"glm-5"}'],
    ['\r\n\t {"model"\n:\t"a"\r}\n', "a", '\r\n\t {"model"\n:\t"glm-5"\r}\n'],
    ['{"a":"model","model":"a"}', "a", '{"a":"model","model":"glm-5"}'],
  ])("%s", (body, asked, other) => {
    for (const size of [1, 2, 3, 7, 1000]) {
      expect(look(bytes(body), "replace", size)).toEqual({
        body: latin(other),
        replaced: [asked],
        asked,
        sent: "glm-5",
        unread: undefined,
        refused: undefined,
        status: undefined,
      });
      expect(look(bytes(body), "pass", size)).toMatchObject({ body: latin(body), sent: asked });
      expect(look(bytes(body), "refuse", size)).toMatchObject({
        refused: `the model ${JSON.stringify(asked)} is not one of this connection`,
        status: 404,
      });
    }
  });

  test.each([
    ['{"model":"kimi-k2","model":"b"}', ["b"], '{"model":"kimi-k2","model":"glm-5"}'],
    ['{"model":"b","model":"kimi-k2"}', ["b"], '{"model":"glm-5","model":"kimi-k2"}'],
    ['{"model":"a","MODEL":"b"}', ["a", "b"], '{"model":"glm-5","MODEL":"glm-5"}'],
  ])("each of several: %s", (body, replaced, other) => {
    expect(look(bytes(body), "replace", 4)).toMatchObject({ body: other, replaced });
    expect(look(bytes(body), "refuse", 4).status).toBe(404);
  });
});

describe("examineBody() holds to the rule what is tried after the model", () => {
  test.each([
    [
      '{"model":"glm-5","models":["a","kimi-k2"]}',
      '{"model":"glm-5","models":["glm-5","kimi-k2"]}',
    ],
    ['{"models":[ "a" ],"model":"kimi-k2"}', '{"models":[ "glm-5" ],"model":"kimi-k2"}'],
    ['{"model":"glm-5","MODELS":["a"]}', '{"model":"glm-5","MODELS":["glm-5"]}'],
    ['{"\\u006dodels":["a"],"model":"glm-5"}', '{"\\u006dodels":["glm-5"],"model":"glm-5"}'],
    ['{"model":"glm-5","fallbacks":["a"]}', '{"model":"glm-5","fallbacks":["glm-5"]}'],
    [
      '{"model":"glm-5","fallbacks":[{"model":"kimi-k2","max_tokens":5,"y":"b"},{"model":"a"}]}',
      '{"model":"glm-5","fallbacks":[{"model":"kimi-k2","max_tokens":5,"y":"b"},{"model":"glm-5"}]}',
    ],
    [
      '{"model":"glm-5","models":[{"model":"a"}]}',
      '{"model":"glm-5","models":[{"model":"glm-5"}]}',
    ],
    ['{"a":1}{"model":"glm-5","models":["a"]}', '{"a":1}{"model":"glm-5","models":["glm-5"]}'],
  ])("%s", (body, other) => {
    for (const size of [1, 3, 1000]) {
      expect(look(bytes(body), "replace", size)).toMatchObject({
        body: other,
        replaced: ["a"],
        unread: undefined,
      });
      expect(look(bytes(body), "pass", size).body).toBe(body);
      expect(look(bytes(body), "refuse", size)).toMatchObject({
        refused: 'the model "a" is not one of this connection',
        status: 404,
      });
    }
  });

  test.each([
    ['{"models":["kimi-k2","glm-5"]}', "kimi-k2"],
    ['{"models":["kimi-k2"],"model":"glm-5"}', "glm-5"],
    ['{"model":"glm-5","models":["kimi-k2"]}', "glm-5"],
    ['{"model":"glm-5","models":[],"fallbacks":null,"provider" : null,"route":null}', "glm-5"],
    ['{"model":"glm-5","messages":[{"provider":{"order":["a"]},"models":["a"]}]}', "glm-5"],
    ['{"model":"glm-5","metadata":{"route":"fallback"},"x":[["models",["a"]]]}', "glm-5"],
    ['{"model":"glm-5","my models":["a"],"input":"models"}', "glm-5"],
  ])("%s asks for %s and nothing else", (body, asked) => {
    for (const size of [1, 5, 1000]) {
      expect(look(bytes(body), "refuse", size)).toMatchObject({
        body,
        asked,
        unread: undefined,
        refused: undefined,
      });
    }
  });

  const NO_LIST = "what is tried after it is no list of models";
  const chooses = (name: string): string => `"${name}" lets the service choose another one`;

  test.each([
    ['"models":"a"', NO_LIST],
    ['"models":{"a":"b"}', NO_LIST],
    ['"models":[["a"]]', NO_LIST],
    ['"models":[5]', NO_LIST],
    ['"models":[null]', NO_LIST],
    ['"fallbacks":true', NO_LIST],
    ['"fallbacks":[{"glm-5":["a"]}]', NO_LIST],
    ['"fallbacks":[{"model":{"id":"a"}}]', NO_TEXT],
    ['"fallbacks":[{"model":5}]', NO_TEXT],
    ['"route":"fallback"', chooses("route")],
    ['"provider":{"order":["a"]}', chooses("provider")],
    ['"Provider":{}', chooses("provider")],
    ['"preset":"a"', chooses("preset")],
    ['"plugins":[{"id":"auto-router"}]', chooses("plugins")],
    ['"providerOptions":{"gateway":{"models":["a"]}}', chooses("provideroptions")],
    ['"extra_body":{"models":["a"]}', chooses("extra_body")],
    ['"context_window_fallbacks":[{"a":["b"]}]', chooses("context_window_fallbacks")],
  ])("%s cannot be told", (field, why) => {
    for (const body of [`{"model":"glm-5",${field}}`, `{${field},"model":"glm-5"}`]) {
      for (const size of [1, 4, 1000]) {
        expect(look(bytes(body), "refuse", size)).toMatchObject({
          unread: why,
          status: 400,
          refused: `the model of the request cannot be told: ${why}`,
        });
        for (const rule of ["replace", "pass"] as const) {
          expect(look(bytes(body), rule, size)).toMatchObject({
            body,
            unread: why,
            refused: undefined,
          });
        }
      }
    }
  });
});

const NO_OBJECT = "the body is no JSON object";
const LONG = `{"model":"${"a".repeat(5000)}","x":1}`;

describe("examineBody() refuses what does not say what it asks for, where others are refused", () => {
  test.each([
    ["", NO_OBJECT],
    ["null", NO_OBJECT],
    ["[]", NO_OBJECT],
    ['["model","a"]', NO_OBJECT],
    ['[{"model":"b"}]', NO_OBJECT],
    ['"model"', NO_OBJECT],
    ["no JSON", NO_OBJECT],
    ["model=claude", NO_OBJECT],
    ['{"model":5}', "it is no text"],
    ['{"model":null,"x":"a"}', "it is no text"],
    ['{"model":["a"]}', "it is no text"],
    ['{"model":{"id":"a"}}', "it is no text"],
    ['{"model":"glm-5","model":true}', "it is no text"],
    ['{"model":"\\x"}', "it is no text of JSON"],
    ['{"model":"a\nb"}', "it is no text of JSON"],
    ['{"mod', NO_OBJECT],
    ['{"model":"unfinished', NO_OBJECT],
    ['{"model":"unfinished\\', NO_OBJECT],
    ['{"model":"glm-5"', NO_OBJECT],
    ['{"model":"glm-5"},"model":"b"', NO_OBJECT],
    [LONG, "it is longer than 4 KiB"],
  ])("%.40s", (body, why) => {
    for (const size of [1, 3, 4096, 9000]) {
      const strict = look(bytes(body), "refuse", size);
      expect([strict.unread, strict.status]).toEqual([why, 400]);
      expect(strict.refused).toBe(`the model of the request cannot be told: ${why}`);
      for (const rule of ["replace", "pass"] as const) {
        expect(look(bytes(body), rule, size)).toMatchObject({
          body,
          unread: why,
          refused: undefined,
        });
      }
    }
  });

  test.each(["utf16le", "utf16be"])("%s, which Python reads", (encoding) => {
    const body = Buffer.from('{"model":"claude"}', "utf16le");
    const encoded = encoding === "utf16le" ? body : body.swap16();
    expect(look(encoded, "refuse").status).toBe(400);
    expect(look(encoded, "replace")).toMatchObject({ unread: NO_OBJECT, refused: undefined });
  });

  test.each(["{}", '{"x":"model"}', '{"a":{"model":"b"}}', '{"model ":"b"}', '{"":"model"}'])(
    "%s, which names none",
    (body) => {
      expect(look(bytes(body), "refuse", 2)).toMatchObject({
        refused: "the request names no model, and the service would choose one",
        status: 400,
      });
      expect(look(bytes(body), "replace", 2)).toMatchObject({ body, unread: undefined });
    },
  );
});

test("examineBody() reads what JSON.parse reads, and changes nothing else", () => {
  const size = fc.integer({ min: 1, max: 40 });
  const fields = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(fields, fc.string(), size, (others, model, some) => {
      const rest = Object.entries(others).filter(([name]) => name.toLowerCase() !== "model");
      const body = JSON.stringify({ ...Object.fromEntries(rest), model });
      const looked = look(bytes(body), "replace", some);
      expect(looked.asked).toBe(JSON.parse(body).model);
      expect(JSON.parse(Buffer.from(looked.body, "latin1").toString())).toEqual({
        ...JSON.parse(body),
        model: "glm-5",
      });
      expect(look(bytes(body), "pass", some).body).toBe(latin(body));
    }),
  );
});

test.each([
  [200, true],
  [4094, true],
  [4095, false],
])(
  "examineBody() reads a model of %i characters: %p, and passes on what it does not read",
  (length, isRead) => {
    const model = "m".repeat(length);
    const body = `{"a":1,"model":"${model}","b":2}`;
    for (const size of [body.length, 7]) {
      const looked = look(bytes(body), "replace", size);
      expect(looked.body).toBe(isRead ? '{"a":1,"model":"glm-5","b":2}' : body);
      expect([looked.replaced, looked.asked]).toEqual(isRead ? [[model], model] : [[], undefined]);
      expect(looked.unread).toBe(isRead ? undefined : "it is longer than 4 KiB");
    }
  },
);
