import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createAnswerReader } from "../../src/protocols/answer-reader.ts";
import type { StreamEvent } from "../../src/protocols/chat-event.ts";
import { wireOf } from "../../src/protocols/request-headers.ts";
import { bodyOf, SCENARIOS, type Scenario, serveScenario, speechOf } from "../support/answers.ts";
import { ask, textOf } from "./ask.ts";
import { askOfficialSdk } from "./official-sdks.ts";

/** All that a reader makes of bytes in these pieces. */
function eventsOf(scenario: Scenario, pieces: readonly Uint8Array[]): readonly StreamEvent[] {
  const decoder = createAnswerReader();
  const reader = wireOf(scenario).createReader();
  const events = pieces
    .flatMap((piece) => decoder.push(piece))
    .concat(decoder.end())
    .flatMap((data) => reader.read(data));
  const isCut = scenario.then !== undefined;
  return isCut
    ? [...events, ...reader.held()]
    : [...events, ...reader.end({ isWhole: decoder.isWhole(), stray: decoder.stray() })];
}

function summaryOf(events: readonly StreamEvent[]) {
  const failed = events.findIndex(({ kind }) => kind === "failure");
  const before = failed === -1 ? events : events.slice(0, failed);
  const joined = (kind: string, part = before): string =>
    part.map((event) => (event.kind === kind && "text" in event ? event.text : "")).join("");
  const thought = before.findIndex(({ kind }) => kind === "thoughts-end") + 1;
  return {
    text: joined("text-delta", before.slice(thought)),
    reasoning: joined("reasoning-delta") + joined("text-delta", before.slice(0, thought)),
    calls: before.flatMap((event) => (event.kind === "tool-call" ? [event.name] : [])),
    finish: before.findLast(({ kind }) => kind === "finish"),
    hasFailed: failed !== -1,
    why: events.find((event) => event.kind === "failure")?.message,
  };
}

const RUNS = Number(process.env.QWEN_TEST_SPLITS ?? 1000);

test("nothing of an answer is told twice or lost, however its bytes arrive", () => {
  const scenario = fc.constantFrom(...SCENARIOS);
  const cuts = fc.array(fc.nat(1_000_000), { maxLength: 20 });
  fc.assert(
    fc.property(scenario, cuts, (scenario, positions) => {
      const bytes = Buffer.from(bodyOf(scenario));
      const edges = [0, ...positions.map((at) => at % (bytes.length + 1)), bytes.length];
      edges.sort((left, right) => left - right);
      const pieces = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
      const summary = summaryOf(eventsOf(scenario, pieces));
      expect(summary).toEqual(summaryOf(eventsOf(scenario, [bytes])));
      const { text, reasoning = "", calls = [] } = scenario.expected;
      expect({ ...summary, finish: 0, hasFailed: 0, why: "" }).toEqual({
        text,
        reasoning,
        calls: [...calls],
        finish: 0,
        hasFailed: 0,
        why: "",
      });
    }),
    { numRuns: RUNS },
  );
});

test("frames of nothing anywhere between the events of an answer change nothing", () => {
  const nothing = [
    ": ping\n\n",
    "data:\n\n",
    "data: null\n\n",
    "data: ping\n\n",
    "event: ping\n\n",
  ];
  const streams = SCENARIOS.filter((scenario) => /^data: /.test(bodyOf(scenario)));
  const places = fc.array(fc.tuple(fc.nat(100), fc.constantFrom(...nothing)), { maxLength: 8 });
  fc.assert(
    fc.property(fc.constantFrom(...streams), places, (scenario, inserted) => {
      const frames = bodyOf(scenario).split(/(?<=\n\n)/);
      for (const [place, frame] of inserted) {
        // Behind the last one, half an event may stand.
        frames.splice(place % frames.length, 0, frame);
      }
      const whole = summaryOf(eventsOf(scenario, [Buffer.from(bodyOf(scenario))]));
      expect(summaryOf(eventsOf(scenario, [Buffer.from(frames.join(""))]))).toEqual(whole);
    }),
    { numRuns: RUNS },
  );
});

describe("the vendor's client", () => {
  const ended = SCENARIOS.filter(({ then }) => then === undefined);
  test.each(ended.filter(({ sdk }) => sdk === undefined))(
    "makes the same text of $name",
    async (scenario) => {
      const server = await serveScenario(scenario);
      const { protocol } = scenario;
      const said = await askOfficialSdk(protocol, server.origin);
      const ours = await ask({
        origin: server.origin,
        speech: speechOf(scenario),
        options: { maxRetries: 0 },
      });
      server.stop();
      expect(said.text).toBe(textOf(ours.events));
    },
  );

  test.each(ended.filter(({ sdk }) => sdk !== undefined))(
    "makes something else of $name: $sdk.why",
    async (scenario) => {
      const server = await serveScenario(scenario);
      const said = await askOfficialSdk(scenario.protocol, server.origin);
      server.stop();
      const { text, exitCode } = scenario.expected;
      const isSame = said.text === text && (said.error !== undefined) === (exitCode !== 0);
      const hasFinish = said.finish !== undefined;
      expect({ isSame, hasFinish }).not.toEqual({ isSame: true, hasFinish: true });
    },
  );
});
