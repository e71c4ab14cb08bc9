import {
  CODE_DIRECTORY,
  EMBEDDED_SIGNATURE,
  hashPages,
  IDENTIFIER,
  parseMachO,
  SHA256,
} from "./mach-o.ts";

const PAGE_BITS = 12;
const PAGE_SIZE = 1 << PAGE_BITS;
const HASH_SIZE = 32;

const SUPER_BLOB_SIZE = 20;
const DIRECTORY_SIZE = 88;
const DIRECTORY_VERSION = 0x20400;
const AD_HOC_BY_LINKER = 0x20002;
const MAIN_BINARY = 1n;
const NAME = Buffer.from(`${IDENTIFIER}\0`);

/** What the size of a segment in memory is a multiple of, on either CPU. */
const SEGMENT_ALIGNMENT = 0x4000;

/**
 * Gives a Mach-O file an ad-hoc signature in place of the one it has, as a linker does, by the name
 * of `qwen`: Bun leaves its own in x64 files, which no longer fits once our code is in them, and
 * macOS would kill the program. The result depends on nothing but the file.
 */
export function signMachO(unsigned: Buffer): Buffer {
  const { signature, segments } = parseMachO(unsigned);
  const linkedit = segments.get("__LINKEDIT");
  const code = segments.get("__TEXT");
  if (signature === undefined || linkedit === undefined || code === undefined) {
    throw new Error("it has no place for a code signature");
  }
  const pages = Math.ceil(signature.offset / PAGE_SIZE);
  const directorySize = DIRECTORY_SIZE + NAME.length + pages * HASH_SIZE;
  const size = SUPER_BLOB_SIZE + directorySize;

  // The load commands are on the first page, so they are final before it is hashed.
  const signed = Buffer.alloc(signature.offset + size);
  unsigned.copy(signed, 0, 0, signature.offset);
  const linkeditSize = signed.length - linkedit.offset;
  const inMemory = Math.ceil(linkeditSize / SEGMENT_ALIGNMENT) * SEGMENT_ALIGNMENT;
  signed.writeUInt32LE(size, signature.at + 12);
  signed.writeBigUInt64LE(BigInt(inMemory), linkedit.at + 32);
  signed.writeBigUInt64LE(BigInt(linkeditSize), linkedit.at + 48);

  const blob = signed.subarray(signature.offset);
  blob.writeUInt32BE(EMBEDDED_SIGNATURE, 0);
  blob.writeUInt32BE(size, 4);
  blob.writeUInt32BE(1, 8); // One blob, of type 0: the code directory.
  blob.writeUInt32BE(SUPER_BLOB_SIZE, 16);

  const directory = blob.subarray(SUPER_BLOB_SIZE);
  directory.writeUInt32BE(CODE_DIRECTORY, 0);
  directory.writeUInt32BE(directorySize, 4);
  directory.writeUInt32BE(DIRECTORY_VERSION, 8);
  directory.writeUInt32BE(AD_HOC_BY_LINKER, 12);
  directory.writeUInt32BE(DIRECTORY_SIZE + NAME.length, 16);
  directory.writeUInt32BE(DIRECTORY_SIZE, 20);
  directory.writeUInt32BE(pages, 28);
  directory.writeUInt32BE(signature.offset, 32);
  directory.set([HASH_SIZE, SHA256, 0, PAGE_BITS], 36);
  directory.writeBigUInt64BE(BigInt(code.offset), 64);
  directory.writeBigUInt64BE(BigInt(code.size), 72);
  directory.writeBigUInt64BE(MAIN_BINARY, 80);
  NAME.copy(directory, DIRECTORY_SIZE);
  const hashes = hashPages(signed.subarray(0, signature.offset), PAGE_SIZE);
  Buffer.concat(hashes).copy(directory, DIRECTORY_SIZE + NAME.length);
  return signed;
}
