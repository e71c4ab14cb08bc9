import { isJsonObject, type JsonObject } from "../lib/json/json-object.ts";
import type {
  StreamEvent,
  StreamFailure,
  StreamReader,
  WireEvent,
  WireReader,
} from "./chat-event.ts";
import { finishEvent, isFinishWord } from "./finish-word.ts";
import { foreignFailure, type Speaker, speakerOf } from "./foreign-answer.ts";
import { carriesNothing, errorOf, eventIn, isDone, looksLikeJson } from "./read-json.ts";
import { createThoughtSplitter, type ThoughtSplitter } from "./split-thoughts.ts";
import { strayFailure } from "./stray-words.ts";

/** What is known of an answer while it arrives. */
type State = {
  readonly wire: WireReader;
  readonly thoughts: ThoughtSplitter;
  progress: "open" | "finished" | "done";
  /** Text, reasoning or a tool call came. */
  hasSaid: boolean;
  /** Text or a tool call came. */
  hasAnswered: boolean;
  /** The end of the answer is known to be good. */
  hasEnd: boolean;
  contentCount: number;
  /** A finish reason that came too early to count, unless the stream ends without another one. */
  early: StreamEvent | undefined;
  /** The last data that were words instead of JSON. */
  words: string | undefined;
  /** Whose protocol the first event is of that tells. */
  speaker: Speaker | undefined;
};

/**
 * The rules for the end of an answer, the same for every protocol (`spec/protocols.md`, "End of an
 * answer"): what carries nothing is passed over, a part of the answer behind a finish reason opens
 * it again, and nothing unreadable behind a complete answer can spoil it.
 */
export function readAnswer(wire: WireReader): StreamReader {
  const thoughts = createThoughtSplitter();
  const state: State = {
    wire,
    thoughts,
    progress: "open",
    hasSaid: false,
    hasAnswered: false,
    hasEnd: false,
    contentCount: 0,
    early: undefined,
    words: undefined,
    speaker: undefined,
  };
  return {
    afterwordMs: wire.afterwordMs,
    progress: () => state.progress,
    contentCount: () => state.contentCount,
    held: thoughts.end,
    read: (data) => readData(state, data),
    end: ({ isWhole, stray }) => {
      const isGood = state.progress !== "open" || state.early !== undefined || isWhole;
      const rest = isGood ? close(state) : thoughts.end();
      return state.hasEnd ? rest : [...rest, endedEarly(state, stray)];
    },
  };
}

function readData(state: State, data: string): readonly StreamEvent[] {
  if (state.progress === "done" || carriesNothing(data)) {
    return [];
  }
  if (isDone(data)) {
    return close(state);
  }
  const event = eventIn(data);
  if (event !== undefined) {
    return isJsonObject(event)
      ? readObject(state, event)
      : event.flatMap((each) => readObject(state, each));
  }
  if (state.progress === "open" && looksLikeJson(data)) {
    return [...state.thoughts.end(), MALFORMED];
  }
  state.words = data;
  return [];
}

const MALFORMED: StreamFailure = {
  kind: "failure",
  reason: "malformed",
  message: "an event of the stream is not valid JSON",
};

function readObject(state: State, event: JsonObject): readonly StreamEvent[] {
  if (state.progress === "done") {
    return [];
  }
  if (!state.hasSaid) {
    state.speaker ??= speakerOf(event);
  }
  const failure = errorOf(event);
  const told = readEvents(state, state.wire.read(event), failure);
  return failure === undefined || state.progress !== "open"
    ? told
    : [...told, ...state.thoughts.end(), failure];
}

/** Nothing follows: what is left, and the finish reason that did not count before. */
function close(state: State): readonly StreamEvent[] {
  const calls = state.wire.openCalls();
  const early = state.early === undefined ? [] : [state.early];
  state.hasSaid ||= calls.length > 0;
  state.hasEnd ||= state.hasSaid || early.length > 0;
  state.early = undefined;
  state.progress = "done";
  return [...state.thoughts.end(), ...calls, ...early];
}

function readEvents(
  state: State,
  events: readonly WireEvent[],
  failure: StreamFailure | undefined,
): readonly StreamEvent[] {
  const told: StreamEvent[] = [];
  for (const event of events) {
    switch (event.kind) {
      case "text-delta":
        goOn(state);
        state.hasSaid = true;
        state.hasAnswered = true;
        told.push(...state.thoughts.push(event.text));
        break;
      case "reasoning-delta":
        goOn(state);
        state.hasSaid = true;
        told.push(...state.thoughts.stop(), event);
        break;
      case "tool-call":
        goOn(state);
        state.hasSaid = true;
        state.hasAnswered = true;
        told.push(...state.thoughts.end(), event);
        break;
      case "piece":
        goOn(state);
        break;
      case "usage":
        told.push(event);
        break;
      case "finish-word":
        // With an error beside it, that is the reason.
        told.push(...(failure === undefined ? finish(state, event, events) : []));
        break;
      case "complete":
        state.hasEnd = state.hasSaid;
        state.progress = state.hasSaid ? "finished" : state.progress;
        break;
      case "end":
        told.push(...close(state));
        break;
      case "failure":
        told.push(...(state.progress === "open" ? [...state.thoughts.end(), event] : []));
        break;
    }
  }
  return told;
}

/** A part of the answer came: whatever ended it before did not. */
function goOn(state: State): void {
  state.contentCount += 1;
  state.progress = "open";
  state.hasEnd = false;
  state.early = undefined;
}

type FinishWord = Extract<WireEvent, { readonly kind: "finish-word" }>;

/**
 * A finish reason. One beside reasoning alone, or before any text or tool call, comes from a proxy
 * that stamps every event, or from a tool that the service itself runs: the answer is still to come.
 */
function finish(
  state: State,
  { word, reason }: FinishWord,
  beside: readonly WireEvent[],
): readonly StreamEvent[] {
  if (!isFinishWord(word) || state.progress !== "open") {
    return [];
  }
  const event = finishEvent({ word, reason, hasAnswered: state.hasAnswered });
  if (event.kind === "failure") {
    return [...state.thoughts.end(), event];
  }
  const answers = beside.some(({ kind }) => kind === "text-delta" || kind === "tool-call");
  const reasons = beside.some(({ kind }) => kind === "reasoning-delta");
  if (!state.hasAnswered || (reasons && !answers)) {
    state.early = event;
    return [];
  }
  state.early = undefined;
  state.progress = "finished";
  state.hasEnd = true;
  return [...state.thoughts.end(), event];
}

function endedEarly(state: State, stray: string | undefined): StreamFailure {
  const { hasSaid, words, speaker, wire } = state;
  const early = {
    kind: "failure",
    reason: "ended-early",
    message: hasSaid
      ? "the stream ended without a finish reason"
      : "the stream ended without an answer",
  } as const;
  const foreign = { speaker, own: wire.protocol };
  return strayFailure(words ?? stray, hasSaid ? early : foreignFailure(foreign, early));
}
