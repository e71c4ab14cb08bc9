import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { modelOfBody } from "../../src/broker/body-model.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (body: Uint8Array): string => new TextDecoder().decode(body);

function replaced(body: string): string | undefined {
  const found = modelOfBody(bytes(body));
  return found && text(found.replaced("glm-5"));
}

describe("modelOfBody()", () => {
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
    ['{"\\u006dodel":"a"}', "a", '{"\\u006dodel":"glm-5"}'],
    ['{"model":"a","model":"b"}', "b", '{"model":"glm-5","model":"glm-5"}'],
    ['{"model":"ü\u{1f600}"}', "ü\u{1f600}", '{"model":"glm-5"}'],
    // The beginning of a body that is not kept as a whole.
    ['{"model":"a","input":"aaaaaaa', "a", '{"model":"glm-5","input":"aaaaaaa'],
  ])("%s", (body, model, other) => {
    expect(modelOfBody(bytes(body))?.model).toBe(model);
    expect(replaced(body)).toBe(other);
  });

  test.each([
    "",
    "null",
    "[]",
    '["model","a"]',
    '{"model":5}',
    '{"model":null,"x":"a"}',
    '{"x":"model"}',
    '{"a":{"model":"b"}}',
    '[{"model":"b"}]',
    '{"mod',
    '{"model":"unfinished',
    "no JSON",
  ])("finds none in %s", (body) => {
    expect(modelOfBody(bytes(body))).toBeUndefined();
  });

  test("reads what JSON.parse reads, and changes nothing else", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (others, model) => {
        const body = JSON.stringify({ ...others, model });
        const found = modelOfBody(bytes(body));
        expect(found?.model).toBe(JSON.parse(body).model);
        expect(JSON.parse(text(found?.replaced("glm-5") ?? new Uint8Array()))).toEqual({
          ...JSON.parse(body),
          model: "glm-5",
        });
      }),
    );
  });
});
