import { expect, test } from "bun:test";
import fc from "fast-check";
import { distance } from "fastest-levenshtein";
import { isWithinEdits } from "../../src/lib/is-within-edits.ts";

test("isWithinEdits() says what a table of distances says", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });
  fc.assert(
    fc.property(word, word, fc.integer({ min: 0, max: 2 }), (left, right, limit) => {
      expect(isWithinEdits(left, right, limit)).toBe(distance(left, right) <= limit);
    }),
    { numRuns: 2000 },
  );
});
