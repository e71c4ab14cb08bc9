import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The checkout. */
export const ROOT = resolve(import.meta.dir, "..");

type Manifest = {
  readonly version: string;
  readonly license: string;
  readonly packageManager: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly qwen: {
    readonly repository: string;
    readonly npmPackage: string;
    readonly bunSha512: Readonly<Record<string, string>>;
  };
};

const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

export const VERSION = manifest.version;
export const LICENSE = manifest.license;
/** `owner/name`, or empty while there is no public home. */
export const REPOSITORY = manifest.qwen.repository;
/** `@scope/name`, or empty while nothing is published to npm. */
export const NPM_PACKAGE = manifest.qwen.npmPackage;
export const BUN_VERSION = manifest.packageManager.replace("bun@", "");
export const BUN_SHA512 = manifest.qwen.bunSha512;
export const DEPENDENCIES = Object.keys(manifest.dependencies);

/** What a build says of its sources, so that the same sources give the same bytes anywhere. */
export type Stamp = {
  /** A full hash, with `-modified` behind it when tracked files differ; or `unknown`. */
  readonly commit: string;
  /** Seconds since 1970: the time of the commit, or `SOURCE_DATE_EPOCH`. */
  readonly epoch: number;
};

/** From `QWEN_COMMIT` and `SOURCE_DATE_EPOCH` where git is not there, as in a source archive. */
export function readStamp(): Stamp {
  const described = git("describe", "--always", "--abbrev=40", "--exclude=*", "--dirty=-modified");
  const epoch = process.env.SOURCE_DATE_EPOCH || git("log", "-1", "--format=%ct") || "0";
  if (!/^\d{1,11}$/.test(epoch)) {
    throw new Error("SOURCE_DATE_EPOCH is not a number of seconds");
  }
  return { commit: process.env.QWEN_COMMIT || described || "unknown", epoch: Number(epoch) };
}

/** The same for a release, which must not be another one without anybody noticing. */
export function readReleaseStamp(): Stamp {
  const stamp = readStamp();
  if (stamp.commit === "unknown" || stamp.epoch === 0) {
    throw new Error(
      "the commit and its time are not known here: set QWEN_COMMIT and SOURCE_DATE_EPOCH to `commit` and `source_date_epoch` of the manifest",
    );
  }
  return stamp;
}

/** What git prints; nothing where there is no git, or the sources are no checkout. */
function git(...args: readonly string[]): string {
  try {
    const { success, stdout } = Bun.spawnSync(["git", "-C", ROOT, ...args], {
      stderr: "ignore",
      env: { ...process.env, GIT_CEILING_DIRECTORIES: resolve(ROOT, "..") },
    });
    return success ? stdout.toString().trim() : "";
  } catch {
    return "";
  }
}
