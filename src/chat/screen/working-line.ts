/** What goes on while nothing new is to be seen. */
export type Work =
  | { readonly kind: "waiting"; readonly model: string }
  | { readonly kind: "thinking" }
  | { readonly kind: "writing" }
  | {
      readonly kind: "retrying";
      readonly attempt: number;
      readonly of: number;
      readonly why: string;
      /** When, in milliseconds since the epoch. */
      readonly at: number;
    };

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] as const;

/** Milliseconds of a picture of the spinner. */
export const FRAME_MS = 100;

type Since = {
  readonly now: number;
  /** When the question was asked. */
  readonly startedAt: number;
  /** What stops it: `Esc stops`. */
  readonly stop: string;
};

/** `⠙ thinking · 12 s · Esc stops` */
export function workingLine(work: Work, { now, startedAt, stop }: Since): string {
  const elapsed = now - startedAt;
  const frame = FRAMES[Math.floor(elapsed / FRAME_MS) % FRAMES.length];
  return `${frame} ${describe(work, now)} · ${Math.floor(elapsed / 1000)} s · ${stop}`;
}

function describe(work: Work, now: number): string {
  switch (work.kind) {
    case "waiting":
      return `waiting for ${work.model}`;
    case "thinking":
      return "thinking";
    case "writing":
      return "writing";
    case "retrying": {
      const left = Math.ceil((work.at - now) / 1000);
      const when = left > 0 ? ` in ${left} s` : "";
      return `trying again${when} (${work.attempt} of ${work.of}): ${work.why}`;
    }
  }
}
