import { describe, expect, test } from "bun:test";
import { cpSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { copyOfTree, isAlive, removeStaleCopies } from "./copy-of-tree.ts";

const ROOT = join(import.meta.dir, "../..");
const TEST = `import { expect, test } from "bun:test";
import { isMore } from "../../src/a/is-more.ts";
`;

/** A project of one function with a test, and a place for copies of it. */
function project(body: string) {
  const root = temporaryDirectory();
  const copies = temporaryDirectory();
  cpSync(join(ROOT, "test/mutation"), join(root, "test/mutation"), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  for (const folder of ["src/a", "test/a"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  writeFileSync(join(root, "src/a/is-more.ts"), "export const isMore = (a: number) => a > 1;\n");
  writeFileSync(join(root, "test/a/is-more.test.ts"), `${TEST}${body}`);
  const start = () =>
    Bun.spawn([process.execPath, "test/mutation/run.ts"], {
      cwd: root,
      env: { ...process.env, TMPDIR: copies },
      stdout: "pipe",
      stderr: "pipe",
    });
  return { root, copies, start };
}

describe("bun run mutate", () => {
  test("tells which changes no test noticed, and leaves no copy", async () => {
    const { copies, start } = project("test('more', () => expect(isMore(3)).toBe(true));\n");
    const run = start();
    expect(await run.stdout.text()).toBe(
      [
        "Seed 1: 2 of 2 changes\n",
        "| room | tried | noticed | |\n| --- | --- | --- | --- |",
        "| a | 2 | 0 | 0 % |\n",
        "- missed: src/a/is-more.ts:1 number → 2",
        "- missed: src/a/is-more.ts:1 operator → >=\n",
      ].join("\n"),
    );
    expect([await run.exited, readdirSync(copies)]).toEqual([0, []]);
  });

  test("counts what a test noticed", async () => {
    const body = "test('edge', () => expect([1, 2].map(isMore)).toEqual([false, true]));\n";
    const run = project(body).start();
    expect(await run.stdout.text()).toContain("| a | 2 | 2 | 100 % |\n");
  });

  test("refuses tests that fail without a change", async () => {
    const { copies, start } = project("test('less', () => expect(isMore(3)).toBe(false));\n");
    const run = start();
    const said = await run.stderr.text();
    expect(said).toContain("(fail) less");
    expect(said).toEndWith("Cannot try changes: without any, tests fail\n");
    expect([await run.exited, await run.stdout.text()]).toEqual([1, ""]);
    expect(readdirSync(copies)).toEqual([]);
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("removes its copy at %s and ends what tests", async (signal, code) => {
    const body = `test("endless", async () => {
      await Bun.write(process.env.TMPDIR + "/began", String(process.pid));
      await new Promise((resolve) => setInterval(resolve, 1e9));
    }, 1e9);\n`;
    const { copies, start } = project(body);
    const began = join(copies, "began");
    const run = start();
    while (!(await Bun.file(began).exists()) || (await Bun.file(began).text()) === "") {
      await Bun.sleep(20);
    }
    run.kill(signal);
    expect([await run.exited, readdirSync(copies)]).toEqual([code, ["began"]]);
    const pid = Number(await Bun.file(began).text());
    while (isAlive(pid)) {
      await Bun.sleep(20);
    }
  });
});

test("removeStaleCopies() takes those of dead processes, and nothing else", async () => {
  const copies = temporaryDirectory();
  const dead = Bun.spawn(["true"]);
  await dead.exited;
  for (const name of [`qwen-mutate-${dead.pid}-a`, `qwen-mutate-${process.pid}-b`, "qwen-other"]) {
    mkdirSync(join(copies, name));
  }
  removeStaleCopies(copies);
  expect(readdirSync(copies).sort()).toEqual([`qwen-mutate-${process.pid}-b`, "qwen-other"]);
});

test("copyOfTree() takes all but what is made anew", () => {
  const [root, copies] = [temporaryDirectory(), temporaryDirectory()];
  for (const folder of ["src", "dist", ".git", "node_modules"]) {
    mkdirSync(join(root, folder));
    writeFileSync(join(root, folder, "file"), folder);
  }
  const place = copyOfTree(root, copies);
  expect(statSync(place).mode & 0o777).toBe(0o755);
  expect(readdirSync(place).sort()).toEqual(["node_modules", "src"]);
  expect(readdirSync(join(place, "node_modules"))).toEqual(["file"]);
});
