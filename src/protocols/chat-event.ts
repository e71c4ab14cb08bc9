import type { JsonObject } from "../lib/json/json-object.ts";

/** The languages that services speak. */
export type WireProtocol = "openai" | "anthropic" | "gemini";

/** Tokens, as the server counts them. */
export type Usage = {
  /** All of the prompt, the cached part included. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens?: number;
  /** The part of the output that was reasoning. */
  readonly reasoningTokens?: number;
};

export type FinishReason = "stop" | "length" | "tool-calls" | "content-filter" | "other";

/** What a model says, the same for all three protocols (`spec/protocols.md`). */
export type ChatEvent =
  | { readonly kind: "text-delta"; readonly text: string }
  | { readonly kind: "reasoning-delta"; readonly text: string }
  /** What was told as text so far was reasoning: `mark`, a tag that nothing opened, ends it here. */
  | { readonly kind: "thoughts-end"; readonly mark: string }
  | {
      readonly kind: "tool-call";
      /** Absent where the server gives none. */
      readonly id?: string;
      readonly name: string;
      /** JSON text. */
      readonly arguments: string;
    }
  | { readonly kind: "usage"; readonly usage: Usage }
  | {
      readonly kind: "finish";
      readonly reason: FinishReason;
      /** The server's own word where it is another one; not yet made visible. */
      readonly said?: string;
    };

export type AnswerPart = Exclude<ChatEvent, { readonly kind: "finish" }>;

/** The server broke off inside a stream that had begun well. */
export type StreamFailure = {
  readonly kind: "failure";
  readonly reason:
    | "server-error"
    /** The finish reason says that the answer is not whole. */
    | "broken-off"
    | "blocked"
    | "malformed"
    | "ended-early"
    | "not-an-api";
  /** The server's own words, or what was wrong with the stream; not yet made visible. */
  readonly message: string;
  /** The server's code: `overloaded_error`, `503`. */
  readonly code?: string;
  /** What the server sent, where it told of the error itself. */
  readonly event?: JsonObject;
  /** As those of a `RequestFailure`. */
  readonly says?: string;
  readonly hint?: string;
};

export type StreamEvent = ChatEvent | StreamFailure;

/** What there is to know at the end of a stream beside its events. */
type StreamEnd = {
  /** The answer was a JSON document, which is whole by itself. */
  readonly isWhole: boolean;
  /** The last line that was none of a stream, in case the server said there what is wrong. */
  readonly stray: string | undefined;
};

/** Reads the data of one stream, event by event. */
export type StreamReader = {
  readonly read: (data: string) => readonly StreamEvent[];
  /**
   * `finished`: the answer is complete, unless more of it comes; `done`: nothing follows. A server
   * may leave the connection open then, or cut it.
   */
  readonly progress: () => "open" | "finished" | "done";
  /** Grows with all that is a part of the answer, told or not. */
  readonly contentCount: () => number;
  /** Milliseconds that a finished answer is waited for, should more come. */
  readonly afterwordMs: number;
  /** What was held back, where the stream ends badly. */
  readonly held: () => readonly ChatEvent[];
  /** What the end of the stream tells: the rest, or that it came too early. */
  readonly end: (end: StreamEnd) => readonly StreamEvent[];
};

/** What one protocol makes of an event. */
export type WireEvent =
  | AnswerPart
  | StreamFailure
  | {
      readonly kind: "finish-word";
      readonly word: string;
      /** What it means in this answer, where it is not what it means in all. */
      readonly reason?: FinishReason;
    }
  /** A part of the answer that is told later, or not at all: the arguments of a tool. */
  | { readonly kind: "piece" }
  /** A mark that the answer is complete, without a reason. */
  | { readonly kind: "complete" }
  /** The protocol's own mark that nothing follows. */
  | { readonly kind: "end" };

/** What tells the streams of the protocols apart; the rest is `read-answer.ts`. */
export type WireReader = {
  readonly protocol: WireProtocol;
  readonly read: (event: JsonObject) => readonly WireEvent[];
  /** Tool calls whose end did not come, once nothing follows. */
  readonly openCalls: () => readonly AnswerPart[];
  readonly afterwordMs: number;
};
