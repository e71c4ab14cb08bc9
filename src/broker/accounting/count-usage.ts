import { decompress } from "../../http/decompress.ts";
import { parseJson } from "../../lib/json/parse-json.ts";
import { createUsageEvents } from "./usage-events.ts";
import { addUsage, type TokenUsage, type UsageFields, usageOf } from "./usage-fields.ts";

export type UsageCounter = {
  /** Looks at what came, and keeps a copy of what it still needs; returns at once. */
  readonly push: (bytes: Uint8Array) => void;
  /** What the answer told of its tokens; `undefined`: nothing that is understood. */
  readonly end: () => Promise<TokenUsage | undefined>;
};

/** A whole answer that is longer says nothing of its tokens that is worth its memory. */
const LONGEST_DOCUMENT = 4 * 1024 * 1024;

/** Counts the tokens of an answer by a copy of its body (`spec/broker.md` §6). */
export function createUsageCounter(headers: Headers): UsageCounter {
  const type = headers.get("content-type") ?? "";
  if (!/event-stream|json/i.test(type)) {
    return NOTHING_COUNTED;
  }
  const reader = /event-stream/i.test(type) ? readEvents() : readDocument();
  const coding = headers.get("content-encoding");
  return coding === null || coding === "identity"
    ? plainCounter(reader)
    : packedCounter(reader, coding);
}

/** What is neither events nor JSON is not kept to be looked through. */
const NOTHING_COUNTED: UsageCounter = { push: () => undefined, end: async () => undefined };

/** Takes content as it comes; throws for what cannot be read. */
type ContentReader = {
  readonly push: (bytes: Uint8Array) => void;
  readonly end: () => TokenUsage | undefined;
};

function plainCounter(reader: ContentReader): UsageCounter {
  let isReadable = true;
  const attempt = <Result>(action: () => Result): Result | undefined => {
    try {
      return isReadable ? action() : undefined;
    } catch {
      isReadable = false;
      return undefined;
    }
  };
  return {
    push: (bytes) => attempt(() => reader.push(bytes)),
    end: async () => attempt(() => reader.end()),
  };
}

/** Unpacks a copy beside the answer, which does not wait for it. */
function packedCounter(reader: ContentReader, coding: string): UsageCounter {
  const { push, end, pieces } = queue();
  const counting = (async () => {
    for await (const bytes of decompress(pieces, coding)) {
      reader.push(bytes);
    }
    return reader.end();
  })().catch(() => undefined);
  return {
    push,
    end: () => {
      end();
      return counting;
    },
  };
}

function queue() {
  const waiting: Uint8Array[] = [];
  let isAtEnd = false;
  let wake = Promise.withResolvers<void>();
  const look = (): void => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  async function* take(): AsyncGenerator<Uint8Array> {
    while (!isAtEnd || waiting.length > 0) {
      const next = waiting.shift();
      if (next === undefined) {
        await wake.promise;
      } else {
        yield next;
      }
    }
  }
  return {
    pieces: take(),
    push: (bytes: Uint8Array): void => {
      waiting.push(bytes.slice());
      look();
    },
    end: (): void => {
      isAtEnd = true;
      look();
    },
  };
}

function readEvents(): ContentReader {
  const events = createUsageEvents();
  let fields: UsageFields = {};
  const read = (all: readonly string[]): void => {
    fields = all.reduce((known, data) => addUsage(known, parseJson(data)), fields);
  };
  return {
    push: (bytes) => read(events.push(bytes)),
    end: () => {
      read(events.end());
      return usageOf(fields);
    },
  };
}

function readDocument(): ContentReader {
  const pieces: Uint8Array[] = [];
  let length = 0;
  return {
    push: (bytes) => {
      length += bytes.length;
      if (length > LONGEST_DOCUMENT) {
        pieces.length = 0;
      } else {
        pieces.push(bytes.slice());
      }
    },
    end: () => {
      const document = parseJson(Buffer.concat(pieces).toString("utf8"));
      // Gemini's stream without `alt=sse` is an array.
      const events: readonly unknown[] = Array.isArray(document) ? document : [document];
      return usageOf(events.reduce<UsageFields>(addUsage, {}));
    },
  };
}
