import { crc32 } from "node:zlib";
import type { ArchiveEntry } from "./archive-entry.ts";

/** 1980-01-01 00:00, the first moment that the format knows. */
const DOS_DATE = 0x0021;
const DOS_TIME = 0;
const UNIX = 3;
const DEFLATED = 8;
/** Version 2.0 of the format: deflate. */
const VERSION = 20;

type Member = {
  readonly name: Buffer;
  readonly mode: number;
  readonly sum: number;
  readonly size: number;
  readonly packed: Uint8Array;
  readonly offset: number;
};

/** A zip archive of regular files, each deflated. Neither Bun nor Node can write one. */
export function writeZip(entries: readonly ArchiveEntry[]): Buffer<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const members: Member[] = [];
  let offset = 0;
  for (const { name, mode, content } of entries) {
    const packed = Bun.deflateSync(content, { level: 9, library: "libdeflate" });
    const sum = crc32(content);
    const member = { name: Buffer.from(name), mode, sum, size: content.length, packed, offset };
    const head = localHeader(member);
    parts.push(head, packed);
    members.push(member);
    offset += head.length + packed.length;
  }
  const directory = Buffer.concat(members.map(directoryEntry));
  return Buffer.concat([...parts, directory, endRecord(members.length, directory, offset)]);
}

/** What the local header and the directory have in common, from the version on. */
function description({ name, sum, size, packed }: Member): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(VERSION, 0);
  fields.writeUInt16LE(DEFLATED, 4);
  fields.writeUInt16LE(DOS_TIME, 6);
  fields.writeUInt16LE(DOS_DATE, 8);
  fields.writeUInt32LE(sum, 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(size, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function localHeader(member: Member): Buffer {
  return Buffer.concat([Buffer.from("PK\u0003\u0004"), description(member), member.name]);
}

function directoryEntry(member: Member): Buffer {
  const madeBy = Buffer.from([VERSION, UNIX]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(((0o100000 | member.mode) << 16) >>> 0, 6);
  rest.writeUInt32LE(member.offset, 10);
  const signature = Buffer.from("PK\u0001\u0002");
  return Buffer.concat([signature, madeBy, description(member), rest, member.name]);
}

function endRecord(count: number, directory: Buffer, offset: number): Buffer {
  const record = Buffer.alloc(22);
  record.write("PK\u0005\u0006", 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(directory.length, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}
