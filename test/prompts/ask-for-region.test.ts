import { describe, expect, test } from "bun:test";
import { providerNamed } from "../../src/flags/endpoint-flags.ts";
import { askForRegion, askForRegionOrNone } from "../../src/prompts/ask-for-region.ts";
import type { Answer } from "../../src/runtime.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";
import { laterProblemOf } from "../support/problem-of.ts";

const MOONSHOT = providerNamed("moonshot");
const [GLOBAL, CHINA] = MOONSHOT.endpoints;
const CAN = { canAsk: true, noInput: false };
const ROWS = [
  { value: "global", description: "https://api.moonshot.ai/v1" },
  { value: "china", description: "https://api.moonshot.cn/v1" },
];

const answering = (answer: Answer<string>) => fakeRuntime({ answers: [answer] });

describe("askForRegion()", () => {
  test.each([
    ["global", GLOBAL],
    ["china", CHINA],
  ])("answers the endpoint of %s", async (region, endpoint) => {
    const runtime = answering({ kind: "value", value: region });
    expect(await askForRegion(runtime, MOONSHOT, CAN)).toEqual({
      kind: "value",
      value: endpoint,
    } as never);
    expect(runtime.asked).toEqual(["Select the region:"]);
    expect(runtime.rows).toMatchObject([ROWS]);
    expect(runtime.rows[0]).toHaveLength(2);
  });

  test("has a row more for whoever does not know", async () => {
    const unsure = answering({ kind: "value", value: "auto" });
    expect(await askForRegionOrNone(unsure, MOONSHOT, CAN)).toEqual({
      kind: "value",
      value: undefined,
    });
    expect(unsure.rows[0]?.[2]).toEqual({
      value: "auto",
      label: "Not sure",
      description: "find out with the key",
    });
    const sure = answering({ kind: "value", value: "china" });
    expect(await askForRegionOrNone(sure, MOONSHOT, CAN)).toMatchObject({ value: CHINA });
  });

  test.each([{ kind: "back" }, { kind: "cancelled" }] as const)("passes on %j", async (answer) => {
    expect(await askForRegion(answering(answer), MOONSHOT, CAN)).toEqual(answer);
  });

  test.each([
    ["moonshot", "give `--region global` or `--region china`"],
    [
      "modelstudio",
      "give `--region` with cn-beijing (china, cn, beijing), sg-singapore (global, intl, international, singapore), us-virginia (us, virginia) or cn-hongkong (hongkong, hk)",
    ],
  ])("names the flag where nobody can be asked: %s", async (id, hint) => {
    const work = () =>
      askForRegion(fakeRuntime(), providerNamed(id), { canAsk: false, noInput: true });
    expect(await laterProblemOf(work)).toEqual({
      name: "UsageError",
      code: "missing-input",
      message: "Cannot choose the region: none was given and `--no-input` was given",
      hint,
    });
  });
});
