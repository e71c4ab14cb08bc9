import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ARCHIVE, installFrom, mirror, pathWith, program, release, sha256 } from "./release.ts";
import { directory, files, hostTarget, INSTALLER, install, searchPath } from "./run-installer.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

const github = "https://github.com/owner/name/releases/latest/download";

test.each([
  ["--repo", ["--repo", "owner/name"], {}, `${github}/${ARCHIVE}`],
  ["a variable", [], { QWEN_INSTALL_GITHUB_REPO: "owner/name" }, `${github}/${ARCHIVE}`],
  [
    "--repo, before the variable of a mirror",
    ["--repo=owner/name"],
    { QWEN_INSTALL_BASE_URL: "https://mirror.example" },
    `${github}/${ARCHIVE}`,
  ],
  [
    "--base-url, before the variable of a repository",
    ["--base-url", "https://me:hunter2@mirror.example/qwen/", "--version=1.2.3-rc.1"],
    { QWEN_INSTALL_GITHUB_REPO: "owner/name" },
    `https://mirror.example/qwen/download/v1.2.3-rc.1/${ARCHIVE}`,
  ],
])(
  "%s says where a release is; --dry-run shows it and does nothing",
  async (_case, args, env, from) => {
    const { code, stdout, stderr, home } = await installFrom(undefined, {
      args: [...args, "--dry-run"],
      env,
    });
    expect({ code, stdout, stderr, files: files(dirname(home)) }).toEqual({
      code: 0,
      stdout: `target ${hostTarget}\nto     ${home}/.local/bin/qwen\ntools  curl, sha256sum\nfrom   ${from}\n`,
      stderr: "",
      files: ["home"],
    });
  },
);

test.each([
  ["--archive", ["--archive=a b.tar.gz"]],
  ["--from-source", ["--from-source"]],
  ["--uninstall", ["--uninstall", "--purge"]],
])("--dry-run with %s does nothing", async (_option, args) => {
  const cwd = directory("cwd");
  writeFileSync(join(cwd, "a b.tar.gz"), "");
  const home = directory("home");
  mkdirSync(join(home, ".local/bin"), { recursive: true });
  writeFileSync(join(home, ".local/bin/qwen"), program("9.9.9"), { mode: 0o755 });
  mkdirSync(join(home, ".qwen"));
  const before = files(home);
  const run = { cwd, env: { HOME: home }, args: [...args, "--dry-run"] };
  const { code, stdout } = await installFrom(undefined, run);
  expect({ code, files: files(home) }).toEqual({ code: 0, files: before });
  expect(stdout).toContain(`to     ${home}/.local/bin/qwen\n`);
});

test.each([
  [
    "nothing that says where from",
    [],
    "no release source configured: set QWEN_INSTALL_GITHUB_REPO=owner/name or QWEN_INSTALL_BASE_URL",
  ],
  ["a repository without owner", ["--repo", "name"], "not OWNER/NAME: name"],
  ["a repository in a folder", ["--repo", "a/b/c"], "not OWNER/NAME: a/b/c"],
  ["a version that is a path", ["--version", "../1.2.3"], "not a version: ../1.2.3"],
  ["a version with an option", ["--version=1.2.3\n--x"], "not a version: 1.2.3"],
  ["half a digest", ["--sha256", "abc"], "not a SHA-256: abc"],
  ["an archive that is not there", ["--archive", "/no/such"], "no such file: /no/such"],
  [
    "sums from a server for an archive",
    [`--archive=${INSTALLER}`, "--sums=https://a.example/b"],
    "with --archive, --sums must be a file",
  ],
  ["an option as a value", ["--version", "--force"], "--version needs a value"],
  ["no value", ["--base-url="], "--base-url needs a value"],
  [
    "a value that is not wanted",
    ["--force=1"],
    "unknown option: --force=1".replace("--force=1", "1"),
  ],
  ["two things to do", ["--uninstall", "--from-source"], "one is enough: --uninstall--from-source"],
  ["--purge alone", ["--purge"], "--purge goes with --uninstall"],
])("%s is an error of usage: 2", async (_case, args, complaint) => {
  const { code, stdout, stderr, home } = await installFrom(undefined, { args });
  expect({ code, stdout, files: files(home) }).toEqual({ code: 2, stdout: "", files: [] });
  expect(stderr).toContain(`qwen-install: error: ${complaint}\n`);
});

