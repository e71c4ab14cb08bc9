import type { Image } from "./image.ts";

const MACHINES: Readonly<Record<number, string>> = { 62: "x64", 183: "arm64" };

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;

const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_VERNEED = 0x6ffffffe;
const DT_VERNEEDNUM = 0x6fffffff;

type Segment = {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
};

/** Reads a 64-bit little-endian ELF file; throws where it is not one. */
export function readElf(file: Buffer): Image {
  if (file.readUInt16BE(4) !== 0x0201) {
    throw new Error("it is not a 64-bit little-endian ELF file");
  }
  const segments = readSegments(file);
  const interpreter = segments.find(({ type }) => type === PT_INTERP);
  const dynamic = readDynamic(file, segments);
  const strings = offsetOf(segments, dynamic.find(([tag]) => tag === DT_STRTAB)?.[1]);
  const needed = dynamic.filter(([tag]) => tag === DT_NEEDED);
  return {
    format: "elf",
    arch: MACHINES[file.readUInt16LE(18)] ?? "unknown",
    interpreter: interpreter && text(file, interpreter.offset),
    needed: needed.map(([, offset]) => text(file, strings + offset)),
    versions: readVersions(file, { segments, dynamic, strings }),
    end: Math.max(0, ...segments.map(({ offset, size }) => offset + size)),
    payload: readSection(file, ".bun"),
  };
}

function readSegments(file: Buffer): Segment[] {
  const start = Number(file.readBigUInt64LE(32));
  const size = file.readUInt16LE(54);
  return Array.from({ length: file.readUInt16LE(56) }, (_, index) => {
    const at = start + index * size;
    return {
      type: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: Number(file.readBigUInt64LE(at + 16)),
      size: Number(file.readBigUInt64LE(at + 32)),
    };
  });
}

/** The pairs of tag and value of the dynamic section. */
function readDynamic(file: Buffer, segments: readonly Segment[]): (readonly [number, number])[] {
  const segment = segments.find(({ type }) => type === PT_DYNAMIC);
  if (segment === undefined) {
    return [];
  }
  return Array.from({ length: segment.size / 16 }, (_, index) => {
    const at = segment.offset + index * 16;
    return [Number(file.readBigUInt64LE(at)), Number(file.readBigUInt64LE(at + 8))] as const;
  });
}

function offsetOf(segments: readonly Segment[], address = 0): number {
  const segment = segments.find(
    ({ type, address: start, size }) =>
      type === PT_LOAD && address >= start && address < start + size,
  );
  return segment === undefined ? 0 : address - segment.address + segment.offset;
}

type Linking = {
  readonly segments: readonly Segment[];
  readonly dynamic: readonly (readonly [number, number])[];
  readonly strings: number;
};

/** The symbol versions that the file asks its libraries for, such as `GLIBC_2.17`. */
function readVersions(file: Buffer, { segments, dynamic, strings }: Linking): string[] {
  const address = dynamic.find(([tag]) => tag === DT_VERNEED)?.[1];
  const libraries = dynamic.find(([tag]) => tag === DT_VERNEEDNUM)?.[1] ?? 0;
  const versions = new Set<string>();
  let library = offsetOf(segments, address);
  for (let count = 0; count < libraries; count += 1) {
    let version = library + file.readUInt32LE(library + 8);
    for (let left = file.readUInt16LE(library + 2); left > 0; left -= 1) {
      versions.add(text(file, strings + file.readUInt32LE(version + 8)));
      version += file.readUInt32LE(version + 12);
    }
    library += file.readUInt32LE(library + 12);
  }
  return [...versions].sort();
}

function readSection(file: Buffer, name: string): Buffer | undefined {
  const start = Number(file.readBigUInt64LE(40));
  const size = file.readUInt16LE(58);
  const headers = Array.from({ length: file.readUInt16LE(60) }, (_, index) => start + index * size);
  const names = headers[file.readUInt16LE(62)];
  if (names === undefined) {
    return undefined;
  }
  const strings = Number(file.readBigUInt64LE(names + 24));
  const found = headers.find((at) => text(file, strings + file.readUInt32LE(at)) === name);
  if (found === undefined) {
    return undefined;
  }
  const offset = Number(file.readBigUInt64LE(found + 24));
  return file.subarray(offset, offset + Number(file.readBigUInt64LE(found + 32)));
}

function text(file: Buffer, offset: number): string {
  return file.toString("latin1", offset, file.indexOf(0, offset));
}
