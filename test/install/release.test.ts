import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ARCHIVE, installFrom, mirror, pathWith, program, release, sha256 } from "./release.ts";
import {
  DOWNLOADERS,
  directory,
  files,
  hostTarget,
  INSTALLER,
  REPOSITORY,
  SHELLS,
  testWith,
  VERSION,
} from "./run-installer.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

const { url } = mirror();

/** A home with an old qwen in it, which only a good download may replace. */
function homeWith(content: string): string {
  const home = directory("home");
  mkdirSync(join(home, ".local/bin"), { recursive: true });
  writeFileSync(join(home, ".local/bin/qwen"), content, { mode: 0o755 });
  return home;
}

const matrix = SHELLS.flatMap((shell) => DOWNLOADERS.map((tool) => [shell, tool] as const));

describe.each(matrix)("in %s with %s", (shell, downloader) => {
  testWith(shell, downloader)("a release is installed, and is the only file left", async () => {
    const path = pathWith(downloader);
    const piped = readFileSync(INSTALLER);
    for (const run of [{}, { piped }]) {
      const { code, stdout, stderr, home, binary } = await installFrom(url, {
        shell,
        path,
        ...run,
      });
      expect({ code, stdout, files: files(home), mode: statSync(binary).mode & 0o777 }).toEqual({
        code: 0,
        stdout: "",
        files: [".local", ".local/bin", ".local/bin/qwen"],
        mode: 0o755,
      });
      const bin = dirname(binary);
      expect(stderr.replace(/.*this wget leaves.*\n/, "").replaceAll(hostTarget, "TARGET")).toBe(
        `qwen-install: downloading qwen 9.9.9 for TARGET from ${new URL(url).host}
qwen-install: installed qwen 9.9.9: ${binary}
qwen-install: ${bin} is not on this shell's PATH; run: export PATH='${bin}':"$PATH"
qwen-install: next: qwen auth
`,
      );
    }
  });
});

testWith("busybox")("BusyBox is all that it needs", async () => {
  const path = directory("applets");
  const busybox = Bun.which("busybox") ?? "";
  for (const applet of Bun.spawnSync([busybox, "--list"]).stdout.toString().trim().split("\n")) {
    symlinkSync(busybox, join(path, applet));
  }
  const home = directory("home");
  const run = {
    shell: "busybox sh",
    path,
    env: { HOME: home, QWEN_INSTALL_BIN_DIR: `${home}/bin` },
  };
  expect(await installFrom(url, { ...run, args: ["--modify-path"] })).toMatchObject({ code: 0 });
  expect(files(home)).toEqual([".profile", "bin", "bin/qwen"]);
  const again = await installFrom(url, { ...run, args: ["--modify-path"] });
  expect(again.stderr).toContain("already installed");
  expect(await installFrom(undefined, { ...run, args: ["--uninstall"] })).toMatchObject({
    code: 0,
  });
  expect(files(home)).toEqual(["bin"]);
});

test.each([
  ["a version", ["--version", "v9.9.9"], {}, "/download/v9.9.9/"],
  ["the variable's version", [], { QWEN_INSTALL_VERSION: "9.9.9" }, "/download/v9.9.9/"],
  [
    "an option before its variable",
    ["--version=9.9.9"],
    { QWEN_INSTALL_VERSION: "1.0.0" },
    "/download/v9.9.9/",
  ],
])("%s is asked for by its number alone", async (_case, args, env, folder) => {
  const { url, seen } = mirror();
  expect(await installFrom(url, { args, env })).toMatchObject({ code: 0 });
  expect(seen).toEqual([`${folder}${ARCHIVE}`, `${folder}SHA256SUMS`]);
});

test.each([
  ["manifest.json", {}, "/download/v9.9.9/"],
  ["LATEST", { "manifest.json": undefined, LATEST: "v9.9.9\r\n" }, "/download/v9.9.9/"],
  ["neither, so that it may be any", { "manifest.json": undefined }, "/latest/download/"],
])("the latest version comes from %s", async (_case, changes, folder) => {
  const { url, seen } = mirror(release(changes));
  const { code, stderr } = await installFrom(url);
  expect({ code, last: seen.slice(-2) }).toEqual({
    code: 0,
    last: [`${folder}${ARCHIVE}`, `${folder}SHA256SUMS`],
  });
  expect(stderr).toContain("installed qwen 9.9.9: ");
});

