import { createBodyPlace, NO_OBJECT, type TextRole } from "./body-place.ts";

export type BodyWalk = {
  /**
   * The same bytes, with what `onModel` gave in the place of a model; a model whose end has not come
   * is held back.
   */
  readonly push: (bytes: Uint8Array) => readonly Uint8Array[];
  /** What was held back of a body that ends too early. */
  readonly end: () => readonly Uint8Array[];
};

/** The model, or one that is tried after it. */
export type ModelRole = "model" | "fallback";

type ModelListener = {
  /** What is to stand there instead; `undefined`: what stands there. */
  readonly onModel: (model: string, role: ModelRole) => string | undefined;
  /** The body says something of its model that cannot be told; perhaps more than once. */
  readonly onUnread: (why: string) => void;
};

/** Bytes of a model, with its quotes and escapes. */
const LONGEST_MODEL = 4096;
/** The same of a name that may have to do with it, each letter written as an escape. */
const LONGEST_KEY = 160;

const TOO_LONG = "it is longer than 4 KiB";
const NO_TEXT = "it is no text of JSON";

/**
 * Looks for the models of a JSON body while it goes by, whatever its length: in fields of the
 * outermost object alone, since messages hold such words as well, and in every one of a name, since
 * readers take the first of several, or the last, and some heed no case. Bytes are compared, so that
 * numbers and escapes of the rest stay as they are.
 */
export function createBodyWalk(told: ModelListener): BodyWalk {
  const place = createBodyPlace(told.onUnread);
  let text: OpenText | undefined;
  /** Goes on in what is open as far as it reaches; gives what goes on of a text that is held. */
  const follow = (open: OpenText, bytes: Uint8Array): Uint8Array[] => {
    const passed = hold(open, bytes, told);
    if (!open.isClosed) {
      return passed;
    }
    text = undefined;
    if (open.role === "key") {
      place.onKey(parseText(open) ?? "");
    }
    return isModel(open.role) ? [...passed, ...modelOf(open, open.role, told)] : passed;
  };
  return {
    push: (bytes) => {
      const passed: Uint8Array[] = [];
      /** Where what has not been passed on begins. */
      let from = 0;
      for (let at = 0; at < bytes.length; ) {
        if (text === undefined) {
          const { end, role } = place.goOn(bytes, at);
          at = end;
          text = role && begin(role);
          if (isModel(role)) {
            passed.push(bytes.subarray(from, at - 1));
            from = at;
          }
        } else {
          const isHeld = isModel(text.role);
          const here = pieceOf(text, bytes, at);
          passed.push(...follow(text, here));
          at += here.length;
          from = isHeld ? at : from;
        }
      }
      passed.push(bytes.subarray(from));
      return passed.filter(({ length }) => length > 0);
    },
    end: () => {
      if (!place.isAtEnd()) {
        told.onUnread(NO_OBJECT);
      }
      return isModel(text?.role) ? (text?.held ?? []) : [];
    },
  };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const QUOTE_BYTES = new Uint8Array([QUOTE]);

/** A text whose end has not come. */
type OpenText = {
  role: TextRole;
  /** What it is told by, in copies: pieces are lent for a moment. */
  readonly held: Uint8Array[];
  length: number;
  /** The next byte belongs to a backslash. */
  isEscaped: boolean;
  isClosed: boolean;
};

function isModel(role: TextRole | undefined): role is ModelRole {
  return role === "model" || role === "fallback";
}

function begin(role: TextRole): OpenText {
  return { role, held: [QUOTE_BYTES], length: 1, isEscaped: false, isClosed: false };
}

/** What of the bytes belongs to a text, its closing quote included. */
function pieceOf(open: OpenText, bytes: Uint8Array, start: number): Uint8Array {
  let at = open.isEscaped ? start + 1 : start;
  while (at < bytes.length && bytes[at] !== QUOTE) {
    at += bytes[at] === BACKSLASH ? 2 : 1;
  }
  open.isClosed = at < bytes.length;
  open.isEscaped = at > bytes.length;
  return bytes.subarray(start, at + 1);
}

/** Keeps what a text is told by. What was held back of a model that is too long goes on. */
function hold(open: OpenText, bytes: Uint8Array, { onUnread }: ModelListener): Uint8Array[] {
  if (open.role === "other") {
    return [];
  }
  open.length += bytes.length;
  const isHeld = isModel(open.role);
  if (open.length <= (isHeld ? LONGEST_MODEL : LONGEST_KEY)) {
    open.held.push(bytes.slice());
    return [];
  }
  open.role = "other";
  if (!isHeld) {
    return [];
  }
  onUnread(TOO_LONG);
  return [...open.held, bytes];
}

/** What goes on in the place of a model. */
function modelOf(
  open: OpenText,
  role: ModelRole,
  { onModel, onUnread }: ModelListener,
): readonly Uint8Array[] {
  const model = parseText(open);
  if (model === undefined) {
    onUnread(NO_TEXT);
    return open.held;
  }
  const other = onModel(model, role);
  return other === undefined ? open.held : [new TextEncoder().encode(JSON.stringify(other))];
}

function parseText({ held }: OpenText): string | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.concat(held).toString("utf8"));
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
