import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { askInSetUp } from "../../support/ask-in-set-up.ts";
import { INTENDED } from "../../support/intended-differences.ts";
import { testUnless } from "../../support/needs.ts";
import { QWEN } from "../../support/qwen.ts";
import { installedRelease } from "../../support/qwen-code-release.ts";
import { randomSetUp, type SetUp } from "../../support/random-set-up.ts";
import { faultOf } from "../../support/read-set-up.ts";
import type { Outcome } from "../../support/record-request.ts";

setDefaultTimeout(1_200_000);

/**
 * What a real release did with 260 set-ups stands in a file, since each takes it some seconds; a
 * few are asked again, and with `QWEN_TEST_QWEN_CODE=all` every one, which writes the file anew.
 */
const VERSION = "0.24.4";
const RECORD = join(import.meta.dir, `../../fixtures/qwen-code/asked-${VERSION}.jsonl`);
const RECORDED: ReadonlyMap<number, Outcome> = new Map(
  readFileSync(RECORD, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map(({ seed, outcome }) => [seed, outcome]),
);
const AGAIN = [1, 20];
/** As many as there are processors, mostly. */
const AT_ONCE = 2;

describe(`beside Qwen Code ${VERSION}`, () => {
  test("the same files make the same request, or there is a rule", async () => {
    const seeds = [...RECORDED.keys()];
    expect(seeds.length).toBeGreaterThanOrEqual(200);
    const used = new Map<string, number>();
    const faults: unknown[] = [];
    await forEach(seeds, async (seed) => {
      const setUp = randomSetUp(seed);
      const theirs = recorded(seed);
      const { outcome: ours, output } = await askInSetUp([QWEN], setUp);
      const fault = faultOf(setUp, ours);
      if (fault !== undefined) {
        faults.push({ seed, fault, ours });
      }
      if (comparable(theirs) === comparable(ours)) {
        return;
      }
      const rule = INTENDED.find(({ holds }) => holds({ setUp, theirs, ours, said: output }))?.rule;
      if (rule === undefined) {
        faults.push({ seed, theirs, ours, output });
      } else {
        used.set(rule, (used.get(rule) ?? 0) + 1);
      }
    });
    expect(faults).toEqual([]);
    // A rule that explains nothing any more hides the next fault.
    expect(INTENDED.map(({ rule }) => rule).filter((rule) => !used.has(rule))).toEqual([]);
  });

  test("a key or a header that goes to another place would be seen", () => {
    const setUp: SetUp = {
      seed: 0,
      files: {
        ".qwen/settings.json": {
          modelProviders: {
            openai: [
              { id: "a", baseUrl: "A/v1", envKey: "K1" },
              { id: "b", baseUrl: "B/v1", envKey: "K2" },
            ],
          },
          env: { K1: "of-a", K2: "of-b" },
        },
      },
      env: { OPENAI_API_KEY: "of-nobody" },
      args: [],
    };
    const sent = (key: string | undefined, more: object = {}): Outcome => ({
      ...{ kind: "sent", to: "A", path: "/v1/chat/completions", body: { model: "a" } },
      headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...more },
    });
    const faults = [
      sent("of-a"),
      sent("of-b"),
      sent("of-nobody"),
      sent(undefined),
      sent("of-a", { "x-one": "1" }),
    ].map((outcome) => faultOf(setUp, outcome));
    expect(faults).toEqual([
      undefined,
      "of-b is for another place",
      "of-nobody is for another place",
      "no key is sent, though one is set",
      "headers of another entry are sent",
    ]);
  });

  const release = installedRelease(VERSION);
  const releaseTest = testUnless("reason" in release ? release.reason : undefined);
  const command = ["node", "program" in release ? release.program : ""];

  releaseTest("the record is what the release does", async () => {
    const all = process.env.QWEN_TEST_QWEN_CODE === "all";
    const asked = new Map<number, Outcome>();
    await forEach(all ? [...RECORDED.keys()] : AGAIN, async (seed) => {
      asked.set(seed, (await askInSetUp(command, randomSetUp(seed))).outcome);
    });
    if (all) {
      const seeds = [...asked.keys()].sort((left, right) => left - right);
      const lines = seeds.map((seed) => JSON.stringify({ seed, outcome: asked.get(seed) }));
      writeFileSync(RECORD, `${lines.join("\n")}\n`);
    }
    for (const [seed, outcome] of asked) {
      expect({ seed, outcome }).toEqual({ seed, outcome: recorded(seed) });
    }
  });
});

function recorded(seed: number): Outcome {
  const outcome = RECORDED.get(seed);
  if (outcome === undefined) {
    throw new Error(`No outcome is recorded for ${seed}`);
  }
  return outcome;
}

/** The release names a limit of an answer always; ours, where settings do. */
function comparable(outcome: Outcome): string {
  if (outcome.kind === "refused") {
    return "refused";
  }
  const { max_tokens: _limit, ...body } = outcome.body ?? {};
  const sorted = Object.fromEntries(Object.entries(body).sort());
  return JSON.stringify([outcome.to, outcome.path, outcome.headers, sorted]);
}

async function forEach(
  seeds: readonly number[],
  act: (seed: number) => Promise<void>,
): Promise<void> {
  const queue = [...seeds];
  const work = async (): Promise<void> => {
    for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
      await act(seed);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
