import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import type { QwenError } from "../../errors.ts";
import { isDirectory } from "./inspect-file.ts";
import { writeFailure } from "./write-failure.ts";
import {
  findWriteTarget,
  throwIfNotWritable,
  throwIfProtected,
  type Writable,
} from "./write-target.ts";

/** The failure that a write would end in, as far as it can be known without writing anything. */
export function findObstacle(file: Writable, uid: number | undefined): QwenError | undefined {
  let realPath = file.path;
  try {
    const target = findWriteTarget(file, uid);
    realPath = target.realPath;
    throwIfProtected(target);
    const directory = dirname(realPath);
    throwIfNotWritable(directory);
    if (isDirectory(directory)) {
      throwIfFull(directory, uid);
    }
    return undefined;
  } catch (error) {
    return writeFailure(file, realPath, error);
  }
}

/** Some space is kept for root; file systems that count nothing have no blocks, or no files. */
function throwIfFull(directory: string, uid: number | undefined): void {
  const { blocks, bavail, bfree, files, ffree } = statfsSync(directory);
  const free = uid === 0 ? bfree : bavail;
  if ((blocks > 0 && free <= 0) || (files > 0 && ffree <= 0)) {
    throw Object.assign(new Error("no space is left"), { code: "ENOSPC" });
  }
}