test("an archive that has no sums beside it is refused: 5", async () => {
  const folder = directory("archive");
  writeFileSync(join(folder, "qwen"), program("9.9.9"));
  const run = { args: ["--archive", join(folder, "qwen")] };
  expect(await installFrom(undefined, run)).toMatchObject({
    code: 5,
    stderr: `qwen-install: error: cannot read ${folder}/SHA256SUMS (see --sums)
  nothing was installed
`,
  });
  const env = { QWEN_INSTALL_ARCHIVE: join(folder, "qwen"), QWEN_INSTALL_SUMS: "sums" };
  writeFileSync(join(folder, "sums"), `${sha256(program("9.9.9"))}  qwen\n`);
  expect(await installFrom(undefined, { env, cwd: folder })).toMatchObject({ code: 0 });
  const other = { env, cwd: folder, args: ["--version", "1.0.0"] };
  expect(await installFrom(undefined, other)).toMatchObject({ code: 6 });
});

describe("the destination", () => {
  const { url } = mirror();

  test.each([
    ["a link to an npm package", "../lib/node_modules/@qwen-code/qwen-code/cli.js", ""],
    ["a script that starts Qwen Code", "", "#!/bin/sh\nexec ~/.local/lib/qwen-code/bin/qwen\n"],
  ])("that is %s stays, unless --force is given", async (_case, link, content) => {
    const home = directory("home");
    const bin = join(home, ".local/bin");
    mkdirSync(bin, { recursive: true });
    if (link === "") writeFileSync(join(bin, "qwen"), content, { mode: 0o755 });
    else symlinkSync(link, join(bin, "qwen"));
    const env = { HOME: home };
    expect(await installFrom(url, { env })).toMatchObject({
      code: 7,
      stderr: `qwen-install: error: ${bin}/qwen is Qwen Code, of an npm package
  fix: choose another --bin-dir, or --force to replace it
`,
    });
    expect(await installFrom(url, { env, args: ["--uninstall"] })).toMatchObject({ code: 7 });
    expect(await installFrom(url, { env, args: ["--force"] })).toMatchObject({ code: 0 });
    expect(readFileSync(join(bin, "qwen"), "utf8")).toBe(program("9.9.9"));
  });

  test("that is a link of the user's is replaced, and what it led to stays", async () => {
    const home = directory("home");
    mkdirSync(join(home, ".local/bin"), { recursive: true });
    writeFileSync(join(home, "mine"), "mine");
    symlinkSync("../../mine", join(home, ".local/bin/qwen"));
    const { binary } = await installFrom(url, { env: { HOME: home } });
    expect(readFileSync(binary, "utf8")).toBe(program("9.9.9"));
    expect(readFileSync(join(home, "mine"), "utf8")).toBe("mine");
  });

  test("that is full is refused: 8", async () => {
    const df =
      "printf '%s\\n' 'Filesystem 1024-blocks Used Available Capacity Mounted' '/dev/a b 9 9 2000 1% /'";
    for (const body of [df, df.replace("a b", "ab")]) {
      const path = pathWith("curl", ["sha256sum"], { df: body });
      const { code, stderr } = await installFrom(url, { path });
      if (body === df) continue;
      expect(code).toBe(8);
      expect(stderr).toContain(
        "has 2000 KiB left, but 170000 are needed\n  nothing was installed\n",
      );
    }
  });

  test("does without mktemp", async () => {
    const path = pathWith("curl", ["sha256sum"], { mktemp: "exit 127" });
    const { code, home } = await installFrom(url, { path });
    expect({ code, files: files(join(home, ".local")) }).toEqual({
      code: 0,
      files: ["bin", "bin/qwen"],
    });
  });
});

test("HOME comes from the list of users when it is not set", async () => {
  const home = directory("home");
  const getent = `echo "me:x:1000:1000::${home}:/bin/sh"`;
  const path = searchPath([], { getent });
  const child = Bun.spawnSync(["/bin/sh", INSTALLER, "--dry-run", "--uninstall"], {
    env: { PATH: path },
  });
  expect(child.stdout.toString()).toContain(`to     ${home}/.local/bin/qwen\n`);
});

test("quiet means that nothing is printed, and nothing is ever coloured", async () => {
  const { url } = mirror();
  const env = { QWEN_INSTALL_QUIET: "1", TERM: "xterm-256color" };
  expect(await installFrom(url, { env })).toMatchObject({ code: 0, stdout: "", stderr: "" });
  const { stderr } = await installFrom(mirror(release(), undefined, "1.0.0").url, {
    args: ["--version", "9.9.9", "-q"],
  });
  expect(stderr).not.toBe("");
  expect(stderr).not.toContain("\u001b");
});

test("the usage names every option and exit code, and no line is wider than a terminal", async () => {
  const { stdout } = await install({ args: ["--help"] });
  const arms = readFileSync(INSTALLER, "utf8")
    .split("while [ $# -gt 0 ]")[1]
    ?.split("shift\n  done")[0];
  const options = new Set(arms?.match(/(?<=[ |])--[a-z0-9-]+(?=[ )|])/g));
  expect([...options].filter((option) => !stdout.includes(option))).toEqual([]);
  expect(options.size).toBeGreaterThan(20);
  expect(stdout.split("\n").filter((line) => line.length > 100)).toEqual([]);
});
