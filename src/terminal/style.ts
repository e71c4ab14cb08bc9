import type { ColorChoice, Output, Runtime } from "../runtime.ts";
import { ASCII_SIGNS, SIGNS, type Signs } from "./signs.ts";

/** How text is emphasised on one stream, nothing of which anything depends on, and drawn. */
export type Style = {
  readonly signs: Signs;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly italic: (text: string) => string;
  readonly strike: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
};

const same = (text: string): string => text;

export const PLAIN: Style = {
  signs: SIGNS,
  bold: same,
  dim: same,
  italic: same,
  strike: same,
  red: same,
  green: same,
  yellow: same,
  cyan: same,
};

/**
 * Decides colour for one stream: `--color`, `NO_COLOR` (set and not empty), `FORCE_COLOR`, is it a
 * terminal; `TERM=dumb` is off (`spec/cli.md`, "Streams").
 */
export async function chooseStyle(
  { env }: Pick<Runtime, "env">,
  stream: Output,
  color: ColorChoice,
): Promise<Style> {
  const signs = stream.isAscii ? ASCII_SIGNS : SIGNS;
  if (!(await wantsColor(env, stream, color))) {
    return stream.isAscii ? { ...PLAIN, signs } : PLAIN;
  }
  const { colorStyle } = await import("./color-style.ts");
  return { ...colorStyle(), signs };
}

async function wantsColor(
  env: Runtime["env"],
  stream: Output,
  color: ColorChoice,
): Promise<boolean> {
  if (color !== "auto") {
    return color === "always";
  }
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") {
    return false;
  }
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "") {
    return env.FORCE_COLOR !== "0";
  }
  return env.TERM !== "dumb" && (await stream.isTerminal());
}
