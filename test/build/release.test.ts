import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { appendFileSync, chmodSync, copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { probe } from "../../build/binaries.ts";
import { BUN_VERSION, ROOT, VERSION } from "../../build/project.ts";
import { pack } from "../../build/release.ts";
import { sha256 } from "../../build/sha256.ts";
import { archiveName, binaryName } from "../../build/targets.ts";
import { missingPrograms, testUnless } from "../support/needs.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { compiled, host, INSTALLER, noHost, packed, STAMP } from "./built-release.ts";

const TIMEOUT_MS = 120_000;
setDefaultTimeout(TIMEOUT_MS);

const out = noHost === undefined ? await compiled() : "";
const release = noHost === undefined ? packed(out) : new Map<string, Buffer<ArrayBuffer>>();

function file(name: string): Buffer<ArrayBuffer> {
  const content = release.get(name);
  if (content === undefined) {
    throw new Error(`the release has no ${name}`);
  }
  return content;
}

describe("a release of this machine's target", () => {
  const buildTest = testUnless(noHost);

  buildTest("has these files and no others", () => {
    expect([...release.keys()]).toEqual([
      "LATEST",
      "SHA256SUMS",
      "install.sh",
      "install.sh.sha256",
      "manifest.json",
      archiveName(host()),
      `qwen-offline-${VERSION}.tar`,
      `qwen-offline-${VERSION}.tar.sha256`,
      "qwen-share.tar.gz",
      "sbom.cdx.json",
    ]);
    expect(file("LATEST").toString()).toBe(`${VERSION}\n`);
  });

  buildTest("is the same, byte for byte, when it is built again elsewhere", async () => {
    const again = packed(await compiled());
    const digests = (files: ReadonlyMap<string, Buffer>) =>
      [...files].map(([name, content]) => [name, sha256(content)]);
    expect(digests(again)).toEqual(digests(release));
  });

  buildTest("lists the sums of its files, sorted and without a blank line", () => {
    const names = [
      "install.sh",
      "manifest.json",
      archiveName(host()),
      "qwen-share.tar.gz",
      "sbom.cdx.json",
    ];
    const lines = names.map((name) => `${sha256(file(name))}  ${name}\n`);
    expect(file("SHA256SUMS").toString()).toBe(lines.join(""));
    expect(file("install.sh.sha256").toString()).toBe(lines[0] ?? "");
    const bundle = `qwen-offline-${VERSION}.tar`;
    expect(file(`${bundle}.sha256`).toString()).toBe(`${sha256(file(bundle))}  ${bundle}\n`);
  });

  testUnless(noHost ?? missingPrograms("sha256sum"))("sha256sum accepts them", () => {
    const cwd = join(out, "release");
    const check = () => Bun.spawnSync(["sha256sum", "-c", "--strict", "SHA256SUMS"], { cwd });
    expect(check().exitCode).toBe(0);
    appendFileSync(join(cwd, "manifest.json"), " ");
    expect(check().exitCode).toBe(1);
    writeFileSync(join(cwd, "manifest.json"), file("manifest.json"));
  });

  buildTest("describes itself in a manifest, one key a line", () => {
    const { id, libc, os, arch } = host();
    const binary = readFileSync(join(out, id, binaryName(host())));
    const archive = file(archiveName(host()));
    const manifest = {
      schema: 1,
      name: "qwen",
      version: VERSION,
      commit: STAMP.commit,
      bun: BUN_VERSION,
      source_date_epoch: STAMP.epoch,
      targets: {
        [id]: {
          archive: archiveName(host()),
          size: archive.length,
          sha256: sha256(archive),
          binary_size: binary.length,
          binary_sha256: sha256(binary),
          ...(os === "darwin" && { unsigned_sha256: sha256(binary) }),
          ...(os === "linux" && { libc }),
          ...(libc === "glibc" && { min_glibc: "2.17" }),
          ...(os === "darwin" && { min_macos: "13.0" }),
          cpu: arch === "x64" ? "x86-64-v2" : "armv8-a",
          runtime_sha256: sha256(readFileSync(process.execPath)),
        },
      },
    };
    expect(file("manifest.json").toString()).toBe(`${JSON.stringify(manifest, undefined, 2)}\n`);
  });

  testUnless(noHost ?? missingPrograms("tar"))(
    "has an archive with the binary and documents, all flat",
    async () => {
      const directory = temporaryDirectory();
      const archive = join(out, "release", archiveName(host()));
      expect(Bun.spawnSync(["tar", "-xzf", archive, "-C", directory]).exitCode).toBe(0);
      const names = [...new Bun.Glob("**").scanSync(directory)].sort();
      expect(names).toEqual(["LICENSE", "README.md", "THIRD_PARTY_LICENSES", "qwen"]);
      const unpacked = join(directory, "qwen");
      await probe(unpacked);
      expect(sha256(readFileSync(unpacked))).toBe(
        sha256(readFileSync(join(out, host().id, "qwen"))),
      );
      expect(readFileSync(join(directory, "LICENSE"))).toEqual(readFileSync(join(ROOT, "LICENSE")));
    },
  );

  buildTest("has an installer that knows its version and the sums of the archives", () => {
    const archive = archiveName(host());
    const expected = INSTALLER.replace("'latest'", `'${VERSION}'`).replace(
      "SUMS=''",
      `SUMS='${sha256(file(archive))}  ${archive}'`,
    );
    expect(file("install.sh").toString()).toBe(expected);
  });

  buildTest("has a bundle with all that hosts without a network need", async () => {
    const bundled = await new Bun.Archive(file(`qwen-offline-${VERSION}.tar`)).files();
    const isLinux = host().os === "linux";
    expect([...bundled.keys()]).toEqual([
      "AIR-GAPPED.md",
      "LATEST",
      "SHA256SUMS",
      "install.sh",
      "install.sh.sha256",
      "manifest.json",
      ...(isLinux ? [archiveName(host())] : []),
      "sbom.cdx.json",
    ]);
    for (const [name, content] of bundled) {
      if (release.has(name)) {
        expect(sha256(await content.bytes())).toBe(sha256(file(name)));
      }
    }
  });
});

describe("packing what was compiled before", () => {
  testUnless(noHost ?? (host().os === "darwin" ? "macOS binaries may be signed" : undefined))(
    "refuses a binary that is another one now",
    () => {
      const elsewhere = temporaryDirectory();
      Bun.spawnSync(["cp", "-R", `${out}/.`, elsewhere]);
      appendFileSync(join(elsewhere, host().id, binaryName(host())), " ");
      expect(() => packed(elsewhere)).toThrow("is not the one that was compiled");
    },
  );

  testUnless(noHost)("refuses a target that was not compiled", () => {
    const elsewhere = temporaryDirectory();
    writeFileSync(join(elsewhere, "compilation.json"), "{}");
    expect(() => packed(elsewhere)).toThrow(`${host().id} was not compiled`);
  });

  testUnless(noHost)("refuses plain Bun", () => {
    const elsewhere = temporaryDirectory();
    const path = join(elsewhere, host().id, binaryName(host()));
    copyFileSync(join(out, "compilation.json"), join(elsewhere, "compilation.json"));
    Bun.spawnSync(["mkdir", join(elsewhere, host().id)]);
    copyFileSync(process.execPath, path);
    expect(() => packed(elsewhere)).toThrow("holds no program");
  });
});

describe("pack()", () => {
  testUnless(noHost)("refuses an archive that is too large", () => {
    const content = Buffer.alloc(57 * 1024 * 1024);
    const blocks = Array.from({ length: content.length / 65_536 }, (_, index) =>
      content.subarray(index * 65_536, (index + 1) * 65_536),
    );
    blocks.map((block) => crypto.getRandomValues(block));
    const packing = { documents: [], stamp: STAMP };
    expect(() => pack({ target: host(), content }, packing)).toThrow("more than 58720256");
  });
});

describe("probe()", () => {
  test.each([
    ["fails", "exit 3", "ended with 3"],
    ["is killed", "kill -9 $$", "ended with SIGKILL"],
    ["prints more", `echo ${VERSION}; echo more`, "answers"],
    ["knows the environment", `[ -z "$HOME" ] || echo ${VERSION}`, "answers"],
  ])("refuses a program that %s", async (_name, script, message) => {
    const path = join(temporaryDirectory(), "qwen");
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    await expect(probe(path)).rejects.toThrow(message);
  });
});
