import { expect, setDefaultTimeout, test } from "bun:test";
import {
  patienceWith,
  SCENARIOS,
  type Scenario,
  serveScenario,
  speechOf,
} from "../../support/answers.ts";
import { KEYS } from "../../support/pty.ts";
import { chatMachine } from "./chat-machine.ts";
import { startSession } from "./session-machine.ts";

setDefaultTimeout(60_000);

/** A few of each kind: the readers are those of one question, which all of them go through. */
const NAMES: readonly string[] = [
  "snapshot-minimax",
  "finish-gemini-pause",
  "nothing-bracket-ping",
  "done-anthropic",
  "think",
  "unframed-llama",
  "broken-off-network_error",
  "foreign-anthropic",
  "reset",
  "stay-pinging",
];

const chosen: readonly Scenario[] = SCENARIOS.filter(({ name }) => NAMES.includes(name));

test("every file that is named is there", () => {
  expect(chosen.map(({ name }) => name)).toEqual([...NAMES].sort());
});

test.each(chosen)("a session shows $name once, and what went wrong", async (scenario) => {
  const server = await serveScenario(scenario);
  const limit = patienceWith(scenario);
  const generationConfig = { maxRetries: 0, timeout: limit };
  const at = chatMachine(server.origin, { speech: speechOf(scenario), generationConfig });
  const env = { QWEN_STREAM_IDLE_TIMEOUT_MS: String(limit) };
  const session = startSession(at, [], { env });
  await session.waitFor("/help");
  session.press(`Hi${KEYS.enter}`);
  const { text, error } = scenario.expected;
  if (text !== "") {
    await session.waitFor(text);
  }
  if (error !== undefined) {
    await session.waitFor(error.split(" ").slice(0, 2).join(" "));
  }
  session.press(`/quit${KEYS.enter}`);
  await session.expectEnd(0);
  const screen = await session.screen();
  expect(screen.split(text === "" ? "error:" : text).length).toBe(2);
  server.stop();
});
