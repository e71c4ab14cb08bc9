import { createEventReader } from "../../protocols/server-sent-events.ts";

export type UsageEvents = {
  /** The data of those complete events that may tell of tokens, and perhaps of some beside them. */
  readonly push: (bytes: Uint8Array) => readonly string[];
  /** The same of what no blank line ends. */
  readonly end: () => readonly string[];
};

/** Bytes of one event. */
const LONGEST_EVENT = 8 * 1024 * 1024;

/** Bytes that a blank line may take, but for one. */
const EDGE = 2;

/**
 * Takes out of a stream what tells of tokens. Nearly all events are pieces of text: bytes are looked
 * through for a word, and only what holds it is read, so that an answer of any length passes without
 * becoming text in memory.
 * @throws RangeError for an event over 8 MiB
 */
export function createUsageEvents(): UsageEvents {
  const reader = createEventReader();
  /** The beginning of an event that is not complete, in copies: pieces are lent for a moment. */
  let open: Uint8Array[] = [];
  let length = 0;
  /** What it ends with: a blank line may lie on both sides of a seam. */
  let edge: Buffer = NOTHING;
  const take = (last: Uint8Array): readonly string[] => {
    const whole = open.length === 0 ? bufferOf(last) : Buffer.concat([...open, last]);
    open = [];
    length = 0;
    edge = NOTHING;
    return speaksOfUsage(whole) ? reader.push(whole) : [];
  };
  /** What is open is put together with its own end alone: the rest is looked through in place. */
  const takeAll = (bytes: Uint8Array, end: number): readonly string[] => {
    const first = open.length === 0 ? 0 : endOfFirst(bytes, edge);
    const found = first === 0 ? [] : take(bytes.subarray(0, first));
    return first === end ? found : [...found, ...take(bytes.subarray(first, end))];
  };
  return {
    push: (bytes) => {
      // Nearly all services send each event in a piece of its own.
      if (open.length === 0 && endsWithBlankLine(bytes)) {
        return take(bytes);
      }
      if (length > 0 && length + bytes.length > LONGEST_EVENT) {
        throw new RangeError("an event of the stream is longer than 8 MiB");
      }
      const end = endOfEvents(bytes, edge);
      const found = end === 0 ? [] : takeAll(bytes, end);
      if (end < bytes.length) {
        const rest = bytes.slice(end);
        edge = lastOf(open.length === 0 ? rest : Buffer.concat([edge, lastOf(rest)]));
        open.push(rest);
        length += rest.length;
      }
      return found;
    },
    end: () => [...take(new Uint8Array()), ...reader.end()],
  };
}

const NOTHING = Buffer.alloc(0);

/** As bytes: text is made into bytes anew for each search, which takes ten times as long. */
const BLANK_LINES = ["\n\n", "\n\r\n", "\r\r"].map((line) => Buffer.from(line));

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

function endsWithBlankLine(bytes: Uint8Array): boolean {
  const last = bytes.at(-1);
  const before = bytes.at(-2);
  return last === LINE_FEED
    ? before === LINE_FEED || (before === CARRIAGE_RETURN && bytes.at(-3) === LINE_FEED)
    : last === CARRIAGE_RETURN && before === CARRIAGE_RETURN;
}

/** Where the last event ends that is complete; 0: none does. */
function endOfEvents(bytes: Uint8Array, edge: Buffer): number {
  return endOfLast(bufferOf(bytes)) || endAtSeam(bytes, edge);
}

/** Where the event ends that was open, of several that do. */
function endOfFirst(bytes: Uint8Array, edge: Buffer): number {
  const all = bufferOf(bytes);
  const ends = BLANK_LINES.flatMap((line) => {
    const at = all.indexOf(line);
    return at === -1 ? [] : [at + line.length];
  });
  return endAtSeam(bytes, edge) || Math.min(...ends);
}

/** The end of a blank line that began with the piece before; 0: there is none. */
function endAtSeam(bytes: Uint8Array, edge: Buffer): number {
  const end = endOfLast(Buffer.concat([edge, bytes.subarray(0, EDGE)]));
  return Math.max(0, end - edge.length);
}

function lastOf(bytes: Uint8Array): Buffer {
  return bufferOf(bytes.slice(-EDGE));
}

function endOfLast(bytes: Buffer): number {
  const ends = BLANK_LINES.map((line) => {
    const at = bytes.lastIndexOf(line);
    return at === -1 ? 0 : at + line.length;
  });
  return Math.max(...ends);
}

const WORD = Buffer.from('"usage');
/** Many services say in every event that there is nothing to be told yet. */
const TELLS_NOTHING = /^"usage"\s*:\s*null/;
const LONGEST_NOTHING = 32;

function speaksOfUsage(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(WORD); at !== -1; at = bytes.indexOf(WORD, at + 1)) {
    if (!TELLS_NOTHING.test(bytes.toString("latin1", at, at + LONGEST_NOTHING))) {
      return true;
    }
  }
  return false;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
