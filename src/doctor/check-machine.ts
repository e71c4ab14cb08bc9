import type { Runtime } from "../runtime.ts";
import { type Check, check } from "./check.ts";

export type BuildFacts = Pick<Runtime, "version" | "platform" | "arch" | "build"> & {
  /** The version of Bun that the binary contains. */
  readonly bun: string;
};

export function checkBuild({ version, platform, arch, build, bun }: BuildFacts): Check {
  const target = build?.target ?? `${platform}-${arch}`;
  return check("version", {
    status: "ok",
    summary: `qwen ${version} (${target}, Bun ${bun})`,
    detail: build === undefined ? [] : [`commit ${build.commit.slice(0, 12)}`],
  });
}

/** Before the first release, and after its last certificate: no clock is right then. */
const PLAUSIBLE_YEARS = { first: 2026, last: 2056 };

/**
 * A clock that can be right is not told to the second: two runs that find the same say the same.
 * @param now milliseconds since the epoch
 */
export function checkClock(now: number): Check {
  const date = new Date(now);
  const year = date.getUTCFullYear();
  return year >= PLAUSIBLE_YEARS.first && year <= PLAUSIBLE_YEARS.last
    ? check("clock", { status: "ok", summary: `its year, ${year}, can be right` })
    : check("clock", {
        status: "failed",
        summary: `it is ${date.toISOString().slice(0, 19)}Z`,
        remedy: "set the clock: no certificate is valid at that time",
      });
}

export type TerminalFacts = {
  readonly term: string | undefined;
  readonly terminals: readonly string[];
  readonly hasColor: boolean;
  readonly canPrompt: boolean;
  readonly columns: number;
};

export function checkTerminal(facts: TerminalFacts): Check {
  const { term, terminals, hasColor, canPrompt, columns } = facts;
  const isDrawn = terminals.includes("stdout");
  return check("terminal", {
    status: "ok",
    summary: [
      `TERM is ${term === undefined || term === "" ? "not set" : term}`,
      hasColor ? "colour" : "no colour",
      canPrompt ? "questions can be asked" : "no questions",
      ...(isDrawn ? [`${columns} columns`] : []),
    ].join(", "),
    detail: [`terminals: ${terminals.length === 0 ? "none" : terminals.join(", ")}`],
  });
}