test.each([
  ["its name", (url: string) => [`${url}/flat/`], {}],
  ["a variable", (url: string) => [url], { QWEN_INSTALL_LAYOUT: "flat" }],
])("a flat mirror is told by %s", async (_case, args, env) => {
  const { url, seen } = mirror();
  const [base = ""] = args(url);
  expect(await installFrom(base, { env })).toMatchObject({ code: 0 });
  const folder = new URL(base).pathname.replace(/\/$/, "");
  expect(seen).toEqual(["manifest.json", ARCHIVE, "SHA256SUMS"].map((name) => `${folder}/${name}`));
});

test("mirrors are tried in their order until one has the release", async () => {
  const empty = mirror({});
  const bases = `http://127.0.0.1:1 ${empty.url} ${url}`;
  const { code, stderr } = await installFrom(undefined, { env: { QWEN_INSTALL_BASE_URL: bases } });
  expect(code).toBe(0);
  expect(stderr).toContain(`cannot reach 127.0.0.1:1 (curl exit 7): check`);
  expect(stderr).toContain(`latest has no build for ${hostTarget} (HTTP 404 at ${empty.url}/`);
});

test("no cache of a mirror can answer for the latest version", async () => {
  const asked: string[] = [];
  const { url } = mirror(release(), (request) => {
    asked.push(new URL(request.url).search);
    return undefined;
  });
  await installFrom(url);
  expect(asked).toEqual([expect.stringMatching(/^\?v=\d+$/), "", ""]);
});

test("a strict umask does not hide the binary from others", async () => {
  const bin = join(directory("new"), "bin");
  const script = `umask 077; exec sh "$0" --base-url ${url} --bin-dir "$1" -q`;
  const env = { PATH: pathWith("curl"), HOME: directory("home") };
  const child = Bun.spawn(["/bin/sh", "-c", script, INSTALLER, bin], { env });
  expect(await child.exited).toBe(0);
  expect([statSync(bin).mode & 0o777, statSync(join(bin, "qwen")).mode & 0o777]).toEqual([
    0o755, 0o755,
  ]);
});

test.each([
  ["a progress bar", [], true],
  ["nothing if quiet", ["--quiet"], false],
])("a terminal sees %s", async (_what, args, expected) => {
  let drawn = "";
  const child = Bun.spawn(["/bin/sh", INSTALLER, "--base-url", url, ...args], {
    env: { PATH: pathWith("curl"), HOME: directory("home"), CI: "1" },
    terminal: { cols: 80, rows: 24, data: (_terminal, data) => (drawn += data) },
  });
  expect(await child.exited).toBe(0);
  while (expected && !drawn.includes("next: qwen auth")) await Bun.sleep(5);
  expect(drawn.includes("100.0%")).toBe(expected);
});

test("what is installed is not downloaded again, unless --force asks for it", async () => {
  const home = homeWith(program("9.9.9"));
  const inode = statSync(join(home, ".local/bin/qwen")).ino;
  const { url, seen } = mirror();
  const again = await installFrom(url, { env: { HOME: home } });
  expect(again).toMatchObject({ code: 0 });
  expect(again.stderr).toStartWith("qwen-install: already installed qwen 9.9.9: ");
  expect(again.stderr).toContain("is not on this shell's PATH");
  expect(seen).toEqual(["/latest/download/manifest.json"]);
  expect(statSync(again.binary).ino).toBe(inode);

  await installFrom(url, { env: { HOME: home, QWEN_INSTALL_FORCE: "1" } });
  expect(seen).toContain(`/download/v9.9.9/${ARCHIVE}`);
  expect(statSync(again.binary).ino).not.toBe(inode);
});

