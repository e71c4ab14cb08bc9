import { createParser } from "eventsource-parser";
import { lastWords } from "./stray-words.ts";

export type EventReader = {
  /** The data of every event that is complete with these bytes. */
  readonly push: (bytes: Uint8Array) => readonly string[];
  /** The data of a last event that no blank line ends. */
  readonly end: () => readonly string[];
  /** What lines that are none of a stream say (`lastWords`). */
  readonly stray: () => string | undefined;
};

/** Characters; the lines of a longer event, too. */
const LONGEST_EVENT = 64 * 1024 * 1024;
/** Characters; a longer line is no event of any model but a broken server. */
const LONGEST_LINE = 8 * 1024 * 1024;
/** Those of an error that stands there as a page, or as JSON with a field a line. */
const MOST_STRAY_LINES = 100;

/**
 * Takes server-sent events out of bytes as they arrive. The only importer of `eventsource-parser`,
 * which knows the line rules; added are the last event without a blank line and limits for a line
 * and an event that never end. Event names are left out: every protocol here says in the data what it is.
 * @throws RangeError for a line over 8 MiB, an event over 64 MiB
 */
export function createEventReader(): EventReader {
  const decoder = new TextDecoder();
  let events: string[] = [];
  /** The beginning of a line that is not complete: the parser would lose one that is no field. */
  let begun: string[] = [];
  let openLine = 0;
  let openEvent = 0;
  let strayLines: string[] = [];
  const parser = createParser({
    onEvent: ({ data }) => events.push(data),
    onError: ({ line }) => {
      strayLines = [...strayLines.slice(-MOST_STRAY_LINES), ...(line === undefined ? [] : [line])];
    },
  });
  const feed = (text: string): readonly string[] => {
    events = [];
    const lastFeed = text.lastIndexOf("\n");
    const lastBreak = lastFeed + 1 + text.slice(lastFeed + 1).lastIndexOf("\r");
    openLine = lastBreak === -1 ? openLine + text.length : text.length - lastBreak - 1;
    if (openLine > LONGEST_LINE) {
      throw new RangeError("a line of the stream is longer than 8 MiB");
    }
    if (lastBreak === -1) {
      begun.push(text);
    } else {
      // Only the line that was begun is put together: the rest is a copy of many lines less.
      const first = begun.length === 0 ? 0 : text.indexOf("\n") + 1 || lastBreak + 1;
      parser.feed(begun.join("") + text.slice(0, first));
      parser.feed(text.slice(first, lastBreak + 1));
      begun = [text.slice(lastBreak + 1)];
    }
    openEvent = events.length === 0 ? openEvent + text.length : 0;
    if (openEvent > LONGEST_EVENT) {
      throw new RangeError("an event of the stream is longer than 64 MiB");
    }
    return events;
  };
  return {
    push: (bytes) => feed(decoder.decode(bytes, { stream: true })),
    end: () => feed(`${decoder.decode()}\n\n`),
    stray: () => lastWords(strayLines),
  };
}
