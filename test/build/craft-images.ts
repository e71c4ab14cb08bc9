/** Small executables without code, with just what the checks look at. */

const PAGE = 4096;

/** As the bundler ends the code that it embeds. */
export const PROGRAM = "x\n---- Bun! ----\n";

/** A Mach-O file for x64 of code, what Bun embeds, and hardly any room for a signature. */
export function craftMachO({
  library = "/usr/lib/libSystem.B.dylib",
  payload = PROGRAM,
  macos = 13,
} = {}): Buffer {
  const [code, embedded, linkedit] = [PAGE, 2 * PAGE, 3 * PAGE];
  const commands = [
    segment("__TEXT", 0, embedded),
    segment("__BUN", embedded, PAGE),
    segment("__LINKEDIT", linkedit, 64 + 16),
    loadLibrary(library),
    words(0x1d, 16, linkedit + 64, 16),
    words(0x32, 24, 1, macos << 16, macos << 16, 0),
  ];
  const header = words(0xfeedfacf, 0x01000007, 3, 2, commands.length, 0, 0, 0);
  const file = Buffer.alloc(linkedit + 64 + 16);
  Buffer.concat([header, ...commands]).copy(file);
  file.fill(0xcc, code, embedded);
  file.write(payload, embedded);
  return file;
}

function words(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) {
    buffer.writeUInt32LE(value, 4 * index);
  }
  return buffer;
}

function segment(name: string, offset: number, size: number): Buffer {
  const command = Buffer.alloc(72);
  words(0x19, 72).copy(command);
  command.write(name, 8);
  command.writeBigUInt64LE(BigInt(size), 32);
  command.writeBigUInt64LE(BigInt(offset), 40);
  command.writeBigUInt64LE(BigInt(size), 48);
  return command;
}

function loadLibrary(name: string): Buffer {
  const command = Buffer.alloc(24 + Math.ceil((name.length + 1) / 8) * 8);
  words(0xc, command.length, 24).copy(command);
  command.write(name, 24);
  return command;
}

/** A PE file for x64 with two sections: imports, and what Bun embeds. */
export function craftPe({ library = "KERNEL32.dll", payload = PROGRAM } = {}): Buffer {
  const [header, optional, sections] = [0x80, 0x98, 0x98 + 240];
  const file = Buffer.alloc(3 * PAGE);
  file.write("MZ");
  file.writeUInt32LE(header, 0x3c);
  file.write("PE\0\0", header);
  file.writeUInt16LE(0x8664, header + 4);
  file.writeUInt16LE(2, header + 6);
  file.writeUInt16LE(240, header + 20);
  file.writeUInt16LE(0x20b, optional);
  file.writeUInt32LE(0x10000, optional + 120);
  file.write(".rdata", sections);
  words(PAGE, 0x10000, PAGE, PAGE).copy(file, sections + 8);
  file.write(".bun", sections + 40);
  words(payload.length, 0x20000, PAGE, 2 * PAGE).copy(file, sections + 48);
  file.writeUInt32LE(0x10100, PAGE + 12); // The one import descriptor: where its name is.
  file.write(library, PAGE + 0x100);
  file.write(payload, 2 * PAGE);
  return file;
}

/**
 * An ELF file with a loader, needed libraries, symbol versions and a `.bun` section; addresses are
 * offsets.
 */
export function craftElf({
  machine = 62,
  interpreter = "/lib64/ld-linux-x86-64.so.2",
  libraries = ["libc.so.6"],
  version = "GLIBC_2.17",
  payload = PROGRAM,
}: Partial<{
  machine: number;
  interpreter: string;
  libraries: readonly string[];
  version: string;
  payload: string;
}> = {}): Buffer {
  const [programs, loader, dynamic, strings, verneed] = [0x40, 0x200, 0x300, 0x500, 0x800];
  const [names, sections, embedded] = [0x900, 0xa00, PAGE];
  const file = Buffer.alloc(3 * PAGE);
  const table = ["", version, ...libraries];
  const offsetOf = (name: string) => `${table.slice(0, table.indexOf(name)).join("\0")}\0`.length;
  file.write("\u007fELF\u0002\u0001\u0001", 0, "latin1");
  file.writeUInt16LE(machine, 18);
  writeLongs(file, 32, [programs, sections]);
  for (const [at, value] of [
    [54, 56],
    [56, 3],
    [58, 64],
    [60, 3],
    [62, 1],
  ] as const) {
    file.writeUInt16LE(value, at);
  }
  const tags = [
    ...libraries.map((name) => [1, offsetOf(name)]),
    [5, strings],
    [0x6ffffffe, verneed],
    [0x6fffffff, 1],
    [0, 0],
  ];
  for (const [index, [type, offset, size]] of [
    [1, 0, file.length] as const,
    [2, dynamic, 16 * tags.length] as const,
    [3, loader, interpreter.length] as const,
  ].entries()) {
    const at = programs + 56 * index;
    file.writeUInt32LE(type, at);
    writeLongs(file, at + 8, [offset, offset, offset, size]);
  }
  file.write(interpreter, loader);
  writeLongs(file, dynamic, tags.flat());
  file.write(table.join("\0"), strings);
  words(0x10001, 0, 16, 0, 0, 0, offsetOf(version), 0).copy(file, verneed);
  file.write("\0.names\0.bun", names);
  writeLongs(file, sections + 64 + 24, [names]);
  file.writeUInt32LE(1, sections + 64);
  file.writeUInt32LE(8, sections + 128);
  writeLongs(file, sections + 128 + 24, [embedded, payload.length]);
  file.write(payload, embedded);
  return file;
}

function writeLongs(file: Buffer, start: number, values: readonly number[]): void {
  for (const [index, value] of values.entries()) {
    file.writeBigUInt64LE(BigInt(value), start + 8 * index);
  }
}
