import { expect, spyOn, test } from "bun:test";
import { sizeOf } from "../../src/terminal/terminal-size.ts";
import { localTerminal } from "../support/local-terminal.ts";

test("sizeOf() looks before it tells, and stays with what it saw for a millisecond", () => {
  let looks = 0;
  const { output } = localTerminal({ columns: 80, rows: 24 });
  const stream = Object.assign(output, {
    _refreshSize: () => {
      looks += 1;
      output.columns = 40 + looks;
      output.rows = 12;
    },
  });
  const size = sizeOf(() => stream);
  using clock = spyOn(performance, "now");
  const told = [5, 5.9, 6, 6.5, 7.1].map((now) => {
    clock.mockReturnValue(now);
    return size();
  });
  expect(told).toEqual([41, 41, 42, 42, 43].map((columns) => ({ columns, rows: 12 })));
});

test.each([
  [33, 7, { columns: 33, rows: 7 }],
  [0, 0, { columns: 80, rows: 24 }],
])("sizeOf() takes what stands there where nothing can look: %i × %i", (columns, rows, told) => {
  expect(sizeOf(() => localTerminal({ columns, rows }).output)()).toEqual(told);
});
