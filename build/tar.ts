import type { ArchiveEntry } from "./archive-entry.ts";

const BLOCK = 512;

/**
 * A ustar archive of regular files. `Bun.Archive` writes the time of the build and mode 0644 into
 * every entry and takes neither as an option; Node has no writer at all.
 */
export function writeTar(entries: readonly ArchiveEntry[], mtime: number): Buffer<ArrayBuffer> {
  const blocks = entries.flatMap(({ name, mode, content }) => [
    header(name, { mode, mtime, size: content.length }),
    content,
    Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

type Attributes = { readonly mode: number; readonly mtime: number; readonly size: number };

/** Owner 0 without a name: what a file was on the building machine says nothing. */
function header(name: string, { mode, mtime, size }: Attributes): Buffer {
  if (Buffer.byteLength(name) > 100) {
    throw new Error(`Cannot archive ${JSON.stringify(name)}: the name is longer than 100 bytes`);
  }
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, "0");
  block.write(name, 0);
  block.write(octal(mode, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(mtime, 12), 136);
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\u000000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 7)}\u0000 `, 148);
  return block;
}
