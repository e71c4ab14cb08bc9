import { type ModelField, modelFieldOf } from "./choose-model.ts";

/**
 * What a text of a JSON body is: the name of a field that may have to do with the model, the model,
 * one that is tried after it, or neither.
 */
export type TextRole = "key" | "model" | "fallback" | "other";

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
const NO_LIST = "what is tried after it is no list of models";
export const NO_OBJECT = "the body is no JSON object";

/** Of `null`, which says nothing. */
const NULL = 0x6e;

/** Where the outermost list of models is, and an object in it. */
const IN_LIST = 2;
const IN_ENTRY = 3;

/** Between the fields of an object, and between their names and values. */
type Fields = { isValue: boolean; isFirst: boolean; field: ModelField; name: string };

/**
 * Follows the form of JSON as far as it tells which texts are models: that of the outermost object,
 * and those that it lists to be tried after it, as texts or as objects. Brackets of both kinds are
 * alike but for those.
 * @param onUnread told why a model cannot be told, perhaps more than once
 */
export function createBodyPlace(onUnread: (why: string) => void): BodyPlace {
  let depth = 0;
  let isBegun = false;
  let outer = noFields();
  let entry = noFields();
  const isInList = (at: number): boolean => depth === at && outer.field === "list";
  const here = (): Fields | undefined => {
    if (depth === 1) {
      return outer;
    }
    return isInList(IN_ENTRY) ? entry : undefined;
  };
  const textRole = (): TextRole => {
    if (isInList(IN_LIST)) {
      return "fallback";
    }
    const fields = here();
    if (fields === undefined || fields.isValue) {
      const isModel = fields?.field === "model";
      return isModel ? (depth === 1 ? "model" : "fallback") : "other";
    }
    return "key";
  };
  /** What of a list is neither a text nor the beginning of an entry nor between them. */
  const lookIntoList = (byte: number): void => {
    const isEntry = isInList(IN_LIST) && byte === OPEN;
    const isDeeper = byte === OPEN || byte === OPEN_LIST;
    const isPlain = byte === QUOTE || byte === COMMA || byte === CLOSE_LIST;
    if (isInList(IN_LIST) ? !(isEntry || isPlain) : isInList(IN_ENTRY) && isDeeper) {
      onUnread(NO_LIST);
    }
    if (isEntry) {
      entry = noFields();
    }
  };
  const nest = (byte: number): void => {
    if (byte === OPEN || byte === OPEN_LIST) {
      isBegun = true;
      outer = depth === 0 ? noFields() : outer;
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
    const fields = here();
    const why = fields && turn(fields, byte);
    if (why !== undefined) {
      onUnread(why);
    }
    lookIntoList(byte);
    if (byte === QUOTE) {
      return textRole();
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
      const fields = here();
      if (fields !== undefined) {
        fields.field = modelFieldOf(key);
        fields.name = key.toLowerCase();
      }
    },
    isAtEnd: () => isBegun && depth === 0,
  };
}

function noFields(): Fields {
  return { isValue: false, isFirst: false, field: "other", name: "" };
}

/** Goes on in an object; gives why what begins there does not tell a model. */
function turn(fields: Fields, byte: number): string | undefined {
  if (byte === COLON || byte === COMMA) {
    fields.isValue = byte === COLON;
    fields.isFirst = fields.isValue;
    fields.field = fields.isValue ? fields.field : "other";
    return undefined;
  }
  const why = fields.isValue ? whyUnread(fields, byte) : undefined;
  if (why === NO_LIST) {
    fields.field = "other";
  }
  fields.isFirst = false;
  return why;
}

/** Why a value that begins with this byte, or goes on with it, tells no model of its field. */
function whyUnread({ field, name, isFirst }: Fields, byte: number): string | undefined {
  if (field === "model") {
    return byte === QUOTE || byte === CLOSE ? undefined : NO_TEXT;
  }
  if (field === "other" || !isFirst || byte === NULL) {
    return undefined;
  }
  if (field === "list") {
    return byte === OPEN_LIST ? undefined : NO_LIST;
  }
  return `"${name}" lets the service choose another one`;
}
