/** What a text of a JSON body is: a name of the outermost object, a model there, or neither. */
export type TextRole = "key" | "model" | "other";

/** Where a walk over a body is, outside of texts. */
export type BodyPlace = {
  /** Goes on from `start` to the next text, behind its quote, or to the end of the bytes. */
  readonly goOn: (bytes: Uint8Array, start: number) => { end: number; role?: TextRole };
  /** What the name was that stood there. */
  readonly onKey: (key: string) => void;
  readonly isAtEnd: () => boolean;
};

const QUOTE = 0x22;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;
const SPACE = 0x20;
/** Of a mark that some writers put before UTF-8. */
const MARK: ReadonlySet<number> = new Set([0xef, 0xbb, 0xbf]);

const NO_TEXT = "it is no text";
export const NO_OBJECT = "the body is no JSON object";

/**
 * Follows the form of JSON as far as it tells which text is the model of the outermost object;
 * brackets of both kinds are alike but for the first one.
 * @param onUnread told why a model cannot be told, perhaps more than once
 */
export function createBodyPlace(onUnread: (why: string) => void): BodyPlace {
  let depth = 0;
  let isBegun = false;
  let isValue = false;
  let isModel = false;
  const textRole = (): TextRole => {
    if (depth !== 1) {
      return "other";
    }
    return isValue ? (isModel ? "model" : "other") : "key";
  };
  /** Between the fields of the outermost object, and between their names and values. */
  const turn = (byte: number): void => {
    if (byte === COLON || byte === COMMA) {
      isValue = byte === COLON;
      isModel = isModel && isValue;
    } else if (isValue && isModel && byte !== CLOSE) {
      onUnread(NO_TEXT);
    }
  };
  const nest = (byte: number): void => {
    if (byte === OPEN || byte === OPEN_LIST) {
      isBegun = true;
      isValue = isValue && depth > 0;
      depth += 1;
    } else if (byte === CLOSE || byte === CLOSE_LIST) {
      depth -= 1;
    }
  };
  const step = (byte: number): TextRole | undefined => {
    if (byte <= SPACE && byte > 0) {
      return undefined;
    }
    // In other encodings than UTF-8, which some services read, every second byte is 0.
    if (byte === 0 || (depth === 0 && byte !== OPEN && !MARK.has(byte))) {
      onUnread(NO_OBJECT);
    }
    if (byte === QUOTE) {
      return textRole();
    }
    if (depth === 1) {
      turn(byte);
    }
    nest(byte);
    return undefined;
  };
  return {
    goOn: (bytes, start) => {
      for (let at = start; at < bytes.length; at += 1) {
        const byte = bytes[at] ?? 0;
        const role = step(byte);
        if (role !== undefined) {
          return { end: at + 1, role };
        }
      }
      return { end: bytes.length };
    },
    onKey: (key) => {
      isModel = key.toLowerCase() === "model";
    },
    isAtEnd: () => isBegun && depth === 0,
  };
}
