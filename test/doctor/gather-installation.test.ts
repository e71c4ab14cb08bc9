import { describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gatherInstallation } from "../../src/doctor/gather-installation.ts";
import type { Captured, Runtime } from "../../src/runtime.ts";
import { fakeRuntime } from "../support/fake-runtime.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const ended = (stdout: string, exitCode = 0): Captured => ({
  kind: "ended",
  exitCode,
  stdout,
  stderr: "",
});
const NONE: Captured = { kind: "not-started", reason: "no such program" };

type Given = {
  readonly says?: Readonly<Record<string, Captured>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly platform?: string;
  readonly build?: Runtime["build"];
  readonly at?: string;
  /** Beside what it lies in. */
  readonly files?: readonly string[];
  /** They answer only once it was said that they are waited for. */
  readonly isSlow?: boolean;
};

/** What is known of a program at a place, with package managers that say so. */
async function gathered({
  says = {},
  env = {},
  platform = "linux",
  build,
  at = "bin/qwen",
  isSlow = false,
  files = [],
}: Given) {
  const root = temporaryDirectory();
  const executable = join(root, at);
  mkdirSync(dirname(executable), { recursive: true });
  writeFileSync(executable, "");
  symlinkSync(executable, join(root, "link"));
  for (const name of files) {
    writeFileSync(join(root, name), "");
  }
  const asked: (readonly string[])[] = [];
  const waits: (readonly string[])[] = [];
  const told = Promise.withResolvers<void>();
  const runtime = fakeRuntime({ env });
  const facts = await gatherInstallation(
    {
      ...runtime,
      ...{ platform, build },
      sleep: () => (isSlow ? Promise.resolve() : new Promise(() => undefined)),
      processes: { ...runtime.processes, executable: join(root, "link") },
      capture: async (argv) => {
        asked.push(argv);
        await (isSlow ? told.promise : undefined);
        return says[argv[0] ?? ""] ?? NONE;
      },
    },
    async (programs) => {
      waits.push(programs);
      told.resolve();
    },
  );
  return { facts, asked, waits, executable };
}

describe("gatherInstallation() asks whose the program is:", () => {
  test.each<[string, Captured, object | undefined]>([
    [
      "dpkg-query",
      ended("qwen-code:amd64: /usr/bin/qwen\n"),
      { manager: "dpkg", name: "qwen-code" },
    ],
    ["dpkg-query", ended("qwen: /usr/bin/qwen\n"), { manager: "dpkg", name: "qwen" }],
    ["rpm", ended("qwen"), { manager: "rpm", name: "qwen" }],
    ["apk", ended("/usr/bin/qwen is owned by qwen-1.2.3-r0\n"), { manager: "apk", name: "qwen" }],
    ["rpm", ended("file /usr/bin/qwen is not owned by any package\n", 1), undefined],
    ["rpm", ended("qwen", 1), undefined],
    ["dpkg-query", { kind: "too-much" }, undefined],
  ])("%s with %j", async (program, said, owner) => {
    const { facts, asked, waits, executable } = await gathered({ says: { [program]: said } });
    expect<unknown>(facts.owner).toEqual(owner);
    expect(facts.silent).toEqual([]);
    expect(asked.map(([name]) => name)).toEqual(["dpkg-query", "rpm", "apk"]);
    expect(asked.every((argv) => argv.at(-1) === executable)).toBe(true);
    expect(waits).toEqual([]);
  });

  test("which did not answer in time, where none says it is its own", async () => {
    const silent = { rpm: { kind: "timeout" } } as const;
    expect((await gathered({ says: silent })).facts.silent).toEqual(["rpm"]);
    const says = { ...silent, apk: ended("/q is owned by qwen-1.2.3-r0") };
    expect((await gathered({ says })).facts).toMatchObject({ owner: { name: "qwen" }, silent: [] });
  });

  test("and says once that it waits for them", async () => {
    const { waits } = await gathered({ isSlow: true });
    expect(waits).toEqual([["dpkg-query", "rpm", "apk"]]);
  });

  test("nobody on other systems", async () => {
    const { facts, asked } = await gathered({ platform: "darwin" });
    expect([facts.owner, facts.silent, asked]).toEqual([undefined, [], []]);
  });
});

describe("gatherInstallation() tells", () => {
  const build = { commit: "c", target: "linux-x64", repository: "o/n" };
  test.each<[Given, string | undefined, boolean]>([
    [{}, undefined, false],
    [{ build }, "https://github.com/o/n/releases", false],
    [{ build: { ...build, repository: "" } }, undefined, false],
    [{ build, env: { QWEN_INSTALL_GITHUB_REPO: "a/b" } }, "https://github.com/a/b/releases", false],
    [
      { build, env: { QWEN_INSTALL_BASE_URL: "https://m.example https://n.example" } },
      "https://m.example",
      false,
    ],
    [{ env: { QWEN_INSTALL_BASE_URL: "https://m.example/flat" } }, "https://m.example/flat", true],
    [{ build, env: { QWEN_INSTALL_LAYOUT: "flat" } }, "https://github.com/o/n/releases", true],
  ])("where releases are with %j", async (given, releases, isFlat) => {
    const { facts } = await gathered(given);
    expect([facts.releases, facts.isFlat]).toEqual([releases, isFlat]);
  });

  test("what it lies in, with links followed", async () => {
    const { facts, executable } = await gathered({});
    expect(facts).toMatchObject({ path: executable, isInCheckout: false, isWritable: true });
  });

  test.each<readonly [files: readonly string[], lockFile: string | undefined | null]>([
    [["package.json"], undefined],
    [["package.json", "pnpm-lock.yaml"], "pnpm-lock.yaml"],
    // What somebody has put there has a `package.json`.
    [["pnpm-lock.yaml"], null],
  ])("whose project it is a package of, with %j", async (files, lockFile) => {
    const at = "node_modules/@o/qwen/bin/qwen";
    const { facts, executable } = await gathered({ at, files });
    const directory = executable.slice(0, -`/${at}`.length);
    expect(facts.project).toEqual(lockFile === null ? undefined : { directory, lockFile });
  });
});
