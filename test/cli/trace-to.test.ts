import { expect, test } from "bun:test";
import { traceTo } from "../../src/cli/trace-to.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";

test("traceTo() keeps the order of lines and talk, and stamps each line", async () => {
  const { stderr, written } = fakeRuntime();
  const slow = {
    ...stderr,
    write: async (text: string) => {
      await Promise.resolve();
      await stderr.write(text);
    },
  };
  const times = [100, 100, 107, 1107];
  const traced = traceTo(slow, () => times.shift() ?? 0);
  traced.trace(() => ["one", "two\n\u001b[2J"]);
  const talk = traced.stderr.write("talk\n");
  traced.trace(() => ["three"]);
  traced.trace(() => []);
  await talk;
  await traced.end();
  expect(written.stderr).toBe(
    "debug: 0ms one\ndebug: 0ms two\\n\\x1b[2J\ntalk\ndebug: 7ms three\n",
  );
});
