import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { compileBinaries } from "../../build/binaries.ts";
import { ROOT, VERSION } from "../../build/project.ts";
import { RUNTIME_DIRECTORY } from "../../build/runtimes.ts";
import { hostTarget, TARGETS } from "../../build/targets.ts";
import { missingPrograms, testUnless } from "../support/needs.ts";
import { type Machine, machine, QWEN } from "../support/qwen.ts";
import { run } from "../support/shell.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { compiled, packed, STAMP } from "./built-release.ts";

// An emulator takes its time, on machines that have other things to do.
setDefaultTimeout(60_000);

const id = hostTarget()?.id;
const notLinuxX64 = id === "linux-x64" ? undefined : "the binary of this machine is not linux-x64";
const noBinary = existsSync(QWEN) ? undefined : "dist/qwen is missing: run `bun run build` first";

/** Newer systems have the static emulator under its plain name. */
function emulator(cpu: string): string {
  return Bun.which(`qemu-${cpu}-static`) === null ? `qemu-${cpu}` : `qemu-${cpu}-static`;
}

function missingEmulator(cpu: string): string | undefined {
  return missingPrograms(emulator(cpu));
}

describe("linux-x64 on an old CPU", () => {
  const reason = notLinuxX64 ?? noBinary ?? missingEmulator("x86_64");

  /** The oldest, where SSE4.2 is the newest that there is; then AVX, AVX2, and another maker. */
  const cpus = ["Nehalem", "SandyBridge", "Haswell", "EPYC"];
  testUnless(reason).each(cpus)("runs on %s", async (cpu) => {
    const ran = await run(machine(), [emulator("x86_64"), "-cpu", cpu, QWEN, "--version"]);
    // The emulator itself says which of a CPU's features it lacks.
    expect(ran).toMatchObject({ exitCode: 0, stdout: `${VERSION}\n` });
  });

  testUnless(reason)(
    "does not run on an older one, so that the emulator is no blank check",
    async () => {
      const ran = await run(machine(), [emulator("x86_64"), "-cpu", "core2duo", QWEN, "--version"]);
      expect(ran.exitCode).not.toBe(0);
      expect(ran.stdout).toBe("");
    },
  );
});

/** Where Debian has the libraries of arm64: in the cross package, or as its second architecture. */
const ARM_ROOT = ["/usr/aarch64-linux-gnu", "/"].find((root) =>
  existsSync(join(root, "lib", "ld-linux-aarch64.so.1")),
);

describe("linux-arm64 in an emulator", async () => {
  const noEmulator = missingEmulator("aarch64");
  const libraries = ARM_ROOT === undefined ? "the C library of arm64 is not installed" : undefined;
  const built = (noEmulator ?? libraries) ? undefined : await buildArm64();
  const reason = noEmulator ?? libraries ?? built?.reason;

  function runArm64(place: Machine, ...args: readonly string[]) {
    const program = built?.path ?? "";
    return run(place, [emulator("aarch64"), "-L", ARM_ROOT ?? "/", program, ...args]);
  }

  testUnless(reason)("prints its version", async () => {
    const ran = await runArm64(machine(), "--version");
    expect(ran).toEqual({ exitCode: 0, stdout: `${VERSION}\n`, stderr: "" });
  });

  testUnless(reason)("sets up the Coding Plan and tells what is in force", async () => {
    await expectSetUp(machine(), runArm64);
  });
});

/** Builds linux-arm64 into a new directory, or says why that cannot be done here. */
async function buildArm64(): Promise<{ path?: string; reason?: string }> {
  const target = TARGETS.find((each) => each.id === "linux-arm64");
  if (target === undefined) {
    throw new Error("there is no target linux-arm64");
  }
  const out = temporaryDirectory();
  const runtimes = { directory: RUNTIME_DIRECTORY, isOffline: false };
  try {
    await compileBinaries([target], { out, stamp: STAMP, runtimes });
    return { path: join(out, target.id, "qwen") };
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("cannot download")) {
      return { reason: error.message };
    }
    throw error;
  }
}

type RunQwen = (
  place: Machine,
  ...args: readonly string[]
) => Promise<{ exitCode: number; stdout: string; stderr: string }>;

/** Logs in without a question, as a script does, and reads the result back. */
async function expectSetUp(place: Machine, runQwen: RunQwen): Promise<void> {
  const key = place.write("key", "sk-sp-elsewhere-0123456789abcdef");
  const login = ["auth", "coding-plan", "--region", "china", "--key-file", key];
  expect(await runQwen(place, ...login)).toMatchObject({ exitCode: 0 });
  expect(statSync(place.settings).mode & 0o777).toBe(0o600);
  expect(readFileSync(place.settings, "utf8")).toContain("sk-sp-elsewhere-0123456789abcdef");
  const { exitCode, stdout } = await runQwen(place, "auth", "status", "--json");
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ loggedIn: true, method: "coding-plan" });
}

