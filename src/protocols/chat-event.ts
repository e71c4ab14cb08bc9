import type { JsonObject } from "../lib/json-object.ts";

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
      /** The server's own word for `other`; not yet made visible. */
      readonly said?: string;
    };

/** The server broke off inside a stream that had begun well. */
export type StreamFailure = {
  readonly kind: "failure";
  readonly reason: "server-error" | "blocked" | "malformed" | "ended-early" | "not-an-api";
  /** The server's own words, or what was wrong with the stream; not yet made visible. */
  readonly message: string;
  /** The server's code: `overloaded_error`, `503`. */
  readonly code?: string;
  /** What the server sent, where it told of the error itself. */
  readonly event?: JsonObject;
};

export type StreamEvent = ChatEvent | StreamFailure;

/** Reads the data of one stream, event by event. */
export type StreamReader = {
  readonly read: (data: string) => readonly StreamEvent[];
  /**
   * `finished`: the answer is complete, though a count of tokens may follow; `done`: nothing
   * follows. A server may leave the connection open then, or cut it.
   */
  readonly progress: () => "open" | "finished" | "done";
  /** What the end of the stream tells: nothing, or that it came too early. */
  readonly end: () => readonly StreamEvent[];
};
