import { describe, expect, test } from "bun:test";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isInWorkTree, isTrackedFile } from "../../src/doctor/ask-git.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

type Asked = { readonly cwd: string; readonly argv: readonly string[] };

/** A git that answers with one exit code after the other. */
function git(...codes: readonly (number | undefined)[]) {
  const asked: Asked[] = [];
  const limits: unknown[] = [];
  return {
    asked,
    limits,
    run: async (
      argv: readonly string[],
      { cwd, timeoutMs }: { readonly cwd: string; readonly timeoutMs?: number },
    ) => {
      asked.push({ cwd, argv });
      limits.push(timeoutMs);
      return { exitCode: codes[asked.length - 1] };
    },
  };
}

const GIT = ["git", "-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null"];

describe("isTrackedFile()", () => {
  test.each([
    [0, true],
    [1, false],
    [128, false],
    [127, undefined],
    [undefined, undefined],
  ])("of a git that ends with %p is %p", async (code, expected) => {
    const directory = temporaryDirectory();
    const path = join(directory, "s.json");
    const { asked, limits, run } = git(code);
    expect(await isTrackedFile({ run }, path)).toBe(expected);
    const argv = [...GIT, "ls-files", "--error-unmatch", "--", path];
    expect([asked, limits]).toEqual([[{ cwd: directory, argv }], [2000]]);
  });

  test.each([
    [[1, 0], true],
    [[0, 1], true],
    [[1, 1], false],
    [[1, undefined], false],
    [[undefined, 1], undefined],
  ])("asks for a link by both names: %j is %p", async (codes, expected) => {
    const [directory, other] = [temporaryDirectory(), temporaryDirectory()];
    writeFileSync(join(other, "real"), "");
    symlinkSync(join(other, "real"), join(directory, "link"));
    const { asked, run } = git(...codes);
    expect(await isTrackedFile({ run }, join(directory, "link"))).toBe(expected);
    expect(asked.map(({ cwd, argv }) => [cwd, argv.at(-1)])).toEqual([
      [directory, join(directory, "link")],
      [realpathSync(other), realpathSync(join(other, "real"))],
    ]);
  });

  test("asks nothing where there is no directory", async () => {
    const { asked, run } = git(0);
    const path = join(temporaryDirectory(), "none", "s.json");
    expect(await isTrackedFile({ run }, path)).toBeUndefined();
    expect(asked).toEqual([]);
  });
});

describe("isInWorkTree()", () => {
  const argv = [...GIT, "rev-parse", "--show-toplevel"];

  test.each([
    [0, true],
    [128, false],
    [127, undefined],
    [undefined, undefined],
  ])("of a git that ends with %p is %p", async (code, expected) => {
    const directory = temporaryDirectory();
    const { asked, run } = git(code);
    expect(await isInWorkTree({ run }, directory)).toBe(expected);
    expect(asked).toEqual([{ cwd: directory, argv }]);
  });

  test("asks at the nearest directory that there is", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "a"));
    const { asked, run } = git(0);
    expect(await isInWorkTree({ run }, join(directory, "a", "b", "c"))).toBe(true);
    expect(asked).toEqual([{ cwd: join(directory, "a"), argv }]);
    expect(await isInWorkTree(git(1), "/")).toBe(false);
  });
});
