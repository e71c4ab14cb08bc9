import { expect, test } from "bun:test";
import fc from "fast-check";
import { createFlow, plain } from "../../src/terminal/flow.ts";

const part = fc.constantFrom(
  ..."快速排序，（）“”…— a).\t".split(""),
  "是一种算法",
  "中文字符串",
  "Array",
  "か",
  "🙂",
  "  ",
);

test("createFlow() breaks many ideographs at once where it breaks them one by one", () => {
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 20 }).map((parts) => parts.join("")),
      fc.integer({ min: 1, max: 40 }),
      fc.nat(5),
      (text, columns, column) => {
        const hang = { text: "  ", width: 2 };
        const wrapped = (pieces: readonly string[]): string => {
          const flow = createFlow({ width: () => columns, column, hang });
          return pieces.map((piece) => flow.add(piece, plain)).join("") + flow.end();
        };
        const apart = text.split(/(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])/);
        expect(wrapped([text])).toBe(wrapped(apart));
      },
    ),
    { numRuns: 5000 },
  );
});
