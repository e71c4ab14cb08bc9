import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { QwenError } from "../../errors.ts";
import { describeSystemError } from "../../lib/system-error.ts";
import type { Env } from "../../runtime.ts";
import type { RecipeFile } from "./recipe.ts";

type Place = {
  readonly env: Env;
  /** `~/.qwen` */
  readonly qwenHome: string;
};

export type RunDirectory = {
  readonly path: string;
  /** @throws QwenError when the system refuses */
  readonly write: (files: readonly RecipeFile[]) => void;
  readonly remove: () => void;
};

/** For a tool that needs no files. */
export const NO_DIRECTORY: RunDirectory = {
  path: "",
  write: () => undefined,
  remove: () => undefined,
};

const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/**
 * A directory of this run alone, closed to others (`spec/broker.md` §2): below
 * `$XDG_RUNTIME_DIR`, else below `~/.qwen/run`, else where temporary files go.
 * @throws QwenError when none of them takes one
 */
export function makeRunDirectory({ env, qwenHome }: Place): RunDirectory {
  const parents = [env.XDG_RUNTIME_DIR, join(qwenHome, "run"), env.TMPDIR || "/tmp"];
  let failure: unknown;
  for (const parent of parents) {
    if (parent === undefined || !parent.startsWith("/")) {
      continue;
    }
    try {
      mkdirSync(parent, { recursive: true, mode: PRIVATE_DIRECTORY });
      const path = mkdtempSync(join(parent, "run-"));
      chmodSync(path, PRIVATE_DIRECTORY);
      return directoryAt(path);
    } catch (error) {
      failure = error;
    }
  }
  throw cannot(failure);
}

function directoryAt(path: string): RunDirectory {
  return {
    path,
    write: (files) => {
      try {
        for (const file of files) {
          const target = join(path, file.path);
          mkdirSync(dirname(target), { recursive: true, mode: PRIVATE_DIRECTORY });
          writeFileSync(target, JSON.stringify(file.content), { mode: PRIVATE_FILE, flag: "wx" });
        }
      } catch (error) {
        rmSync(path, { recursive: true, force: true });
        throw cannot(error);
      }
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

function cannot(error: unknown): QwenError {
  return new QwenError(`Cannot write the files of this run: ${describeSystemError(error)}`, {
    code: "write-failed",
    hint: "set `XDG_RUNTIME_DIR` or `TMPDIR` to a directory of yours",
    cause: error,
  });
}
