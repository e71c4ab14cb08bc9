import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileBinaries } from "../../build/binaries.ts";
import type { Stamp } from "../../build/project.ts";
import { packRelease } from "../../build/release.ts";
import { hostTarget, type Target } from "../../build/targets.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

export const STAMP: Stamp = { commit: "c0ffee", epoch: Date.UTC(2026, 0, 2) / 1000 };

export const SHARE = [{ name: "man/qwen.1", mode: 0o644, content: Buffer.from(".TH QWEN 1\n") }];

/** As much of install.sh as the release fills in. */
export const INSTALLER = `#!/bin/sh
{
  QWEN_DEFAULT_REPO=''
  QWEN_DEFAULT_VERSION='latest'
  QWEN_DEFAULT_SUMS=''
}
`;

export const noHost =
  hostTarget() === undefined ? "there is no target for this machine" : undefined;

export function host(): Target {
  const target = hostTarget();
  if (target === undefined) {
    throw new Error("there is no target for this machine");
  }
  return target;
}

/** Compiles this machine's target with the Bun that runs the tests, into a new directory. */
export async function compiled(): Promise<string> {
  const out = temporaryDirectory();
  await compileBinaries([host()], { out, stamp: STAMP, runtimes: undefined });
  return out;
}

/** Packs what was compiled, and reads the files of the release. */
export function packed(out: string): ReadonlyMap<string, Buffer<ArrayBuffer>> {
  const directory = packRelease([host()], {
    out,
    stamp: STAMP,
    installer: INSTALLER,
    hasOfflineBundle: true,
    hasPackages: false,
    share: SHARE,
  });
  const names = [...new Bun.Glob("*").scanSync(directory)].sort();
  return new Map(names.map((name) => [name, readFileSync(join(directory, name))]));
}
