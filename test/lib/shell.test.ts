import { describe, expect } from "bun:test";
import fc from "fast-check";
import { exportLine, type Shell } from "../../src/lib/shell.ts";
import { missingPrograms, testUnless } from "../support/needs.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** Everything that means something to a shell, and what keys and URLs have. */
const MEANINGFUL =
  `' " \\ $ $HOME \`id\` $(id) ! * ? ~ -n # ; & % | < > {a,b} [x] = , é ’ ‘ 語 a`.split(" ");

const VALUE = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 1 }),
    fc
      .array(fc.constantFrom(...MEANINGFUL, "\n", "\r", "\t", " "), { minLength: 1, maxLength: 12 })
      .map((parts) => parts.join("")),
  )
  .filter((value) => !value.includes("\0"));

/** How each shell is run on a script, and which lines it reads. */
const SHELLS: readonly (readonly [argv: readonly string[], dialect: Shell])[] = [
  [["dash"], "sh"],
  [["bash"], "sh"],
  [["busybox", "sh"], "sh"],
  [["zsh", "-f"], "sh"],
  [["fish", "--no-config"], "sh"],
  [["fish", "--no-config"], "fish"],
];

describe("exportLine() gives every value exactly", () => {
  for (const [argv, dialect] of SHELLS) {
    const [program = ""] = argv;
    testUnless(missingPrograms(program))(`to ${argv.join(" ")}, as ${dialect}`, () => {
      fc.assert(
        fc.property(fc.array(VALUE, { minLength: 1, maxLength: 40 }), (values) => {
          const lines = values.map((value, index) => exportLine(dialect, `V${index}`, value));
          expect(evaluate(argv, lines)).toEqual(
            Object.fromEntries(values.map((value, index) => [`V${index}`, value])),
          );
        }),
        { numRuns: 12 },
      );
    });
  }
});

/** The variables `V…` that a child of the shell sees after the lines were evaluated. */
function evaluate(argv: readonly string[], lines: readonly string[]): Record<string, string> {
  const child = Bun.spawnSync([...argv], {
    stdin: new TextEncoder().encode(`${lines.join("\n")}\nenv -0\n`),
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: temporaryDirectory(), LC_ALL: "C.UTF-8" },
  });
  return Object.fromEntries(
    child.stdout
      .toString()
      .split("\0")
      .filter((entry) => /^V\d/.test(entry))
      .map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}
