import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, copyFileSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { directory, fakeBun, fakeCheckout, files, install, searchPath } from "./run-installer.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

const npmLink = "../lib/node_modules/@qwen-code/qwen-code/cli.js";

test.each([
  ["is not a directory", (bin: string) => writeFileSync(bin, "")],
  ["is a directory", (bin: string) => mkdirSync(join(bin, "qwen"), { recursive: true })],
  [
    "is Qwen Code, of an npm package",
    (bin: string) => {
      mkdirSync(bin);
      symlinkSync(npmLink, join(bin, "qwen"));
    },
  ],
])("a destination that %s is refused and stays as it is: 7", async (complaint, prepare) => {
  const parent = temporaryDirectory();
  prepare(join(parent, "my bin"));
  const before = files(parent);
  const { code, stderr } = await install({
    args: ["--from-source", "--bin-dir", join(parent, "my bin")],
  });
  expect(code).toBe(7);
  expect(stderr).toContain(complaint);
  expect(files(parent)).toEqual(before);
});

test.if(process.platform === "linux")("a place where nobody can write is refused: 7", async () => {
  const args = ["--from-source", "--bin-dir", "/proc/qwen/bin"];
  const { code, stderr } = await install({ args });
  expect({ code, stderr }).toEqual({
    code: 7,
    stderr: `qwen-install: error: /proc/qwen/bin is not writable; re-run with --bin-dir "$HOME/.local/bin" or as root
`,
  });
});

test("a directory of somebody else is refused: 7", async () => {
  const [bin, checkout] = [directory("bin"), fakeCheckout()];
  const path = searchPath([], { bun: fakeBun() });
  for (const folder of [bin, checkout, path]) chmodSync(dirname(folder), 0o755);
  chmodSync(bin, 0o555);
  const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  const args = ["--from-source", `--bin-dir=${bin}`];
  const { code, stderr } = await install({ checkout, path, cwd: "/", args, ...nobody });
  expect({ code, stderr }).toEqual({
    code: 7,
    stderr: `qwen-install: error: ${bin} is not writable; re-run with --bin-dir "$HOME/.local/bin" or as root
`,
  });
});

test("a home where nothing can be written is not named as the way out: 7", async () => {
  const [home, checkout] = [directory("home"), fakeCheckout()];
  const path = searchPath([], { bun: fakeBun() });
  for (const folder of [home, checkout, path]) chmodSync(dirname(folder), 0o755);
  chmodSync(home, 0o555);
  const nobody = process.getuid?.() === 0 ? { uid: 65_534 } : {};
  const { code, stderr } = await install({
    checkout,
    path,
    cwd: "/",
    env: { HOME: home },
    ...nobody,
  });
  expect({ code, stderr }).toEqual({
    code: 7,
    stderr: `qwen-install: error: ${home}/.local/bin is not writable; choose another with --bin-dir, or run as root
`,
  });
});

describe("in a directory that was removed", () => {
  async function installThere(...args: readonly string[]) {
    const gone = directory("gone");
    const shell = ["sh", "-c", 'cd "$1" && rmdir "$1" && shift && exec sh "$@"', "sh", gone];
    const home = directory("home");
    const script = join(fakeCheckout(), "install.sh");
    const child = Bun.spawn([...shell, script, ...args], {
      env: { PATH: searchPath([], { bun: fakeBun() }), HOME: home },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stderr, code] = await Promise.all([child.stderr.text(), child.exited]);
    return { code, stderr, files: files(home) };
  }

  test("it installs all the same", async () => {
    expect(await installThere("--from-source")).toMatchObject({
      code: 0,
      files: [".local", ".local/bin", ".local/bin/qwen"],
    });
  });

  test.each([["--archive=a.tar.gz"], ["--bin-dir=bin"], ["--sums=SHA256SUMS"]])(
    "%s leads nowhere: 2",
    async (option) => {
      const {
        code,
        stderr,
        files: left,
      } = await installThere(option, "--base-url=https://a.example");
      expect({ code, left }).toEqual({ code: 2, left: [] });
      expect(stderr).toContain("error: the working directory is gone, and ");
    },
  );
});

test("--bin-dir wins over QWEN_INSTALL_BIN_DIR, and that over XDG_BIN_HOME", async () => {
  const base = temporaryDirectory();
  const env = { QWEN_INSTALL_BIN_DIR: join(base, "env"), XDG_BIN_HOME: join(base, "xdg") };
  await install({ env, args: ["--from-source", "--bin-dir=-a dir//"], cwd: base });
  expect(files(base)).toEqual(["-a dir", "-a dir/qwen"]);
  await install({ env });
  await install({ env: { XDG_BIN_HOME: env.XDG_BIN_HOME } });
  expect(files(base)).toEqual(["-a dir", "-a dir/qwen", "env", "env/qwen", "xdg", "xdg/qwen"]);
});

test.each([
  [{ HOME: "" }, "HOME is not set"],
  [{ QWEN_INSTALL_BIN_DIR: "/a:b" }, "can have no colon"],
])("%j leaves no place that could be on PATH: 2", async (env, complaint) => {
  const { code, stderr } = await install({ env });
  expect(code).toBe(2);
  expect(stderr).toContain(complaint);
});

test("a running qwen is replaced by a new file", async () => {
  const home = directory("home");
  const binary = join(home, ".local/bin/qwen");
  mkdirSync(dirname(binary), { recursive: true });
  copyFileSync(Bun.which("sleep") ?? "", binary);
  chmodSync(binary, 0o755);
  const before = statSync(binary).ino;
  await using old = Bun.spawn([binary, "60"], { argv0: "sleep" });
  const { code } = await install({ env: { HOME: home } });
  expect({ code, running: old.exitCode, isNew: statSync(binary).ino !== before }).toEqual({
    code: 0,
    running: null,
    isNew: true,
  });
});

test("another qwen on PATH is named, but nothing is printed under --quiet", async () => {
  const path = searchPath([], { bun: fakeBun(), qwen: "exit 0" });
  const { stderr } = await install({ path });
  expect(stderr).toContain(`warning: another qwen comes first on PATH: ${path}/qwen\n`);
  expect(await install({ path, args: ["--from-source", "--quiet"] })).toMatchObject({
    code: 0,
    stdout: "",
    stderr: "",
  });
});
