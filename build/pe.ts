import type { Image } from "./image.ts";

const MACHINES: Readonly<Record<number, string>> = { 34404: "x64", 43620: "arm64" };

type Section = {
  readonly name: string;
  readonly address: number;
  /** In memory. */
  readonly size: number;
  /** In the file. */
  readonly fileSize: number;
  readonly offset: number;
};

/** Reads a 64-bit PE file; throws where it is not one. */
export function readPe(file: Buffer): Image {
  const header = file.readUInt32LE(0x3c);
  const optional = header + 24;
  if (file.toString("latin1", header, header + 4) !== "PE\0\0") {
    throw new Error("it has no PE header");
  }
  if (file.readUInt16LE(optional) !== 0x20b) {
    throw new Error("it is not a 64-bit PE file");
  }
  const sections = readSections(file, {
    start: optional + file.readUInt16LE(header + 20),
    count: file.readUInt16LE(header + 6),
  });
  const payload = sections.find(({ name }) => name === ".bun");
  return {
    format: "pe",
    arch: MACHINES[file.readUInt16LE(header + 4)] ?? "unknown",
    interpreter: undefined,
    needed: readImports(file, sections, file.readUInt32LE(optional + 120)),
    versions: [],
    end: Math.max(0, ...sections.map(({ offset, fileSize }) => offset + fileSize)),
    payload: payload && file.subarray(payload.offset, payload.offset + payload.size),
  };
}

function readSections(
  file: Buffer,
  { start, count }: { readonly start: number; readonly count: number },
): Section[] {
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * 40;
    return {
      name: file.toString("latin1", at, at + 8).replace(/\0+$/, ""),
      size: file.readUInt32LE(at + 8),
      address: file.readUInt32LE(at + 12),
      fileSize: file.readUInt32LE(at + 16),
      offset: file.readUInt32LE(at + 20),
    };
  });
}

/** The names of the DLLs, in small letters: Windows does not tell them apart. */
function readImports(file: Buffer, sections: readonly Section[], address: number): string[] {
  const names: string[] = [];
  for (let at = offsetOf(sections, address); ; at += 20) {
    const name = file.readUInt32LE(at + 12);
    if (name === 0) {
      return names;
    }
    const start = offsetOf(sections, name);
    names.push(file.toString("latin1", start, file.indexOf(0, start)).toLowerCase());
  }
}

function offsetOf(sections: readonly Section[], address: number): number {
  const section = sections.find(
    ({ address: start, size }) => address >= start && address < start + size,
  );
  if (section === undefined) {
    throw new Error("its import table leads nowhere");
  }
  return address - section.address + section.offset;
}
