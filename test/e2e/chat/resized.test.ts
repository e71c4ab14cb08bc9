import { expect, setDefaultTimeout, test } from "bun:test";
import { OPENAI } from "../../support/model-answers.ts";
import { KEYS } from "../../support/pty.ts";
import { machine } from "../../support/qwen.ts";
import { scriptedServer, stream } from "../../support/scripted-server.ts";
import { KEY, startSession } from "./session-machine.ts";

setDefaultTimeout(120_000);

const WIDTHS = [80, 40, 120, 60, 20, 100] as const;

/** A session whose answers go on only when they are told to. */
async function open(pieces: readonly string[]) {
  const gates = pieces.map(() => Promise.withResolvers<void>());
  const { origin } = await scriptedServer(async (socket) => {
    await stream([], async () => {
      for (const [index, piece] of pieces.entries()) {
        const bytes = OPENAI.text(piece);
        socket.write(`${Buffer.byteLength(bytes).toString(16)}\r\n${bytes}\r\n`);
        await gates[index]?.promise;
      }
      const end = OPENAI.finish;
      socket.end(`${Buffer.byteLength(end).toString(16)}\r\n${end}\r\n0\r\n\r\n`);
    })(socket);
  });
  const at = machine();
  at.write(".qwen/settings.json", {
    modelProviders: {
      openai: [
        { id: "m", baseUrl: `${origin}/v1`, envKey: "M_KEY" },
        { id: "wide 中文", baseUrl: `${origin}/v1`, envKey: "M_KEY" },
      ],
    },
    model: { name: "m" },
    security: { auth: { selectedType: "openai" } },
    env: { M_KEY: KEY },
  });
  const session = startSession(at, [], { cols: 100, rows: 30, env: { NO_COLOR: "1" } });
  await session.waitForScreen(/›$/);
  return { session, goOn: (index: number) => gates[index]?.resolve() };
}

const withoutBlanks = (text: string): string => text.replaceAll(/\s/g, "");

/** How often a text stands on a screen, over rows or not. */
const countOf = (screen: string, text: string): number =>
  withoutBlanks(screen).split(withoutBlanks(text)).length - 1;

test("a message that is typed stands once on a terminal of any width", async () => {
  const { session } = await open([]);
  const message = "请解释快速排序 and show me how it is done in Python, with a table";
  session.press(message);
  await session.waitForScreen(/table$/);
  for (const width of WIDTHS) {
    session.resize(width);
    session.press("!");
    await session.waitForScreen(/!$/);
    session.press(KEYS.backspace);
    await session.waitForScreen(/table$/);
    const screen = await session.screen();
    expect([width, countOf(screen, message), countOf(screen, "›")]).toEqual([width, 1, 1]);
  }
  session.press(KEYS.ctrlC + KEYS.ctrlD);
  await session.expectEnd(0);
});

test("an answer is whole when the terminal is resized between its pieces", async () => {
  const words = WIDTHS.map((width) => `piece${width} 快速排序采用分治策略 of the answer `);
  const { session, goOn } = await open([
    ...words,
    "\n\n| A | B |\n|---|---|\n",
    "| 一 | b |\n\nEnd.",
  ]);
  session.press(`go${KEYS.enter}`);
  for (const [index, width] of WIDTHS.entries()) {
    await session.waitForScreen(new RegExp(`piece${width}[^›]*Esc\\s+stops(?:\n› x+)?$`));
    session.resize(width);
    session.press("x");
    await session.waitForScreen(/\n› x+$/);
    goOn(index);
  }
  goOn(WIDTHS.length);
  session.resize(60);
  goOn(WIDTHS.length + 1);
  await session.waitForScreen(/tokens\s+in[\s\S]*› x+$/);
  const screen = await session.screen();
  // A row that was on its way when the screen became narrower may stand between two of them.
  const inOrder = words.map((each) => withoutBlanks(each)).join(".*");
  expect(withoutBlanks(screen)).toMatch(new RegExp(inOrder));
  expect(screen).toContain("A  │ B\n───┼──\n一 │ b\n\nEnd.\n");
  session.press(KEYS.ctrlC + KEYS.ctrlD);
  await session.expectEnd(0);
});

test("a list is whole after the terminal was resized", async () => {
  const { session } = await open([]);
  session.press(`/model${KEYS.enter}`);
  await session.waitForScreen(/wide 中文[\s\S]*\n└$/);
  for (const width of [60, 40, 100]) {
    session.resize(width);
    session.press(KEYS.down);
    await session.waitForScreen(/└$/);
    session.press(KEYS.up);
    await session.waitForScreen(/● m [\s\S]*└$/);
    const screen = await session.screen();
    expect([width, countOf(screen.slice(screen.lastIndexOf("◆")), "wide 中文")]).toEqual([
      width,
      1,
    ]);
  }
  session.press(KEYS.escape);
  await session.waitForScreen(/›$/);
  session.press(KEYS.ctrlD);
  await session.expectEnd(0);
});
