import { describe, expect, test } from "bun:test";
import type { ColorChoice } from "../../src/runtime.ts";
import { chooseStyle, PLAIN } from "../../src/terminal/style.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";

type Env = Readonly<Record<string, string>>;

async function style(env: Env, color: ColorChoice, isTerminal: boolean, isAscii = false) {
  const { stderr } = fakeRuntime({ terminals: isTerminal ? ["stderr"] : [] });
  return chooseStyle({ env }, { ...stderr, isAscii }, color);
}

describe("chooseStyle() has colour", () => {
  test.each<[Env, ColorChoice, boolean, boolean]>([
    [{}, "auto", true, true],
    [{}, "auto", false, false],
    [{}, "always", false, true],
    [{}, "never", true, false],
    [{ NO_COLOR: "1" }, "auto", true, false],
    [{ NO_COLOR: "" }, "auto", true, true],
    [{ NO_COLOR: "1" }, "always", true, true],
    [{ FORCE_COLOR: "1" }, "auto", false, true],
    [{ FORCE_COLOR: "0" }, "auto", true, false],
    [{ FORCE_COLOR: "" }, "auto", false, false],
    [{ NO_COLOR: "1", FORCE_COLOR: "1" }, "auto", true, false],
    [{ TERM: "dumb" }, "auto", true, false],
    [{ TERM: "dumb" }, "always", true, true],
  ])("with %j and --color=%s on a terminal, %p: %p", async (env, color, isTerminal, expected) => {
    const { yellow } = await style(env, color, isTerminal);
    expect(yellow("a")).toBe(expected ? "\u001b[33ma\u001b[39m" : "a");
  });
});

test.each([true, false])(
  "chooseStyle() has signs of ASCII where that is wanted: %p",
  async (isAscii) => {
    for (const color of ["always", "never"] as const) {
      const { signs } = await style({}, color, true, isAscii);
      const isPlain = Object.values(signs).every((sign) => /^[\x20-\x7e]*$/.test(String(sign)));
      expect([color, isPlain]).toEqual([color, isAscii]);
    }
    expect((await style({}, "never", true)).signs).toEqual(PLAIN.signs);
  },
);
