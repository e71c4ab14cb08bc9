import { expect, test } from "bun:test";
import { closeGap } from "../../../src/lib/json/close-gap.ts";

const gap = (before: string, after: string, comments: readonly string[] = [], isLast = false) =>
  closeGap({ before, after, comments, isLast, lineEnd: "\n" });

test.each([
  ["\n  ", "\n  ", [], false, "\n  "],
  ["\n  ", " ", [], false, "\n  "],
  [" ", "\n", [], false, "\n"],
  [" ", " ", [], false, " "],
  ["", "  ", [], true, "  "],
  ["\n  ", "\n  ", ["// x"], false, "\n  // x\n  "],
  ["\n  ", " ", ["// x"], false, "\n  // x\n  "],
  ["\n  ", "\n", ["/* y */", "// z"], false, "\n  /* y */ // z\n"],
  ["\n  ", "\n", ["// x", "/* y */", "// z"], false, "\n  // x\n  /* y */ // z\n"],
  [" ", " ", ["/* x */", "/* y */"], false, " /* x */ /* y */ "],
] as const)(
  "closeGap() of %j and %j with %j, last: %p, is %j",
  (before, after, comments, isLast, joined) => {
    expect(gap(before, after, comments, isLast)).toBe(joined);
  },
);
