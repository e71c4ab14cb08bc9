import { expect, test } from "bun:test";
import { redraw } from "../../src/terminal/redraw.ts";

test("redraw() changes texts that are written and nothing else", () => {
  const written: unknown[] = [];
  const stream = Object.create(process.stderr, {
    write: { writable: true, value: (text: unknown) => written.push(text) > 0 },
    columns: { value: 61 },
  });
  const shown = redraw(
    redraw(stream, (text) => `${text}!`),
    (text) => text.toUpperCase(),
  );
  shown.write("one");
  shown.write(new TextEncoder().encode("two"));
  expect(written).toEqual(["ONE!", new TextEncoder().encode("two")]);
  expect(shown.columns).toBe(61);
  expect(shown.listenerCount("resize")).toBe(process.stderr.listenerCount("resize"));
});
