import { createHash } from "node:crypto";
import type { Image } from "./image.ts";

const MACHINES: Readonly<Record<number, string>> = { 16777223: "x64", 16777228: "arm64" };

const LC_LOAD_DYLIB = 0xc;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;
const LC_BUILD_VERSION = 0x32;

const HEADER_SIZE = 32;
export const EMBEDDED_SIGNATURE = 0xfade0cc0;
export const CODE_DIRECTORY = 0xfade0c02;
export const SHA256 = 2;

/** What the program is called in its signature, whoever signs it; the bundler says `a.out`. */
export const IDENTIFIER = "qwen";

/** Where the parts of a 64-bit Mach-O file are that its signature is about. */
export type MachO = {
  readonly arch: string;
  readonly needed: readonly string[];
  readonly segments: ReadonlyMap<string, Segment>;
  /** The oldest macOS that takes the file. */
  readonly macos: string | undefined;
  /** `at` is the offset of its load command. */
  readonly signature:
    | { readonly at: number; readonly offset: number; readonly size: number }
    | undefined;
};

type Segment = {
  /** The offset of its load command. */
  readonly at: number;
  readonly offset: number;
  readonly size: number;
};

/** Reads the load commands of a 64-bit little-endian Mach-O file. */
export function parseMachO(file: Buffer): MachO {
  const segments = new Map<string, Segment>();
  const needed: string[] = [];
  let signature: MachO["signature"];
  let macos: string | undefined;
  let at = HEADER_SIZE;
  for (let left = file.readUInt32LE(16); left > 0; left -= 1) {
    switch (file.readUInt32LE(at)) {
      case LC_SEGMENT_64:
        segments.set(text(file, at + 8), {
          at,
          offset: Number(file.readBigUInt64LE(at + 40)),
          size: Number(file.readBigUInt64LE(at + 48)),
        });
        break;
      case LC_LOAD_DYLIB:
        needed.push(text(file, at + file.readUInt32LE(at + 8)));
        break;
      case LC_CODE_SIGNATURE:
        signature = { at, offset: file.readUInt32LE(at + 8), size: file.readUInt32LE(at + 12) };
        break;
      case LC_BUILD_VERSION:
        macos = `${file.readUInt16LE(at + 14)}.${file.readUInt8(at + 13)}`;
        break;
      default:
    }
    at += file.readUInt32LE(at + 4);
  }
  const arch = MACHINES[file.readUInt32LE(4)] ?? "unknown";
  return { arch, needed, segments, signature, macos };
}

export function readMachO(file: Buffer): Image {
  const { arch, needed, segments, macos } = parseMachO(file);
  const payload = segments.get("__BUN");
  return {
    format: "mach-o",
    arch,
    interpreter: undefined,
    needed,
    versions: [],
    ...(macos !== undefined && { macos }),
    end: Math.max(0, ...[...segments.values()].map(({ offset, size }) => offset + size)),
    payload: payload && file.subarray(payload.offset, payload.offset + payload.size),
  };
}

/**
 * Says why macOS would kill the program: it checks every page that it loads against the hashes of
 * the code directory. `undefined` when the signature covers the whole file by the name of the
 * program, and every hash is right.
 */
export function signatureProblem(file: Buffer): string | undefined {
  const { signature } = parseMachO(file);
  if (signature === undefined) {
    return "has no code signature";
  }
  const blob = file.subarray(signature.offset, signature.offset + signature.size);
  const directory = findCodeDirectory(blob);
  if (directory === undefined) {
    return "has a code signature without a code directory";
  }
  const limit = directory.readUInt32BE(32);
  if (limit !== signature.offset) {
    return `has a code signature of ${limit} bytes, not of all ${signature.offset}`;
  }
  if (directory[37] !== SHA256) {
    return "has a code signature whose hashes are not SHA-256";
  }
  const identifier = text(directory, directory.readUInt32BE(20));
  if (identifier !== IDENTIFIER) {
    return `is signed as ${identifier}, not ${IDENTIFIER}`;
  }
  const bad = countBadPages(file, directory);
  return bad === 0 ? undefined : `has ${bad} pages that do not match its code signature`;
}

function findCodeDirectory(blob: Buffer): Buffer | undefined {
  if (blob.length < 12 || blob.readUInt32BE(0) !== EMBEDDED_SIGNATURE) {
    return undefined;
  }
  const offsets = Array.from({ length: blob.readUInt32BE(8) }, (_, index) =>
    blob.readUInt32BE(16 + 8 * index),
  );
  const offset = offsets.find((start) => blob.readUInt32BE(start) === CODE_DIRECTORY);
  return offset === undefined ? undefined : blob.subarray(offset);
}

function countBadPages(file: Buffer, directory: Buffer): number {
  const hashes = directory.readUInt32BE(16);
  const pages = hashPages(file.subarray(0, directory.readUInt32BE(32)), 1 << (directory[39] ?? 0));
  if (pages.length !== directory.readUInt32BE(28)) {
    return pages.length;
  }
  return pages.filter((hash, page) => {
    const start = hashes + page * hash.length;
    return directory.compare(hash, 0, hash.length, start, start + hash.length) !== 0;
  }).length;
}

/** The SHA-256 of every page; the last may be shorter. */
export function hashPages(content: Buffer, pageSize: number): Buffer[] {
  return Array.from({ length: Math.ceil(content.length / pageSize) }, (_, page) => {
    const start = page * pageSize;
    return createHash("sha256")
      .update(content.subarray(start, start + pageSize))
      .digest();
  });
}

/** Segment names have 16 bytes; those that are looked for here are shorter. */
function text(file: Buffer, offset: number): string {
  return file.toString("latin1", offset, file.indexOf(0, offset));
}
