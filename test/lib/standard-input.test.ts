import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const SCRIPT = `
  import { standardInput } from ${JSON.stringify(join(import.meta.dir, "../../src/lib/standard-input.ts"))};
  const [how, limits] = process.argv.slice(1);
  try {
    const read = await standardInput(async () => false)[how](JSON.parse(limits));
    console.log(JSON.stringify({ read }));
  } catch ({ name, code, message, hint }) {
    console.log(JSON.stringify({ name, code, message, hint }));
  }
  process.exit(0);
`;

type How = "readAll" | "readIfAny";

function command(how: How, limits: object): string[] {
  const all = { maxBytes: 10, timeoutMs: 20_000, firstByteMs: 20_000, ...limits };
  return [process.execPath, "--no-env-file", "-e", SCRIPT, how, JSON.stringify(all)];
}

/** What is read where a shell has the reader as `"$@"`. */
async function read(shell: string, how: How, limits: object = {}) {
  const argv = ["sh", "-c", shell, "sh", ...command(how, limits)];
  return JSON.parse(await Bun.spawn(argv, { stdin: "ignore" }).stdout.text());
}

/** What is read of a pipe that stays open. */
async function readOpen(text: string, how: How, limits: object) {
  const reader = Bun.spawn(command(how, limits), { stdin: "pipe" });
  reader.stdin.write(text);
  await reader.stdin.flush();
  const said = await reader.stdout.text();
  await reader.stdin.end();
  return JSON.parse(said);
}

const both = ["readAll", "readIfAny"] as const;

describe.each(both)("%s()", (how) => {
  test.each([
    ["a text", "printf 'h\\303\\251llo' | \"$@\"", "héllo"],
    ["all that may come", 'printf 0123456789 | "$@"', "0123456789"],
    ["pieces", '{ printf a; sleep 0.05; printf b; } | "$@"', "ab"],
    [
      "a character that comes in two pieces",
      "{ printf '\\303'; sleep 0.05; printf '\\251'; } | \"$@\"",
      "é",
    ],
    ["nothing of a pipe", ': | "$@"', ""],
    ["nothing of /dev/null", '"$@" </dev/null', ""],
  ])("reads %s", async (_what, shell, text) => {
    expect(await read(shell, how)).toEqual({ read: text });
  });

  test("reads a file", async () => {
    const path = join(temporaryDirectory(), "in");
    writeFileSync(path, "text\n");
    expect(await read(`"$@" <'${path}'`, how)).toEqual({ read: "text\n" });
  });

  test("refuses more than may come", async () => {
    expect(await read('printf 0123456789a | "$@"', how)).toMatchObject({
      name: "UsageError",
      message: "Cannot read standard input: it is longer than 10 bytes",
    });
  });

  test("waits for the end of a pipe for so long", async () => {
    expect(await readOpen("a", how, { timeoutMs: 300 })).toEqual({
      name: "UsageError",
      code: "missing-input",
      message: "Cannot read standard input: its end did not come in 0.3 s",
      hint: "close the pipe after what it carries",
    });
  });
});

describe("readIfAny()", () => {
  test("has nothing where nothing comes in time", async () => {
    expect(await readOpen("", "readIfAny", { firstByteMs: 100 })).toEqual({});
  });

  test("says of what began in time that its end did not come", async () => {
    const limits = { firstByteMs: 20_000, timeoutMs: 300 };
    expect(await readOpen("a", "readIfAny", limits)).toMatchObject({ code: "missing-input" });
  });
});
