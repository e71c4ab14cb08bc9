import { describe, expect } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileBinaries } from "../../build/binaries.ts";
import { ROOT } from "../../build/project.ts";
import { packRelease } from "../../build/release.ts";
import { RUNTIME_DIRECTORY, writeRuntime } from "../../build/runtimes.ts";
import { sha256 } from "../../build/sha256.ts";
import { archiveName, binaryName, TARGETS } from "../../build/targets.ts";
import { testUnless } from "../support/needs.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { INSTALLER, SHARE, STAMP } from "./built-release.ts";

const TIMEOUT_MS = 600_000;

/** It takes minutes, and 380 MB from the registry. */
async function whyNot(): Promise<string | undefined> {
  if (!process.env.QWEN_TEST_ALL_TARGETS) {
    return "all eight targets are built only with QWEN_TEST_ALL_TARGETS=1";
  }
  const destination = join(temporaryDirectory(), "bun");
  try {
    for (const target of TARGETS) {
      await writeRuntime(target, { directory: RUNTIME_DIRECTORY, isOffline: false, destination });
    }
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("cannot download")) {
      return error.message;
    }
    throw error;
  }
}

describe("all eight targets", async () => {
  const reason = await whyNot();

  testUnless(reason)(
    "are the same, byte for byte, when they are built twice",
    () => {
      const command = [process.execPath, "build.ts", "--all", "--check-repro", "--offline"];
      const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd: ROOT });
      expect({ exitCode, stderr: stderr.toString() }).toEqual({ exitCode: 0, stderr: "" });
      const lines = stdout.toString().trim().split("\n");
      expect(lines.map((line) => line.replace(/[0-9a-f]{64}$/, "SHA256"))).toEqual(
        TARGETS.map(({ id }) => `same ${id}: SHA256`),
      );
    },
    TIMEOUT_MS,
  );

  testUnless(reason)(
    "pass every check and make one release",
    async () => {
      const out = temporaryDirectory();
      const runtimes = { directory: RUNTIME_DIRECTORY, isOffline: true };
      await compileBinaries(TARGETS, { out, stamp: STAMP, runtimes });
      const packing = {
        out,
        stamp: STAMP,
        installer: INSTALLER,
        hasOfflineBundle: true,
        hasPackages: false,
        share: SHARE,
      };
      const directory = packRelease(TARGETS, packing);
      const { targets } = JSON.parse(readFileSync(join(directory, "manifest.json"), "utf8"));
      const sums = readFileSync(join(directory, "SHA256SUMS"), "utf8");
      expect(Object.keys(targets)).toEqual(TARGETS.map(({ id }) => id));
      for (const target of TARGETS) {
        const { id } = target;
        const archive = sha256(readFileSync(join(directory, archiveName(target))));
        const binary = sha256(readFileSync(join(out, id, binaryName(target))));
        expect(targets[id]).toMatchObject({ sha256: archive, binary_sha256: binary });
        expect(sums).toContain(`${archive}  ${archiveName(target)}\n`);
      }
    },
    TIMEOUT_MS,
  );
});
