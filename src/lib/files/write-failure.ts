import { accessSync, constants } from "node:fs";
import { dirname } from "node:path";
import { QwenError } from "../../errors.ts";
import { describeSystemError, systemErrorCode } from "../system-error.ts";
import { LockError } from "./lock-file.ts";
import { isMountPoint } from "./mount-point.ts";
import { cannot, type Writable } from "./write-target.ts";

type Place = {
  /** What a link leads to, or the path itself. */
  readonly file: string;
  readonly directory: string;
  readonly isLinked: boolean;
  /** Whether the file is mounted by itself, read-only: then its directory has no say. */
  readonly isMountedReadOnly: boolean;
  /** What else can be done, for a sentence that has begun. */
  readonly elsewhere: string;
};

/** What helps, by the code of the system: one imperative line each. */
const HINTS: readonly (readonly [codes: string, hint: (place: Place) => string])[] = [
  [
    "EACCES",
    ({ directory, elsewhere }) => `make \`${directory}\` writable for yourself, or ${elsewhere}`,
  ],
  [
    "EPERM",
    ({ file, directory }) =>
      `clear what protects \`${file}\` or \`${directory}\`, such as an immutable flag (\`lsattr -d\`)`,
  ],
  [
    "EROFS",
    ({ file, directory, isLinked, isMountedReadOnly, elsewhere }) => {
      if (isMountedReadOnly) {
        return `mount \`${file}\` so that it can be written, or ${elsewhere}`;
      }
      return isLinked
        ? `change \`${file}\` where it is made, or put a file of your own in place of the link`
        : `make \`${directory}\` writable, or ${elsewhere}`;
    },
  ],
  ["ENOSPC", ({ directory }) => `free some space on the disk of \`${directory}\``],
  ["EDQUOT", ({ directory }) => `free some of your quota on the disk of \`${directory}\``],
  ["EFBIG", () => "raise the limit on the size of files (`ulimit -f`)"],
  ["EBUSY EXDEV", ({ directory }) => `mount the directory \`${directory}\`, not the single file`],
  ["ETXTBSY", ({ file }) => `end the program that runs from \`${file}\``],
  [
    "EEXIST ENOTDIR ENOTEMPTY",
    ({ directory, elsewhere }) => `make \`${directory}\` a directory, or ${elsewhere}`,
  ],
  ["EISDIR", ({ file }) => `remove the directory \`${file}\``],
  ["ENOENT", ({ directory }) => `check that \`${directory}\` exists and can be written`],
  ["ELOOP", ({ file }) => `correct the links that lead to \`${file}\``],
  ["ENAMETOOLONG", ({ elsewhere }) => elsewhere],
  ["EMFILE", () => "raise the limit on open files (`ulimit -n`)"],
  ["ENFILE ENOMEM EAGAIN EINTR", () => "end other programs, and run the command again"],
  [
    "EIO EUCLEAN ENODEV ENXIO",
    ({ directory }) => `check the disk of \`${directory}\` (\`dmesg\` may say more)`,
  ],
  [
    "ESTALE ENOTCONN ETIMEDOUT",
    ({ directory }) => `mount the file system of \`${directory}\` again`,
  ],
  [
    "EINVAL EMLINK ENOSYS ENOTSUP EOPNOTSUPP EFAULT",
    ({ directory, elsewhere }) => `check the file system of \`${directory}\`, or ${elsewhere}`,
  ],
];

/**
 * What a person reads when the system refuses a write or a removal: the reason, and a hint that
 * fits it. What is no answer of the system or a lock is thrown on.
 */
export function writeFailure(file: Writable, realPath: string, cause: unknown): QwenError {
  const { path, confinedTo } = file;
  if (cause instanceof QwenError) {
    return cause;
  }
  const code = systemErrorCode(cause);
  const isLock = cause instanceof LockError;
  if (!isLock && code === undefined) {
    throw cause;
  }
  const isLinked = realPath !== path;
  const what = isLinked ? `\`${path}\` (it leads to \`${realPath}\`)` : `\`${path}\``;
  return new QwenError(`${cannot(file, what)}: ${describeSystemError(cause)}`, {
    code: "write-failed",
    hint: isLock
      ? "remove what stands there, when no program uses it"
      : hintFor(code ?? "", {
          file: realPath,
          directory: dirname(realPath),
          isLinked,
          isMountedReadOnly: isMountPoint(realPath) && isReadOnly(realPath),
          elsewhere:
            confinedTo === undefined
              ? "point QWEN_HOME to another directory"
              : "leave out `--scope project`",
        }),
    cause,
  });
}

function hintFor(code: string, place: Place): string {
  const [, hint] = HINTS.find(([codes]) => codes.split(" ").includes(code)) ?? [];
  return hint?.(place) ?? `check the file system of \`${place.directory}\``;
}

function isReadOnly(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return false;
  } catch (error) {
    return systemErrorCode(error) === "EROFS";
  }
}
