import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testUnless } from "../support/needs.ts";
import { installFrom, mirror } from "./release.ts";
import {
  directory,
  files,
  hostTarget,
  INSTALLER,
  install,
  SHELLS,
  searchPath,
  testWith,
} from "./run-installer.ts";

// Several processes each, on machines that have other things to do.
setDefaultTimeout(30_000);

describe.each(SHELLS)("in %s", (shell) =>
  testWith(shell)("--print-target prints the target and nothing else", async () => {
    const { code, stdout, stderr, home } = await install({ shell, args: ["--print-target"] });
    expect({ code, stdout, stderr, files: files(home) }).toEqual({
      code: 0,
      stdout: `${hostTarget}\n`,
      stderr: "",
      files: [],
    });
  }),
);

const uname = (system: string, machine: string, kind = "") =>
  `case $1 in -s) echo ${system} ;; -m) echo ${machine} ;; -o) echo ${kind} ;; esac`;

test.each([
  ["a Mac", uname("Darwin", "arm64"), "", 0, "darwin-arm64\n"],
  ["an Intel Mac", uname("Darwin", "x86_64"), "", 0, "darwin-x64\n"],
  ["a Mac under Rosetta", uname("Darwin", "x86_64"), "echo 1", 0, "darwin-arm64\n"],
  ["a 32-bit ARM", uname("Linux", "armv7l"), "", 3, ""],
  ["Windows", uname("MINGW64_NT-10.0", "x86_64"), "", 3, ""],
  ["Android", uname("Linux", "aarch64", "Android"), "", 3, ""],
])("%s is told from the others", async (_name, unameBody, sysctl, code, stdout) => {
  const path = searchPath([], { uname: unameBody, sysctl });
  expect(await install({ path, args: ["--print-target"] })).toMatchObject({ code, stdout });
});

test.each([
  ["10.15.7", 3],
  ["11.7.10", 3],
  ["12.7.6", 3],
  ["13.0", 0],
  ["15.1", 0],
  ["26.0", 0],
  ["", 0],
])("macOS %s: %i", async (system, code) => {
  const path = searchPath([], { uname: uname("Darwin", "arm64"), sw_vers: `echo ${system}` });
  const ran = await install({ path, args: ["--print-target"] });
  expect(ran.code).toBe(code);
  expect(ran.stderr).toBe(
    code === 0 ? "" : `qwen-install: error: macOS ${system} is older than 13\n`,
  );
});

const oddMusl = existsSync("/usr/lib/libstdc++.so.6") || existsSync("/lib/libstdc++.so.6");

testUnless(oddMusl ? "libstdc++ is where musl looks" : undefined)(
  "musl without libstdc++ is told before anything is downloaded: 6",
  async () => {
    const { url, seen } = mirror();
    const args = ["--libc", "musl"];
    const refused = await installFrom(url, { args });
    expect(refused).toMatchObject({
      code: 6,
      stderr: `qwen-install: error: missing libstdc++.so.6, which the build for musl needs
  run: apk add --no-cache libstdc++
`,
    });
    expect({ seen, files: files(refused.home) }).toEqual({ seen: [], files: [] });

    const library = directory("lib");
    writeFileSync(join(library, "libstdc++.so.6"), "");
    const env = { LD_LIBRARY_PATH: `/no/such:${library}` };
    expect(await installFrom(url, { args, env })).toMatchObject({ code: 0 });
    expect((await install({ args: ["--print-target", ...args] })).stdout).toBe(
      `linux-${process.arch}-musl\n`,
    );
  },
);

function elf(bits: 1 | 2, loader: string): string {
  return `\x7fELF${String.fromCharCode(bits)}${"\0".repeat(400)}${loader}\0`;
}

