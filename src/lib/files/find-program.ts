import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { absoluteEntries } from "../child-environment.ts";
import { systemErrorCode } from "../system-error.ts";

export type FoundProgram =
  | {
      readonly kind: "program";
      readonly path: string;
      /** With links followed. */
      readonly realPath: string;
    }
  | { readonly kind: "missing" }
  /** Something is there that cannot be run. */
  | { readonly kind: "unfit"; readonly path: string; readonly reason: string };

type Place = {
  readonly cwd: string;
  readonly path: string | undefined;
  readonly platform: string;
};

/**
 * The file that a word names as a program: a path as it is, a name by `PATH`, of which entries that
 * are relative to the working directory do not count.
 */
export function findProgram(word: string, { cwd, path, platform }: Place): FoundProgram {
  if (platform === "win32") {
    const found = Bun.which(word, { cwd, ...(path === undefined ? {} : { PATH: path }) });
    return found === null ? { kind: "missing" } : { kind: "program", path: found, realPath: found };
  }
  if (word.includes("/")) {
    return look(resolve(cwd, word));
  }
  const entries = absoluteEntries(path)
    .split(":")
    .filter((entry) => entry !== "");
  const looked = entries.map((entry) => look(join(entry, word)));
  return (
    looked.find(({ kind }) => kind === "program") ??
    looked.find(({ kind }) => kind === "unfit") ?? { kind: "missing" }
  );
}

function look(path: string): FoundProgram {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) {
      const what = stats.isDirectory() ? "a directory" : "no file";
      return { kind: "unfit", path, reason: `it is ${what}` };
    }
    accessSync(path, constants.X_OK);
    return { kind: "program", path, realPath: realpathSync(path) };
  } catch (error) {
    const code = systemErrorCode(error);
    return code === "EACCES" || code === "EPERM"
      ? { kind: "unfit", path, reason: "it may not be executed" }
      : { kind: "missing" };
  }
}
