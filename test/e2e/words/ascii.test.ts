import { expect, setDefaultTimeout, test } from "bun:test";
import { OPENAI } from "../../support/model-answers.ts";
import { KEYS, qwenPty } from "../../support/pty.ts";
import { machine, qwen } from "../../support/qwen.ts";
import { scriptedServer, stream } from "../../support/scripted-server.ts";
import { chatMachine } from "../chat/chat-machine.ts";
import { startSession } from "../chat/session-machine.ts";

setDefaultTimeout(60_000);

// biome-ignore lint/suspicious/noControlCharactersInRegex: the borders of ASCII
const ASCII_ALONE = /^[\x00-\x7f]*$/;

test.each([
  [["auth", "status"]],
  [["auth", "list"]],
  [["models"]],
  [["doctor", "--all"]],
  [["--help"]],
  [["auth", "nonsense"]],
])("%j --ascii draws with ASCII alone", async (args) => {
  const m = machine();
  const given = ["auth", "coding-plan", "--region", "china", "--key-stdin", "--offline"];
  expect((await qwen(m, given, { stdin: "sk-sp-0123456789abcdef0123a289" })).exitCode).toBe(0);
  const terminal = qwenPty(m, [...args, "--ascii"]);
  await terminal.exitCode();
  expect(terminal.text()).not.toBe("");
  expect(terminal.text()).toMatch(ASCII_ALONE);
});

test("so does the menu, with the frame of each question", async () => {
  const terminal = qwenPty(machine(), ["auth", "--ascii"]);
  await terminal.waitFor("Ctrl+C to exit");
  terminal.press(KEYS.down + KEYS.enter);
  await terminal.waitFor("Select API key type:");
  terminal.press(KEYS.ctrlC);
  expect(await terminal.exitCode()).toBe(130);
  expect(terminal.text()).toContain("*  Select authentication method:");
  expect(terminal.text()).toContain("|  > Alibaba Cloud Coding Plan - Paid - ");
  expect(terminal.text()).toMatch(ASCII_ALONE);
});

test("in a session only what the model says has other signs", async () => {
  const said = "| A | B |\n|---|---|\n| 1 | x·y |\n\n- 一\n- two\n\n> quoted\n\n---\n";
  const server = await scriptedServer(stream([OPENAI.text(said), OPENAI.finish]));
  const session = startSession(chatMachine(server.origin, { speech: OPENAI }), ["--ascii"]);
  await session.waitFor("/help");
  session.press(`Hi${KEYS.enter}`);
  await session.waitFor("quoted");
  session.press(`/quit${KEYS.enter}`);
  await session.expectEnd(0);
  const screen = await session.screen();
  expect(screen).toContain("A | B\n--+----\n1 | x·y\n");
  expect(screen).toContain("* 一\n* two\n");
  expect(screen).toContain("| quoted\n");
  expect(screen).toContain("> Hi");
  expect(session.text().replaceAll("x·y", "").replaceAll("一", "")).toMatch(ASCII_ALONE);
});
