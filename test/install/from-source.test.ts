import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import {
  BUN_VERSION,
  directory,
  fakeBinary,
  fakeBun,
  fakeCheckout,
  files,
  hostTarget,
  INSTALLER,
  install,
  REPOSITORY,
  SHELLS,
  searchPath,
  testWith,
  VERSION,
  writeScript,
} from "./run-installer.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

describe.each(SHELLS)("install.sh in %s", (shell) => {
  const test = testWith(shell);

  test("--help prints the usage on stdout", async () => {
    const { code, stdout, stderr } = await install({ shell, args: ["--help"] });
    expect({ code, stderr, first: stdout.split("\n")[0] }).toEqual({
      code: 0,
      stderr: "",
      first: "Usage: sh install.sh [options]",
    });
  });

  test.each([["--bogus"], ["--bin-dir"], ["--bin-dir="], ["extra"]])(
    "%s is a usage error: 2",
    async (option) => {
      const { code, stdout, stderr } = await install({ shell, args: ["--from-source", option] });
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toStartWith("Usage: sh install.sh");
      expect(stderr).toContain("qwen-install: error: ");
    },
  );

  test("without --from-source it names the way out: 2", async () => {
    const { code, stderr } = await install({ shell, args: [] });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `qwen-install: error: no release source configured: set QWEN_INSTALL_GITHUB_REPO=owner/name or QWEN_INSTALL_BASE_URL
  fix: in a checkout, --from-source
`,
    });
  });

  test.each(["a file", "a pipe"])("it builds and installs one file, read from %s", async (from) => {
    const checkout = fakeCheckout();
    const piped = from === "a pipe" ? { piped: readFileSync(INSTALLER) } : { cwd: "/" };
    const { code, stdout, stderr, home, binary } = await install({ shell, checkout, ...piped });
    expect({ code, stdout, files: files(home), mode: statSync(binary).mode & 0o777 }).toEqual({
      code: 0,
      stdout: "",
      files: [".local", ".local/bin", ".local/bin/qwen"],
      mode: 0o755,
    });
    const bin = dirname(binary);
    expect(stderr.replaceAll(hostTarget, "TARGET")).toBe(
      `qwen-install: building qwen ${VERSION} for TARGET with Bun ${BUN_VERSION}
qwen-install: installed qwen ${VERSION}: ${binary}
qwen-install: ${bin} is not on this shell's PATH; run: export PATH='${bin}':"$PATH"
qwen-install: next: qwen auth
`,
    );
    expect(files(checkout)).toEqual([
      "build.ts",
      "dist",
      "dist/qwen",
      "install.sh",
      "package.json",
    ]);
  });
});

describe("install.sh --from-source", () => {
  test("refuses a directory that is no checkout: 2", async () => {
    const elsewhere = directory("elsewhere");
    copyFileSync(INSTALLER, join(elsewhere, "install.sh"));
    const stderr = `qwen-install: error: ${elsewhere} is not a checkout of qwen
  fix: run sh install.sh --from-source in one
`;
    const file = await install({ checkout: elsewhere, cwd: fakeCheckout() });
    const pipe = await install({ checkout: elsewhere, piped: readFileSync(INSTALLER) });
    expect(file).toMatchObject({ code: 2, stderr });
    expect(pipe).toMatchObject({ code: 2, stderr });
  });

  test("shows what a failed build printed and leaves the old binary alone: 1", async () => {
    const path = searchPath([], { bun: fakeBun("echo boom; exit 3") });
    const home = directory("home");
    mkdirSync(join(home, ".local/bin"), { recursive: true });
    writeFileSync(join(home, ".local/bin/qwen"), "old");
    const env = { HOME: home, QWEN_INSTALL_QUIET: "1" };
    const { code, stderr, binary } = await install({ path, env });
    expect({ code, stderr, old: readFileSync(binary, "utf8") }).toEqual({
      code: 1,
      stderr: `boom
qwen-install: error: cannot build qwen ${VERSION}
  nothing was installed
`,
      old: "old",
    });
    expect(files(home)).toEqual([".local", ".local/bin", ".local/bin/qwen"]);
  });

  test("shows what the tools print under --verbose, on stderr", async () => {
    const path = searchPath([], { bun: fakeBun(`echo bundled; ${fakeBinary(VERSION)}`) });
    const { stdout, stderr } = await install({ path, args: ["--from-source", "-v"] });
    expect(stdout).toBe("");
    expect(stderr).toContain("\nbundled\nqwen-install: installed");
  });

  test("does not install a binary that answers with another version: 6", async () => {
    const path = searchPath([], { bun: fakeBun(fakeBinary("9.9.9")) });
    const { code, stderr, home } = await install({ path, args: ["--from-source", "-q"] });
    expect({ code, stderr, files: files(home) }).toEqual({
      code: 6,
      stderr: `qwen-install: error: the built binary is not version ${VERSION}
  --version ended with 0 and printed "9.9.9"
  nothing was installed
`,
      files: [".local", ".local/bin"],
    });
  });

  test("passes over a Bun of another version for the one in node_modules", async () => {
    const checkout = fakeCheckout();
    mkdirSync(join(checkout, "node_modules/.bin"), { recursive: true });
    writeScript(join(checkout, "node_modules/.bin/bun"), fakeBun());
    const path = searchPath([], { bun: "echo 1.0.0" });
    expect(await install({ checkout, path })).toMatchObject({ code: 0 });
  });

  test("leaves nothing behind when it is interrupted: 143", async () => {
    const started = join(directory("signal"), "started");
    const path = searchPath(["sleep"], { bun: fakeBun(`: >'${started}'; sleep 60`) });
    const home = directory("home");
    const child = Bun.spawn(["/bin/sh", join(fakeCheckout(), "install.sh"), "--from-source"], {
      env: { PATH: path, HOME: home },
      stderr: "ignore",
      detached: true, // A process group of its own, as a terminal has it.
    });
    while (!existsSync(started)) await Bun.sleep(5);
    process.kill(-child.pid, "SIGTERM");
    expect(await child.exited).toBe(143);
    expect(files(home)).toEqual([".local", ".local/bin"]);
  });
});

