/** The `code` of an error of the operating system (`ENOENT`), if it is one. */
export function systemErrorCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

const MEANINGS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  ENOENT: "no such file or directory",
  ENOTDIR: "a part of the path is not a directory",
  EISDIR: "it is a directory",
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  ELOOP: "too many levels of links",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many open files",
  EIO: "input/output error",
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
