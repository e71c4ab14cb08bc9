/**
 * The whole of a release but for what needs the hosting service, on this machine, as one command:
 * `bun test/release/dry-run.ts [DIRECTORY]`. Prints one table of what was checked, what could not be
 * and why; ends with 1 when a check failed. It takes minutes, 1 GB of disk, and for the first time
 * 400 MB from the registry.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ROOT, VERSION } from "../../build/project.ts";
import { hostTarget } from "../../build/targets.ts";

/** Why a step cannot be done here. */
class Skip extends Error {}

type Row = {
  readonly step: string;
  readonly result: "ok" | "FAILED" | "skipped";
  readonly told: string;
};

const [directory = join(ROOT, "dist", "dry-run"), ...more] = process.argv.slice(2);
if (directory.startsWith("-") || more.length > 0) {
  console.error("usage: bun test/release/dry-run.ts [DIRECTORY]");
  process.exit(["-h", "--help"].includes(directory) ? 0 : 2);
}

const out = resolve(directory);
const release = join(out, "release");
const rows: Row[] = [];
const env = { ...process.env, LC_ALL: "C" };

async function run(
  argv: readonly string[],
  options: { cwd?: string; env?: object; ms?: number } = {},
) {
  const child = Bun.spawn([...argv], {
    cwd: options.cwd ?? ROOT,
    env: { ...env, ...options.env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: options.ms ?? 900_000,
  });
  const outputs = [child.stdout.text(), child.stderr.text()] as const;
  const [stdout, stderr] = await Promise.all([...outputs, child.exited]);
  if (child.exitCode !== 0) {
    const last = `${stderr}\n${stdout}`.trim().split("\n").slice(-3).join(" / ");
    throw new Error(`${argv[0]} ended with ${child.signalCode ?? child.exitCode}: ${last}`);
  }
  return stdout;
}

async function step(name: string, action: () => Promise<string>): Promise<void> {
  const row = await action().then(
    (told): Row => ({ step: name, result: "ok", told }),
    (error: unknown): Row => ({
      step: name,
      result: error instanceof Skip ? "skipped" : "FAILED",
      told: error instanceof Error ? error.message : String(error),
    }),
  );
  rows.push(row);
  console.error(`${row.result.padEnd(8)} ${name}: ${row.told}`);
}

/** @throws Skip when one of the programs is missing */
function need(...programs: readonly string[]): void {
  const missing = programs.filter((program) => Bun.which(program) === null);
  if (missing.length > 0) throw new Skip(`${missing.join(" and ")} not found on PATH`);
}

/** A command in another root, with the /proc that Bun cannot do without. */
function inRoot(root: string, ...argv: readonly string[]): string[] {
  const script = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';
  return ["unshare", "-m", "sh", "-c", script, root, ...argv];
}

function emulator(cpu: string): string {
  const found = [`qemu-${cpu}-static`, `qemu-${cpu}`].find((name) => Bun.which(name) !== null);
  if (found === undefined) throw new Skip(`qemu-${cpu} not found on PATH`);
  return found;
}

async function expectVersion(argv: readonly string[]): Promise<void> {
  const said = await run([...argv, "--version"], { ms: 180_000 });
  if (said !== `${VERSION}\n`) throw new Error(`\`--version\` printed ${JSON.stringify(said)}`);
}

const suite = (...files: readonly string[]) =>
  run([process.execPath, "test", "--no-env-file", ...files]);
const binary = (target: string, name = "qwen") => join(out, target, name);

await step("the binary that the tests drive", async () => {
  await run([process.execPath, "build.ts"]);
  return "built";
});
await step("workflows keep their rules", async () => {
  const rules = ["workflows", "release-workflow", "gate-rules"];
  await suite(...rules.map((name) => `test/build/${name}.test.ts`));
  return "every promise of docs/releases.md, each with what would break it";
});
await step("scripts of the workflow", async () => {
  await suite("test/build/release-scripts.test.ts", "test/release/smoke.test.ts");
  return "plan, notes, digest, signature as the guides check it, the pinned Bun, the target in use";
});
await step("eight targets compile and pass the checks", async () => {
  const told = await run([process.execPath, "build.ts", "--all", "--no-archive", "--out", out]);
  return `${told.match(/^compiled /gm)?.length} targets: format, CPU, loader, libraries, glibc 2.17, macOS 13, signatures, no path, no key`;
});
await step("two builds are the same bytes", async () => {
  const again = join(out, "again");
  await run([process.execPath, "build.ts", "--all", "--no-archive", "--out", again]);
  const [first, second] = [out, again].map((at) =>
    readFileSync(join(at, "compilation.json"), "utf8"),
  );
  rmSync(again, { recursive: true });
  if (first !== second) throw new Error("compilation.json differs");
  return `${Object.keys(JSON.parse(first ?? "{}")).length} binaries, in two directories`;
});
await step("packing is the same bytes", async () => {
  const packages = ["dpkg-deb", "rpmbuild"].every((tool) => Bun.which(tool) !== null);
  const argv = [
    process.execPath,
    "build.ts",
    "--all",
    "--prebuilt",
    "--offline-bundle",
    "--out",
    out,
  ];
  const digest = async () => {
    await run(packages ? [...argv, "--packages"] : argv);
    return (await run(["sh", ".github/release/digest.sh", release])).trim();
  };
  const first = await digest();
  if ((await digest()) !== first) throw new Error("the digest of a second packing differs");
  return `${packages ? "with" : "WITHOUT"} .deb and .rpm; digest ${first.slice(0, 16)}`;
});
await step("sums", async () => {
  need("sha256sum");
  const said = await run(["sha256sum", "-c", "--strict", "SHA256SUMS"], { cwd: release });
  return `${said.trim().split("\n").length} files`;
});
await step("signature, checked by the installer", async () => {
  need("ssh-keygen", "sh");
  const signatures = join(out, "signatures");
  rmSync(signatures, { recursive: true, force: true });
  const key = join(out, "key");
  rmSync(key, { force: true });
  rmSync(`${key}.pub`, { force: true });
  await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key]);
  mkdirSync(signatures);
  const sums = join(release, "SHA256SUMS");
  const sign = ["ssh-keygen", "-Y", "sign", "-q", "-f", key, "-n", "qwen-release"];
  const signature = await run(["sh", "-c", 'exec "$@" <"$0"', sums, ...sign]);
  writeFileSync(`${sums}.sig`, signature);
  const host = hostTarget()?.id ?? "none";
  const options = [
    "--archive",
    join(release, `qwen-${host}.tar.gz`),
    "--bin-dir",
    join(out, "bin"),
  ];
  await run([
    "sh",
    join(release, "install.sh"),
    ...options,
    "--signing-key",
    `${key}.pub`,
    "--force",
    "--no-modify-path",
  ]);
  rmSync(`${sums}.sig`);
  await expectVersion([join(out, "bin", "qwen")]);
  return "made with ssh-keygen, installed offline from the archive";
});
await step("installed and used: this machine", async () => {
  const host = hostTarget()?.id ?? "none";
  return (await run([process.execPath, "test/release/smoke.ts", release, host])).trim();
});
for (const cpu of ["Nehalem", "SandyBridge", "Haswell", "Skylake-Client", "EPYC"]) {
  await step(`linux-x64 on ${cpu}`, async () => {
    await expectVersion([emulator("x86_64"), "-cpu", cpu, binary("linux-x64")]);
    return "starts";
  });
}
const ARM_ROOT = ["/usr/aarch64-linux-gnu", "/"].find((root) =>
  existsSync(join(root, "lib", "ld-linux-aarch64.so.1")),
);
for (const cpu of ["cortex-a53", "cortex-a72", "max"]) {
  await step(`linux-arm64 on ${cpu}`, async () => {
    if (ARM_ROOT === undefined) throw new Skip("the C library of arm64 is not installed");
    await expectVersion([emulator("aarch64"), "-cpu", cpu, "-L", ARM_ROOT, binary("linux-arm64")]);
    return "starts";
  });
}
await step("linux-x64-musl under musl", async () => {
  const loader = "/lib/ld-musl-x86_64.so.1";
  if (!existsSync(loader)) throw new Skip("musl is not installed");
  const library = ["/usr/lib/libstdc++.so.6", "/usr/lib/x86_64-linux-musl/libstdc++.so.6"].find(
    existsSync,
  );
  if (library === undefined) {
    throw new Skip("there is no libstdc++ for musl here; the workflow does it in Alpine");
  }
  await expectVersion([loader, binary("linux-x64-musl")]);
  return "starts";
});
await step("linux-arm64-musl", async () => {
  throw new Skip("needs Alpine for arm64; the workflow does it there");
});
for (const target of ["windows-x64", "windows-arm64"]) {
  await step(`${target} under Wine`, async () => {
    if (target !== "windows-x64")
      throw new Skip("Wine here is for x64; the workflow does it on Windows");
    need("wine");
    await expectVersion(["wine", binary(target, "qwen.exe")]);
    return "starts";
  });
}
for (const target of ["darwin-arm64", "darwin-x64"]) {
  await step(`${target} starts`, async () => {
    if (process.platform !== "darwin") {
      throw new Skip("not macOS: its signature was recomputed, the workflow starts it");
    }
    await expectVersion([binary(target)]);
    return "starts";
  });
}
await step(".deb in a new root of Debian", async () => {
  need("debootstrap", "chroot", "unshare");
  const arch = hostTarget()?.arch === "arm64" ? "arm64" : "x64";
  const packed = join(release, `qwen-linux-${arch}.deb`);
  if (!existsSync(packed)) throw new Skip("no package was made");
  if (process.getuid?.() !== 0) throw new Skip("only root can make one");
  const root = join(out, "root");
  rmSync(root, { recursive: true, force: true });
  await run(["debootstrap", "--variant=minbase", "stable", root], { ms: 420_000 }).catch(
    (error: unknown) => {
      throw new Skip(
        `debootstrap made none: ${error instanceof Error ? error.message.slice(0, 200) : error}`,
      );
    },
  );
  try {
    await run(["cp", packed, join(root, "qwen.deb")]);
    await run(inRoot(root, "dpkg", "-i", "/qwen.deb"));
    await expectVersion(inRoot(root, "/usr/bin/qwen"));
    const whose = JSON.parse(
      await run(
        inRoot(root, "env", "QWEN_INSTALL_GITHUB_REPO=o/n", "/usr/bin/qwen", "upgrade", "--json"),
      ),
    );
    if (whose.method !== "deb") throw new Error(`\`qwen upgrade\` takes it for ${whose.method}`);
    const files = await run(inRoot(root, "dpkg", "-L", "qwen"));
    await run(inRoot(root, "dpkg", "-r", "qwen"));
    if (existsSync(join(root, "usr/bin/qwen"))) throw new Error("removing it left the program");
    return `installed, started, known to \`qwen upgrade\`, removed; ${files.match(/man1\/qwen[\w-]*\.1\.gz/g)?.length} man pages`;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
await step(".rpm", async () => {
  need("rpm", "rpm2cpio", "cpio");
  const packed = join(release, "qwen-linux-x64.rpm");
  if (!existsSync(packed)) throw new Skip("no package was made");
  const said = (await run(["rpm", "-K", packed])).trim();
  const root = join(out, "rpm-root");
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  await run(["sh", "-c", `rpm2cpio "$0" | cpio -idm --quiet`, packed], { cwd: root });
  const same = readFileSync(join(root, "usr/bin/qwen")).equals(readFileSync(binary("linux-x64")));
  rmSync(root, { recursive: true, force: true });
  if (!same) throw new Error("the binary in it is another one");
  return `${said.slice(said.lastIndexOf(":") + 2)}; the binary in it is that of the archive`;
});
await step("packages for npm, formula, manifests, man pages", async () => {
  await suite("test/build/packaging.test.ts", "test/build/package-life.test.ts");
  return "npm, dpkg and rpm install, update and remove them; ruby reads the formula; fields of winget, Scoop, aqua; the APKBUILD runs";
});
await step("install.ps1", async () => {
  await suite("test/install/windows.test.ts");
  return "parsed, here; run on Windows by the workflow";
});
await step("images", async () => {
  const hasDaemon =
    Bun.which("docker") !== null &&
    Bun.spawnSync(["docker", "info"], { stdout: "ignore", stderr: "ignore" }).success;
  if (!hasDaemon) {
    await suite("test/release/use-image.test.ts");
    return "no Docker here: the recipes of the guide in a mount namespace";
  }
  const context = join(out, "image");
  await run(["sh", ".github/docker/lay-out.sh", release, context]);
  for (const target of ["distroless", "debian", "alpine"]) {
    const tag = `qwen-dry-run-${target}`;
    await run([
      "docker",
      "build",
      "--target",
      target,
      "--tag",
      tag,
      "--file",
      ".github/docker/Dockerfile",
      context,
    ]);
    await run([process.execPath, "test/release/use-image.ts", tag, VERSION]);
  }
  return "three images built, started and used";
});
await step("licences and bill of materials", async () => {
  await suite("test/build/bill-of-materials.test.ts");
  return "a notice and a revision for all that is linked in";
});

chmodSync(out, 0o755);
const width = Math.max(...rows.map(({ step: name }) => name.length));
for (const { step: name, result, told } of rows) {
  console.log(`${result.padEnd(8)}${name.padEnd(width + 2)}${told}`);
}
const failed = rows.filter(({ result }) => result === "FAILED").length;
const skipped = rows.filter(({ result }) => result === "skipped").length;
console.log(`${rows.length - failed - skipped} ok, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
