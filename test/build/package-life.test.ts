import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { buildDeb, buildRpm } from "../../build/packaging/linux-packages.ts";
import { readShare } from "../../build/packaging/share.ts";
import { VERSION } from "../../build/project.ts";
import { hostTarget, TARGETS } from "../../build/targets.ts";
import { missingPrograms, testUnless } from "../support/needs.ts";
import { QWEN } from "../support/qwen.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { STAMP } from "./built-release.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(60_000);

const target = TARGETS.find(({ id }) => id === "linux-x64") ?? TARGETS[0];
if (target === undefined) throw new Error("there is no target");

const input = {
  target,
  binary: Buffer.from("#!/bin/sh\necho new\n"),
  share: await readShare(STAMP),
  documents: [{ name: "LICENSE", mode: 0o644, content: Buffer.from("terms\n") }],
  stamp: STAMP,
};

const isRoot = process.getuid?.() === 0 ? undefined : "only root can install packages";

function run(argv: readonly string[], cwd = "/") {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...argv], {
    cwd,
    env: { PATH: process.env.PATH ?? "", LC_ALL: "C" },
  });
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
}

/** Runs with these in the environment, and another umask. */
function asSomebody<Value>(work: () => Value): Value {
  const before = { ...process.env };
  const home = temporaryDirectory();
  writeFileSync(join(home, ".rpmmacros"), "%vendor Somebody\n%packager Me <me@example.org>\n");
  const umask = process.umask(0o077);
  Object.assign(process.env, {
    HOME: home,
    DPKG_DEB_THREADS_MAX: "7",
    DPKG_DEB_COMPRESSOR_LEVEL: "9",
    TZ: "Asia/Tokyo",
    LC_ALL: "C.UTF-8",
    SOURCE_DATE_EPOCH: "1",
  });
  try {
    return work();
  } finally {
    process.umask(umask);
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

describe("a package is the same whoever makes it:", () => {
  testUnless(missingPrograms("dpkg-deb"))("a .deb", () => {
    const packed = buildDeb(input);
    expect(asSomebody(() => buildDeb(input)).equals(packed)).toBe(true);
    const file = join(temporaryDirectory(), "qwen.deb");
    writeFileSync(file, packed);
    const modes = run(["dpkg-deb", "-c", file]).stdout.trim().split("\n");
    const strange = modes.filter((line) => !/^(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x) /.test(line));
    expect(strange).toEqual([]);
  });

  testUnless(missingPrograms("rpmbuild"))("an .rpm", () => {
    expect(asSomebody(() => buildRpm(input)).equals(buildRpm(input))).toBe(true);
  });
});

/** A root of its own for dpkg, whose scripts run outside of it. */
function dpkgRoot() {
  const root = temporaryDirectory();
  mkdirSync(join(root, "var/lib/dpkg/info"), { recursive: true });
  mkdirSync(join(root, "var/lib/dpkg/updates"));
  writeFileSync(join(root, "var/lib/dpkg/status"), "");
  const dpkg = (...args: readonly string[]) =>
    run(["dpkg", `--root=${root}`, "--force-script-chrootless", "--force-depends", ...args]);
  return { root, dpkg };
}

/** The package with another version, name or program. */
function changedDeb(changes: { version?: string; name?: string; program?: string }): string {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "a.deb"), buildDeb(input));
  run(["dpkg-deb", "-R", "a.deb", "tree"], directory);
  const control = join(directory, "tree/DEBIAN/control");
  const text = readFileSync(control, "utf8")
    .replace(/^Version: .*$/m, `Version: ${changes.version ?? VERSION}`)
    .replace(/^Package: .*$/m, `Package: ${changes.name ?? "qwen"}`);
  writeFileSync(control, text);
  if (changes.program !== undefined)
    writeFileSync(join(directory, "tree/usr/bin/qwen"), changes.program);
  run(["dpkg-deb", "--root-owner-group", "--build", "tree", "b.deb"], directory);
  return join(directory, "b.deb");
}