describe("the line of the guides that checks sums", () => {
  test.each(["docs/air-gapped.md", "docs/releases.md"])(
    "in %s has nothing that only GNU has",
    (page) => {
      const text = readFileSync(join(ROOT, page), "utf8");
      expect(text).not.toContain("--ignore-missing");
      expect(text).toMatch(/^grep .* SHA256SUMS \| sha256sum -c$/m);
    },
  );

  testUnless(missingPrograms("busybox"))("is understood by BusyBox", () => {
    const directory = temporaryDirectory();
    const bin = join(directory, "bin");
    mkdirSync(bin);
    for (const applet of ["grep", "sha256sum"]) {
      symlinkSync(Bun.which("busybox") ?? "", join(bin, applet));
    }
    const guide = readFileSync(join(ROOT, "docs", "air-gapped.md"), "utf8");
    const line = /^grep .* SHA256SUMS \| sha256sum -c$/m.exec(guide)?.[0] ?? "false";
    const name = "qwen-linux-x64.tar.gz";
    const check = (content: string) => {
      writeFileSync(join(directory, name), content);
      const { exitCode } = Bun.spawnSync([Bun.which("busybox") ?? "", "sh", "-c", line], {
        cwd: directory,
        env: { PATH: bin },
        stdio: ["ignore", "ignore", "ignore"],
      });
      return exitCode;
    };
    const sum = new Bun.SHA256().update("it").digest("hex");
    writeFileSync(join(directory, "SHA256SUMS"), `${sum}  ${name}\n${sum}  not-here\n`);
    expect([check("it"), check("other")]).toEqual([0, 1]);
  });
});

describe("the offline bundle on a host without a network", async () => {
  const namespace = Bun.which("unshare") && Bun.spawnSync(["unshare", "-n", "true"]).success;
  const reason =
    (id?.startsWith("linux-") ? undefined : "the bundle is for Linux") ??
    missingPrograms("tar", "sha256sum") ??
    (namespace ? undefined : "this user may not make a network namespace with unshare");
  const directory = temporaryDirectory();
  if (reason === undefined) {
    const bundle = packed(await compiled()).get(`qwen-offline-${VERSION}.tar`);
    await Bun.write(join(directory, "bundle.tar"), bundle ?? "");
  }
  const archive = `qwen-${id}.tar.gz`;

  function runOffline(place: Machine, ...argv: readonly string[]) {
    return run({ ...place, project: directory }, ["unshare", "-n", ...argv]);
  }

  testUnless(reason)("is verified, unpacked and used by hand, as the guide says", async () => {
    const place = machine();
    const guide = readFileSync(join(ROOT, "docs", "air-gapped.md"), "utf8");
    const check = /^grep .* SHA256SUMS \| sha256sum -c$/m.exec(guide)?.[0] ?? "false";
    const script = `tar -xf bundle.tar && ${check.replace("qwen-linux-x64.tar.gz", archive)} &&
      mkdir -p bin && tar -xzf ${archive} -C bin qwen && bin/qwen --version`;
    const ran = await runOffline(place, "sh", "-ec", script);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ran.stdout).toContain(`${archive}: OK\n`);
    expect(ran.stdout).toEndWith(`\n${VERSION}\n`);
    await expectSetUp(place, (where, ...args) => runOffline(where, "bin/qwen", ...args));
  });

  const hasArchive = readFileSync(join(ROOT, "install.sh"), "utf8").includes("--archive");
  const onlySources = hasArchive ? undefined : "install.sh can only build a checkout";
  testUnless(reason ?? onlySources)("is installed by the install.sh of this version", async () => {
    const place = machine();
    const bin = join(place.home, "bin");
    writeFileSync(join(directory, "installer"), readFileSync(join(ROOT, "install.sh")));
    chmodSync(join(directory, "installer"), 0o755);
    const options = ["--archive", archive, "--sums", "SHA256SUMS", "--bin-dir", bin];
    await runOffline(place, "tar", "-xf", "bundle.tar");
    const ran = await runOffline(place, "sh", "installer", ...options, "--no-modify-path");
    expect(ran).toMatchObject({ exitCode: 0, stdout: "" });
    expect((await runOffline(place, join(bin, "qwen"), "--version")).stdout).toBe(`${VERSION}\n`);
  });
});