test.each([
  ["loader_of", "a musl binary", elf(2, "/lib/ld-musl-x86_64.so.1"), "musl\n", 0],
  ["loader_of", "a glibc binary", elf(2, "/lib64/ld-linux-x86-64.so.2"), "glibc\n", 0],
  ["loader_of", "a static binary", elf(2, ""), "", 0],
  ["is_32_bit", "a 32-bit binary", elf(1, "/lib/ld-linux.so.2"), "", 0],
  ["is_32_bit", "a 64-bit binary", elf(2, ""), "", 1],
  ["has_sse42", "a cpuinfo that has it", "flags : sse4_1 sse4_2 avx", "", 0],
  ["has_sse42", "a cpuinfo that lacks it", "flags : sse4_1", "", 1],
])("%s() knows %s", (name, _kind, content, stdout, code) => {
  const file = join(directory("files"), "a file");
  writeFileSync(file, content);
  const definitions = /^ {2}(?:is_32_bit|has_sse42|loader_of|head_of)\(\) \{.*\}$/gm;
  const source = readFileSync(INSTALLER, "utf8").match(definitions)?.join("\n");
  const child = Bun.spawnSync(["sh", "-c", `${source}\n${name} "$1"`, "sh", file]);
  expect({ stdout: child.stdout.toString(), code: child.exitCode }).toEqual({ stdout, code });
});

test.each([
  ["musl's ldd, which fails", "echo 'musl libc (x86_64)' >&2; exit 1", "", "linux-x64-musl"],
  ["glibc's ldd", "echo 'ldd (Debian GLIBC 2.36) 2.36'", "ld-musl-x86_64.so.1", "linux-x64"],
  ["both loaders", "exit 127", "ld-linux-x86-64.so.2 ld-musl-x86_64.so.1", "linux-x64"],
  ["musl's loader alone", "exit 127", "ld-musl-x86_64.so.1", "linux-x64-musl"],
  ["nothing", "echo 'not found' >&2; exit 127", "", "linux-x64 warning"],
])("where /bin/sh is static, %s tells the libc", (_case, ldd, loaders, expected) => {
  const detect = /^ {2}detect_linux\(\) \{\n[\s\S]*?^ {2}\}$/m.exec(
    readFileSync(INSTALLER, "utf8"),
  );
  const path = searchPath([], { ldd, ls: `echo ${loaders}`, uname: "" });
  const script = `is_32_bit() { false; }; has_sse42() { :; }; loader_of() { :; }
say() { warned=' warning'; }
${detect?.[0]}
target=linux-x64 libc='' warned=''; detect_linux; echo "$target$warned"`;
  const child = Bun.spawnSync(["/bin/sh", "-c", script], { env: { PATH: path } });
  expect(child.stdout.toString()).toBe(`${expected}\n`);
});

testUnless(existsSync("/lib/ld-musl-x86_64.so.1") ? undefined : "no package `musl` beside glibc")(
  "musl's loader beside glibc changes nothing",
  async () => {
    const { stdout } = await install({ args: ["--print-target"] });
    expect(stdout).toBe(`${hostTarget}\n`);
  },
);

test.each([
  [["--libc", "musl"], {}, "linux-x64-musl"],
  [["--libc=glibc"], { QWEN_INSTALL_LIBC: "musl" }, "linux-x64"],
  [[], { QWEN_INSTALL_TARGET: "darwin-arm64" }, "darwin-arm64"],
  [["--target", "linux-arm64-musl"], { QWEN_INSTALL_LIBC: "glibc" }, "linux-arm64-musl"],
])("%j and %j name the target", async (args, env, target) => {
  const path = searchPath([], { uname: uname("Linux", "x86_64") });
  const run = { path, env, args: ["--print-target", ...args] };
  expect(await install(run)).toMatchObject({ code: 0, stdout: `${target}\n` });
});

test.each([["--libc=uclibc"], ["--target=windows-x64"], ["--target=linux-x64-gnu"]])(
  "%s is none: 2",
  async (option) => {
    expect(await install({ args: ["--print-target", option] })).toMatchObject({ code: 2 });
  },
);