describe("a .deb", () => {
  const can = testUnless(isRoot ?? missingPrograms("dpkg", "dpkg-deb"));

  can("takes the place of an older one, goes back, and leaves nothing when it is removed", () => {
    const { root, dpkg } = dpkgRoot();
    const program = join(root, "usr/bin/qwen");
    const [old, now] = [changedDeb({ version: "0.0.1", program: "old\n" }), changedDeb({})];
    for (const [file, content] of [
      [old, "old\n"],
      [now, "#!/bin/sh\necho new\n"],
      [now, "#!/bin/sh\necho new\n"],
      [old, "old\n"],
    ] as const) {
      expect(dpkg("-i", file)).toMatchObject({ exitCode: 0 });
      expect(readFileSync(program, "utf8")).toBe(content);
    }
    expect(dpkg("-r", "qwen").exitCode).toBe(0);
    expect(existsSync(program)).toBe(false);
    const left = [...new Bun.Glob("usr/**").scanSync({ cwd: root, dot: true })];
    expect({ left, status: dpkg("-l", "qwen").exitCode }).toEqual({ left: [], status: 1 });
  });

  can("does not take a file of another package", () => {
    const { root, dpkg } = dpkgRoot();
    expect(dpkg("-i", changedDeb({ name: "theirs", program: "theirs\n" })).exitCode).toBe(0);
    const refused = dpkg("-i", changedDeb({}));
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("which is also in package theirs");
    expect(readFileSync(join(root, "usr/bin/qwen"), "utf8")).toBe("theirs\n");
  });
});

describe("an .rpm", () => {
  const can = testUnless(isRoot ?? missingPrograms("rpm", "rpmbuild"));

  can("is installed, refused a second time, and leaves nothing when it is removed", () => {
    const root = temporaryDirectory();
    const file = join(temporaryDirectory(), "qwen.rpm");
    writeFileSync(file, buildRpm(input));
    const rpm = (...args: readonly string[]) =>
      run(["rpm", "--root", root, "--noscripts", ...args]);
    expect(rpm("-i", "--nodeps", file)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(root, "usr/bin/qwen"), "utf8")).toBe("#!/bin/sh\necho new\n");
    expect(rpm("-V", "--nodeps", "qwen")).toMatchObject({ exitCode: 0, stdout: "" });
    expect(rpm("-i", "--nodeps", file).exitCode).not.toBe(0);
    expect(rpm("-U", "--nodeps", "--replacepkgs", file)).toMatchObject({ exitCode: 0 });
    expect(rpm("-e", "qwen")).toMatchObject({ exitCode: 0 });
    const left = [...new Bun.Glob("usr/{bin,share}/**").scanSync({ cwd: root, dot: true })];
    expect(left).toEqual([]);
  });

  const host = hostTarget();
  const noProgram =
    host?.libc === "glibc" && existsSync(QWEN) ? undefined : "no dist/qwen of a target with .rpm";
  testUnless(noProgram ?? missingPrograms("rpmbuild", "rpm2cpio", "cpio", "strip", "file"))(
    "holds the real program, which rpmbuild would strip by itself",
    () => {
      const binary = readFileSync(QWEN);
      const directory = temporaryDirectory();
      const packed = buildRpm({ ...input, target: host ?? target, binary });
      writeFileSync(join(directory, "qwen.rpm"), packed);
      const extract = "rpm2cpio qwen.rpm | cpio -idm --quiet ./usr/bin/qwen";
      expect(run(["sh", "-c", extract], directory).exitCode).toBe(0);
      expect(readFileSync(join(directory, "usr/bin/qwen")).equals(binary)).toBe(true);
    },
  );
});

test.each([
  [
    "a link to an npm package",
    (path: string) => symlinkSync("../lib/node_modules/@qwen-code/qwen-code/cli.js", path),
    1,
  ],
  [
    "a script that starts one",
    (path: string) => writeFileSync(path, '#!/bin/sh\nexec node "$d/node_modules/x/cli.js"\n'),
    1,
  ],
  [
    "a script of Qwen Code",
    (path: string) => writeFileSync(path, "#!/usr/bin/env node\n// qwen-code\n"),
    1,
  ],
  ["our own program", (path: string) => copyFileSync(process.execPath, path), 0],
  ["a link to it", (path: string) => symlinkSync("/opt/qwen/qwen", path), 0],
  ["nothing", () => undefined, 0],
])("at the place of the program, %s: %#", (_case, prepare, exitCode) => {
  const path = join(temporaryDirectory(), "qwen");
  prepare(path);
  const directory = temporaryDirectory();
  writeFileSync(join(directory, "a.deb"), buildDeb(input));
  run(["dpkg-deb", "-e", "a.deb", "control"], directory);
  const script = readFileSync(join(directory, "control/preinst"), "utf8");
  expect(run(["sh", "-c", script.replaceAll("/usr/bin/qwen", path)])).toMatchObject({ exitCode });
});
