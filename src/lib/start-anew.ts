import { dlopen, ptr } from "bun:ffi";
import { closeSync, writeSync } from "node:fs";

type Start = {
  readonly path: string;
  /** Begins with the name that the process shows. */
  readonly argv: readonly string[];
  /** `x64`, `arm64` */
  readonly arch: string;
  /** Gets the number of the descriptor from which `content` can be read. */
  readonly variable: string;
  /** At most so much as a pipe takes at once. */
  readonly content: Uint8Array;
};

/**
 * Makes this process another one, by execv(2): same number, terminal, descriptors and environment.
 * Bun's own `process.execve` closes the descriptor that is to be handed on. Linux only; returns
 * where it cannot be done, and then nothing has changed.
 */
export function startAnew({ path, argv, arch, variable, content }: Start): void {
  const libc = openLibc(arch);
  if (libc === undefined) {
    return;
  }
  const { pipe, setenv, unsetenv, execv } = libc.symbols;
  const ends = new Int32Array(2);
  if (pipe(ends) !== 0) {
    return;
  }
  const [reader = -1, writer = -1] = ends;
  writeSync(writer, content);
  closeSync(writer);
  const name = cString(variable);
  setenv(name, cString(String(reader)), 1);
  const words = argv.map(cString);
  // One more, which is zero: the end of the list.
  const list = new BigUint64Array(words.length + 1);
  list.set(words.map((word) => BigInt(ptr(word))));
  execv(cString(path), list);
  unsetenv(name);
  closeSync(reader);
}

/** The names of the C library: of glibc, and of musl. */
function openLibc(arch: string) {
  const names = ["libc.so.6", `libc.musl-${arch === "arm64" ? "aarch64" : "x86_64"}.so.1`];
  for (const name of names) {
    try {
      return dlopen(name, {
        pipe: { args: ["ptr"], returns: "int" },
        setenv: { args: ["ptr", "ptr", "int"], returns: "int" },
        unsetenv: { args: ["ptr"], returns: "int" },
        execv: { args: ["ptr", "ptr"], returns: "int" },
      });
    } catch {
      // Not this one.
    }
  }
  return undefined;
}

function cString(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}