test("a running qwen is replaced by a new file", async () => {
  const home = homeWith("");
  const binary = join(home, ".local/bin/qwen");
  copyFileSync(Bun.which("sleep") ?? "", binary);
  await using old = Bun.spawn([binary, "60"], { argv0: "sleep" });
  const { code } = await installFrom(url, { env: { HOME: home } });
  expect({ code, running: old.exitCode, new: readFileSync(binary, "utf8") }).toEqual({
    code: 0,
    running: null,
    new: program("9.9.9"),
  });
});

test("the real binary is installed from an archive", async () => {
  const folder = directory("archive");
  const pack = `tar -chf - -C "$0" qwen | gzip -1 >${ARCHIVE} && sha256sum ${ARCHIVE} >SHA256SUMS`;
  const packed = Bun.spawnSync(["sh", "-c", pack, join(REPOSITORY, "dist")], { cwd: folder });
  expect(packed.stderr.toString()).toBe("");
  const args = ["--archive", ARCHIVE, "--version", VERSION];
  const { code, home, binary } = await installFrom(undefined, { args, cwd: folder });
  expect({ code, files: files(home) }).toEqual({
    code: 0,
    files: [".local", ".local/bin", ".local/bin/qwen"],
  });
  expect(Bun.spawnSync([binary, "--version"], { env: {} }).stdout.toString()).toBe(`${VERSION}\n`);

  const removed = await installFrom(undefined, { args: ["--uninstall"], env: { HOME: home } });
  expect({ code: removed.code, files: files(home) }).toEqual({
    code: 0,
    files: [".local", ".local/bin"],
  });
});

describe("a stamped copy", () => {
  const digest = sha256(release()[ARCHIVE] ?? "");
  const piped = (sums: string) =>
    Buffer.from(
      readFileSync(INSTALLER, "utf8")
        .replace("QWEN_DEFAULT_VERSION='latest'", "QWEN_DEFAULT_VERSION='9.9.9'")
        .replace("QWEN_DEFAULT_SUMS=''", `QWEN_DEFAULT_SUMS='${sums}'`),
    );

  test("installs its own version with its own sums", async () => {
    const { url, seen } = mirror(release({ SHA256SUMS: undefined }));
    const sums = `${"0".repeat(64)}  other\n${digest}  ${ARCHIVE}`;
    expect(await installFrom(url, { piped: piped(sums) })).toMatchObject({ code: 0 });
    expect(seen).toEqual([`/download/v9.9.9/${ARCHIVE}`]);
  });

  test("refuses an archive of its version that another has put there: 5", async () => {
    const run = { piped: piped(`${"0".repeat(64)}  ${ARCHIVE}`) };
    expect(await installFrom(url, run)).toMatchObject({ code: 5 });
  });

  test("asks for the sums of another version", async () => {
    const run = { piped: piped(`${digest}  ${ARCHIVE}`), args: ["--version", "9.9.8"] };
    const other = mirror(release({}, "9.9.8"), undefined, "9.9.8");
    await installFrom(other.url, run);
    expect(other.seen).toContain("/download/v9.9.8/SHA256SUMS");
  });
});

testWith("unshare")("an archive needs no network", async () => {
  const folder = directory("it's on a $USB stick");
  for (const name of [ARCHIVE, "SHA256SUMS"]) {
    writeFileSync(join(folder, name), release()[name] ?? "");
  }
  const alone = Bun.spawnSync(["unshare", "-rn", "true"]).success ? "unshare -rn sh" : "sh";
  const run = { shell: alone, path: pathWith(undefined) };
  const { code, stderr, home } = await installFrom(undefined, {
    ...run,
    args: ["--archive", join(folder, ARCHIVE)],
  });
  expect({ code, files: files(home) }).toEqual({
    code: 0,
    files: [".local", ".local/bin", ".local/bin/qwen"],
  });
  expect(stderr).toStartWith("qwen-install: installed qwen 9.9.9: ");

  writeFileSync(join(folder, "-binary"), program("1.2.3"));
  const binary = await installFrom(undefined, {
    ...run,
    cwd: folder,
    args: ["--archive=-binary", `--sha256=${sha256(program("1.2.3")).toUpperCase()}`],
  });
  expect(binary).toMatchObject({ code: 0 });
  expect(binary.stderr).toStartWith("qwen-install: installed qwen 1.2.3: ");
});
