/** What frames and lists are drawn with; each takes one cell. */
export type Signs = {
  readonly bar: string;
  readonly rule: string;
  readonly cross: string;
  readonly bullet: string;
  readonly prompt: string;
};

export const SIGNS: Signs = { bar: "│", rule: "─", cross: "┼", bullet: "•", prompt: "›" };

/** The same for terminals that draw the others two cells wide, or not at all: `--ascii`. */
export const ASCII_SIGNS: Signs = { bar: "|", rule: "-", cross: "+", bullet: "*", prompt: ">" };
