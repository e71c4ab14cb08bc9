/** Where a value stands in a text. */
type Span = { readonly start: number; readonly end: number };

export type BodyModel = {
  readonly model: string;
  /** The same body with another model in it, and nothing else changed. */
  readonly replaced: (model: string) => Uint8Array<ArrayBuffer>;
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * The `model` of a JSON body, which may be the beginning of one: the field of the outermost object
 * alone, since messages hold such words as well. Bytes are compared, so that numbers and escapes of
 * the rest stay as they are. `undefined`: there is none, or it is no text.
 */
export function modelOfBody(body: Uint8Array): BodyModel | undefined {
  const spans = modelSpans(body);
  // Readers take the last of several fields of one name, or the first: all become the same.
  const texts = spans.map(({ start, end }) => textAt(body, { start, end }));
  const model = texts.at(-1);
  if (model === undefined) {
    return undefined;
  }
  return { model, replaced: (wanted) => replaceSpans(body, spans, JSON.stringify(wanted)) };
}

function textAt(body: Uint8Array, { start, end }: Span): string | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body.subarray(start, end)));
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

function replaceSpans(
  body: Uint8Array,
  spans: readonly Span[],
  text: string,
): Uint8Array<ArrayBuffer> {
  const value = new TextEncoder().encode(text);
  const parts: Uint8Array[] = [];
  let position = 0;
  for (const { start, end } of spans) {
    parts.push(body.subarray(position, start), value);
    position = end;
  }
  return Buffer.concat([...parts, body.subarray(position)]);
}

/** The texts behind `"model":` in the outermost object. */
function modelSpans(body: Uint8Array): Span[] {
  const spans: Span[] = [];
  let depth = 0;
  let key: string | undefined;
  let isValue = false;
  for (const { sign, ...span } of signs(body)) {
    if (sign !== "text") {
      depth += DEEPER[sign];
      isValue = sign === ":";
    } else if (depth === 1) {
      if (isValue && key === "model") {
        spans.push(span);
      }
      key = isValue ? undefined : textAt(body, span);
    }
  }
  return spans;
}

type Sign = Span & { readonly sign: "{" | "}" | ":" | "," | "text" };

const DEEPER = { "{": 1, "}": -1, ":": 0, ",": 0 } as const;

const SIGNS: Readonly<Record<string, Sign["sign"]>> = {
  "{": "{",
  "[": "{",
  "}": "}",
  "]": "}",
  ":": ":",
  ",": ",",
};

/** What gives JSON its form, and its texts; brackets of both kinds are alike. */
function* signs(body: Uint8Array): Generator<Sign> {
  let at = 0;
  while (at < body.length) {
    const byte = body[at] ?? 0;
    const end = byte === QUOTE ? endOfText(body, at) : at + 1;
    if (end === undefined) {
      return;
    }
    const sign = byte === QUOTE ? "text" : SIGNS[String.fromCharCode(byte)];
    if (sign !== undefined) {
      yield { sign, start: at, end };
    }
    at = end;
  }
}

/** The place behind the closing quote; `undefined`: the body ends before. */
function endOfText(body: Uint8Array, start: number): number | undefined {
  let at = body.indexOf(QUOTE, start + 1);
  while (at !== -1) {
    let backslashes = 0;
    while (body[at - 1 - backslashes] === BACKSLASH) {
      backslashes += 1;
    }
    if (backslashes % 2 === 0) {
      return at + 1;
    }
    at = body.indexOf(QUOTE, at + 1);
  }
  return undefined;
}
