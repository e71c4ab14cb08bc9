import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { terminalsOf } from "../../src/terminal/tty.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const SOURCE = join(import.meta.dir, "..", "..", "src", "terminal", "tty.ts");

/** What `terminalsOf` says in a process of its own. */
const SCRIPT = `
const { terminalsOf } = await import(${JSON.stringify(SOURCE)});
const streams = { stdout: { columns: 33 }, stderr: { columns: 44 } };
const without = { binding: () => ({}), ...streams };
const { isTerminal, columns } = terminalsOf(process.argv[2] ? without : process);
const facts = [await isTerminal(0), await isTerminal(1), await isTerminal(2), await columns(1), await columns(2)];
await Bun.write(process.argv[1], JSON.stringify(facts.map((fact) => fact ?? null)));
`;

type Started = {
  readonly columns?: number;
  readonly redirect?: string;
  readonly hasBinding?: boolean;
};

/** Its standard streams are a terminal, save where `redirect` takes them away. */
async function factsOf({
  columns = 80,
  redirect = "",
  hasBinding = true,
}: Started): Promise<unknown> {
  const out = join(temporaryDirectory(), "facts");
  const child = Bun.spawn(
    [
      "sh",
      "-c",
      `exec "$0" -e "$1" "$2" "$3" ${redirect}`,
      process.execPath,
      SCRIPT,
      out,
      hasBinding ? "" : "x",
    ],
    { terminal: { cols: columns, rows: 24, data: () => undefined } },
  );
  expect(await child.exited).toBe(0);
  return Bun.file(out).json();
}

describe("terminalsOf() tells", () => {
  test.each([
    ["a terminal of 80 columns", {}, [true, true, true, 80, 80]],
    ["one of 41", { columns: 41 }, [true, true, true, 41, 41]],
    ["stdout in /dev/null", { redirect: ">/dev/null" }, [true, false, true, null, 80]],
    ["stderr in a device of memory", { redirect: "2>/dev/zero" }, [true, true, false, 80, null]],
    ["stdout in a pipe", { redirect: "| cat" }, [true, false, true, null, 80]],
    ["stdin from a file", { redirect: "</etc/passwd" }, [false, true, true, 80, 80]],
    ["a closed stdin", { redirect: "<&-" }, [false, true, true, 80, 80]],
    [
      "what the streams say, where nothing else tells",
      { hasBinding: false },
      [true, true, true, 33, 44],
    ],
    ["nothing but stderr", { redirect: "</dev/null >/dev/null" }, [false, false, true, null, 80]],
  ])("%s", async (_, started, facts) => {
    expect(await factsOf(started)).toEqual(facts);
  });
});

describe("terminalsOf() without the binding of the runtime", () => {
  const streams = { stdout: { columns: 33 }, stderr: {} };

  test.each([
    ["gone", () => ({})],
    [
      "refused",
      () => {
        throw new Error("No such binding: tty_wrap");
      },
    ],
  ])("asks node:tty: %s", async (_, binding) => {
    const { isTerminal, columns } = terminalsOf({ binding, ...streams });
    const { isatty } = await import("node:tty");
    expect(await isTerminal(1)).toBe(isatty(1));
    expect(await columns(1)).toBe(isatty(1) ? 33 : undefined);
    expect(await columns(2)).toBeUndefined();
  });
});
