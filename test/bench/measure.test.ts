import { expect, setDefaultTimeout } from "bun:test";
import { countInstructions } from "../../bench/measure.ts";
import { missingPrograms, testUnless } from "../support/needs.ts";

setDefaultTimeout(60_000);

/** Valgrind loads a library of its own into what it runs. */
const UNDER_VALGRIND = '[ -n "$LD_PRELOAD" ]';

const CASES: readonly (readonly [name: string, script: string, exitCode: number, is: boolean])[] = [
  ["a program that ends well", "exit 0", 0, true],
  ["one that ends with what is expected of it", "exit 2", 2, true],
  [
    "nothing of one that only fails under valgrind",
    `${UNDER_VALGRIND} && exit 3; exit 0`,
    0,
    false,
  ],
  ["nothing of one that dies under it", `${UNDER_VALGRIND} && kill -SEGV $$; exit 0`, 0, false],
  ["nothing of one that only does well under it", `${UNDER_VALGRIND}`, 1, false],
];

testUnless(missingPrograms("valgrind")).each(CASES)(
  "countInstructions() counts %s",
  async (_, script, exitCode, isCounted) => {
    const program = { argv: ["/bin/sh", "-c", script], cwd: "/", env: {} };
    const count = await countInstructions(program, exitCode);
    expect((count ?? 0) > 0).toBe(isCounted);
  },
);
