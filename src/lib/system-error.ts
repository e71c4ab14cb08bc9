/** The `code` of an error of the operating system (`ENOENT`), if it is one. */
export function systemErrorCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** Every code that the calls about files are documented to answer, and a few of odd file systems. */
const MEANINGS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EAGAIN: "the system has no room for it just now",
  EBUSY: "it is in use, or a mount point",
  EDQUOT: "the disk quota is used up",
  EEXIST: "something else stands there",
  EFAULT: "the system refused the call",
  EFBIG: "the file would be larger than is allowed",
  EINTR: "the call was interrupted",
  EINVAL: "the file system does not support it",
  EIO: "input/output error",
  EISDIR: "it is a directory",
  ELOOP: "too many levels of links",
  EMFILE: "too many open files",
  EMLINK: "too many links",
  ENAMETOOLONG: "the name is too long",
  ENFILE: "too many open files in the system",
  ENODEV: "there is no such device",
  ENOENT: "no such file or directory",
  ENOMEM: "not enough memory",
  ENOSPC: "no space left on the device",
  ENOSYS: "the file system does not support it",
  ENOTCONN: "the file system does not answer",
  ENOTDIR: "a part of the path is not a directory",
  ENOTEMPTY: "the directory is not empty",
  ENOTSUP: "the file system does not support it",
  ENXIO: "there is no such device",
  EOPNOTSUPP: "the file system does not support it",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
  ESTALE: "the file system of a server is gone",
  ETIMEDOUT: "the file system did not answer in time",
  ETXTBSY: "a program runs from it",
  EUCLEAN: "the file system is damaged",
  EXDEV: "it is on another file system",
};

/** One phrase for people, with the code for searching: `permission denied (EACCES)`. */
export function describeSystemError(error: unknown): string {
  const code = systemErrorCode(error);
  if (code === undefined) {
    return error instanceof Error ? error.message : String(error);
  }
  const meaning = MEANINGS[code];
  return meaning === undefined ? code : `${meaning} (${code})`;
}

/** Whether `call` succeeds; false when it fails with one of the system error `codes`. */
export function succeeds(codes: readonly string[], call: () => void): boolean {
  return (
    unless(codes, () => {
      call();
      return true;
    }) ?? false
  );
}

/** What `call` returns; `undefined` when it fails with one of the system error `codes`. */
export function unless<T>(codes: readonly string[], call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (codes.includes(systemErrorCode(error) ?? "")) {
      return undefined;
    }
    throw error;
  }
}

/** What `call` returns; a signal that comes in its midst is no failure of it. */
export function uninterrupted<T>(call: () => T): T {
  for (;;) {
    try {
      return call();
    } catch (error) {
      if (systemErrorCode(error) !== "EINTR") {
        throw error;
      }
    }
  }
}