describe("a real build", () => {
  const cache = Bun.spawnSync([process.execPath, "pm", "cache"], { cwd: REPOSITORY });
  const env = { BUN_INSTALL_CACHE_DIR: cache.stdout.toString().trim(), TMPDIR: tmpdir() };

  /** Whether Bun finds the dependencies; it needs no network for those in its cache. */
  function canResolve(): boolean {
    const cwd = temporaryDirectory();
    for (const file of ["package.json", "bun.lock"]) {
      copyFileSync(join(REPOSITORY, file), join(cwd, file));
    }
    const command = [process.execPath, "install", "--frozen-lockfile", "--production"];
    const child = Bun.spawnSync(command, { cwd, env: { ...env, HOME: cwd } });
    if (!child.success) console.warn(`The real build is not tested: ${child.stderr}`);
    return child.success;
  }

  function copyRepository(destination: string): void {
    const git = ["git", "-c", "safe.directory=*", "ls-files"];
    const command = [...git, "--cached", "--others", "--exclude-standard"];
    const listed = Bun.spawnSync(command, { cwd: REPOSITORY }).stdout.toString().trim();
    for (const file of listed.split("\n")) {
      if (!existsSync(join(REPOSITORY, file))) continue;
      mkdirSync(dirname(join(destination, file)), { recursive: true });
      copyFileSync(join(REPOSITORY, file), join(destination, file));
    }
  }

  test.if(canResolve())(
    "installs a binary that a hostile directory cannot reach",
    async () => {
      const checkout = directory("check out");
      copyRepository(checkout);
      const before = readdirSync(checkout);
      const path = searchPath([]);
      symlinkSync(process.execPath, join(path, "bun"));
      const { code, stderr, home, binary } = await install({ checkout, path, env });
      expect(stderr).toContain(`qwen-install: installed qwen ${VERSION}: ${binary}\n`);
      expect(code).toBe(0);
      expect(files(join(home, ".local"))).toEqual(["bin", "bin/qwen"]);
      expect(readdirSync(checkout).sort()).toEqual([...before, "dist", "node_modules"].sort());
      expect(readdirSync(join(checkout, "dist")).sort()).toEqual([
        hostTarget,
        "metafile.json",
        "qwen",
      ]);

      const hostile = directory("hostile");
      writeFileSync(join(hostile, "bunfig.toml"), 'preload = ["./evil.ts"]\n');
      writeFileSync(
        join(hostile, "evil.ts"),
        'await Bun.write("evil", ""); console.log("evil");\n',
      );
      writeFileSync(join(hostile, ".env"), "BUN_OPTIONS=--preload=./evil.ts\n");
      const child = Bun.spawnSync([binary, "--version"], { cwd: hostile, env: {} });
      expect(child.stdout.toString()).toBe(`${VERSION}\n`);
      expect(files(hostile)).toEqual([".env", "bunfig.toml", "evil.ts"]);
    },
    60_000,
  );
});
