import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { installFrom, mirror, pathWith } from "./release.ts";
import { directory, files, INSTALLER, SHELLS, testWith } from "./run-installer.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

const script = readFileSync(INSTALLER);

for (const [tool, options] of [
  ["shellcheck", "-s sh"],
  // All of its optional checks, but not: a default in each `case`, braces around each variable,
  // the exit code of a command inside another.
  ["shellcheck", "-s sh -o all -e SC2249,SC2250,SC2312"],
  ["shfmt", "-ln posix -i 2 -ci -d"],
  ["checkbashisms", ""],
] as const) {
  testWith(tool)(`\`${tool} ${options}\` has nothing to say`, () => {
    const argv = [tool, ...options.split(" ").filter(Boolean), INSTALLER];
    const child = Bun.spawnSync(argv, { stdin: "ignore" });
    const said = `${child.stdout}${child.stderr}`;
    expect({ said, code: child.exitCode }).toEqual({ said: "", code: 0 });
  });
}

test("it is short, and in ASCII: yash reads nothing else in the C locale", () => {
  expect(script.filter((byte) => byte > 126)).toHaveLength(0);
  expect(script.toString().trimEnd().split("\n").length).toBeLessThanOrEqual(740);
});

test("a release finds the lines that it stamps", () => {
  const stamps = script.toString().match(/^ {2}QWEN_DEFAULT_\w+=.*$/gm);
  expect(stamps).toEqual([
    "  QWEN_DEFAULT_REPO=''",
    "  QWEN_DEFAULT_VERSION='latest'",
    "  QWEN_DEFAULT_SUMS=''",
  ]);
});

describe.each(SHELLS)("piped into %s", (shell) =>
  testWith(shell)(
    "no prefix of it does anything",
    async () => {
      const end = script.length - 2; // It ends with `}` and a line break.
      const lengths = Array.from({ length: end }, (_, index) => index + 1);
      const chosen = lengths.filter((length) => length % 97 === 0 || length > end - 100);
      const { url, seen } = mirror();
      const args = ["--bin-dir", directory("bin")];
      const run = { shell, args, cwd: directory("cwd"), path: pathWith("curl") };
      const env = { HOME: directory("home") };
      const ran: number[] = [];
      async function work(): Promise<void> {
        for (let length = chosen.pop(); length !== undefined; length = chosen.pop()) {
          const piped = script.subarray(0, length);
          const { stdout, stderr } = await installFrom(url, { ...run, env, piped });
          if (stdout !== "" || /^qwen-install/m.test(stderr)) ran.push(length);
        }
      }
      await Promise.all([work(), work(), work(), work()]);
      expect({ ran, seen, home: files(env.HOME), bin: files(args[1] ?? "") }).toEqual({
        ran: [],
        seen: [],
        home: [],
        bin: [],
      });
    },
    60_000,
  ),
);
