import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { KEYS } from "../../support/pty.ts";
import { answer } from "../../support/scripted-server.ts";
import { says, startSession, withModel } from "./session-machine.ts";

/** Messages of a megabyte: pasted as one line, typed, and called up again. */
setDefaultTimeout(60_000);

const pasted = (text: string): string => `\u001b[200~${text}\u001b[201~`;
const MIB = 1024 * 1024;

describe("a long line that is pasted", () => {
  test.each([
    ["without blanks", "x".repeat(MIB)],
    ["of words", "word ".repeat(MIB / 5)],
    ["of Chinese", "快速排序".repeat(MIB / 4)],
    ["of emoji", "👩‍👩‍👧 ".repeat(MIB / 10)],
  ])("%s is a chip, and sent whole", async (_name, line) => {
    const { at, said } = await withModel(says("one"));
    const session = startSession(at, [], { cols: 80, rows: 24, deadlineMs: 20_000 });
    await session.waitFor("› ");
    session.press(pasted(line));
    const chip = `[${line.length.toLocaleString("en-US")} characters pasted]`;
    await session.waitFor(chip);
    for (const letter of " and more") {
      session.press(letter);
    }
    await session.waitForScreen(`${chip} and more`);
    session.press(KEYS.enter);
    await session.waitFor("tokens in");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
    expect(said()).toEqual([[`${line} and more`]]);
    expect(session.raw().length).toBeLessThan(10_000);
  });

  test("is sent again when it is called up, and shown once where it was pasted twice", async () => {
    const line = "x".repeat(5000);
    const { at, said } = await withModel(answer(400, "no"), says("two"), says("three"));
    const session = startSession(at, [], { cols: 80, rows: 24 });
    await session.waitFor("› ");
    session.press(`${pasted(line)}${KEYS.enter}`);
    await session.waitFor("calls the message up again");
    await session.waitFor("› ");
    session.press(KEYS.up);
    await session.waitFor("[5,000 characters pasted]");
    session.press(KEYS.enter);
    await session.waitFor("tokens in");
    await session.waitFor("› ");
    session.press(`${pasted("y".repeat(5000))} ${pasted(line)}${KEYS.enter}`);
    await session.waitFor("[5,000 characters pasted, number 2] [5,000 characters pasted]");
    await session.waitFor("tokens in");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
    expect(said().map((each) => each.at(-1))).toEqual([line, line, `${"y".repeat(5000)} ${line}`]);
  });

  test("that names a chip is not taken for one", async () => {
    const [first, second] = ["x".repeat(3000), `[3,000 characters pasted] ${"y".repeat(3000)}`];
    const { at, said } = await withModel(says("one"));
    const session = startSession(at, [], { cols: 80, rows: 24 });
    await session.waitFor("› ");
    session.press(`${pasted(first)} ${pasted(second)}${KEYS.enter}`);
    await session.waitFor("tokens in");
    session.press(KEYS.ctrlD);
    await session.expectEnd(0);
    expect(said()).toEqual([[`${first} ${second}`]]);
  });
});

test("a long line that is typed is edited, shown around the cursor, and sent whole", async () => {
  const { at, said } = await withModel(says("one"));
  const session = startSession(at, [], { cols: 40, rows: 15, deadlineMs: 30_000 });
  await session.waitFor("› ");
  const line = Array.from({ length: 20_000 }, (_, at) => `word${at}`).join(" ");
  session.press(line);
  await session.waitForScreen("word19999");
  for (let step = 0; step < 9; step += 1) {
    session.press(KEYS.left);
  }
  session.press("New ");
  await session.waitForScreen(/New\s+word19999/);
  session.press("\u0001");
  await session.waitForScreen("› word0 word1");
  session.press(`First ${KEYS.enter}`);
  await session.waitFor("tokens in");
  session.press(KEYS.ctrlD);
  await session.expectEnd(0);
  expect(said()).toEqual([[`First ${line.replace("word19999", "New word19999")}`]]);
});

test("what is pasted first has its lines once, and what a terminal answers is not typed", async () => {
  const { at, said } = await withModel(says("one"));
  const session = startSession(at, [], { cols: 80, rows: 24 });
  await session.waitFor("› ");
  session.press(pasted("a\r\nb\rc\nd"));
  await session.waitForScreen("d");
  session.press("\u001b]11;rgb:0000/0000/0000\u001b\\\u001bP>|XTerm(390)\u001b\\!\r");
  await session.waitFor("tokens in");
  session.press(KEYS.ctrlD);
  await session.expectEnd(0);
  expect(said()).toEqual([["a\nb\nc\nd!"]]);
});
