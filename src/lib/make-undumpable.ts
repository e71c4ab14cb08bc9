import { dlopen } from "bun:ffi";

const PR_SET_DUMPABLE = 4;

/**
 * Closes this process to others of the same user on Linux: `/proc/PID/environ` and memory are
 * root's from then on, and there is no core dump (prctl(2)). What is started gets neither. Where it
 * cannot be done, nothing happens.
 */
export function makeUndumpable(arch: string): void {
  for (const name of ["libc.so.6", `libc.musl-${arch === "arm64" ? "aarch64" : "x86_64"}.so.1`]) {
    try {
      const { symbols } = dlopen(name, {
        prctl: { args: ["int", "u64", "u64", "u64", "u64"], returns: "int" },
      });
      symbols.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
      return;
    } catch {
      // Not this one.
    }
  }
}
