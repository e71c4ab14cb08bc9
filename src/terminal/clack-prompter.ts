import { type Readable, Transform } from "node:stream";
import { isCancel, password, select } from "@clack/prompts";
import type { Answer, Prompter } from "../runtime.ts";

type Terminal = {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
};

type Streams = { readonly input: Readable; readonly output: NodeJS.WriteStream };

/** What terminals send unasked: mouse and cursor position reports. Readline would type them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence is what is looked for
const REPORT = /\u001b\[(?:<[\d;]*[Mm]|M[\s\S]{3}|\d+;\d+R)/g;

/** The keyboard's bytes without such reports; raw mode still is the terminal's own. */
function withoutReports(terminal: NodeJS.ReadStream): Readable {
  const filter = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      done(null, Buffer.from(chunk.toString("latin1").replace(REPORT, ""), "latin1"));
    },
  });
  terminal.pipe(filter);
  return Object.assign(filter, {
    isTTY: true,
    setRawMode: (isRaw: boolean) => terminal.setRawMode(isRaw),
  });
}

type Key = { name?: string; ctrl?: boolean };

/** Prompts over clack, drawn on `output`. The only importer of `@clack/prompts`. */
export function clackPrompter(terminal: Terminal): Pick<Prompter, "select" | "password"> {
  const streams: Streams = { input: withoutReports(terminal.input), output: terminal.output };
  return {
    select: async ({ message, choices }) => {
      const options = choices.map(({ value, label, hint }) =>
        hint === undefined
          ? { value: String(value), label }
          : { value: String(value), label, hint },
      );
      const answer = await ask(streams, (common) => select({ message, ...common, options }));
      const chosen =
        answer.kind === "value" ? choices.find(({ value }) => value === answer.value) : undefined;
      return answer.kind !== "value" || chosen === undefined
        ? { kind: answer.kind === "back" ? "back" : "cancelled" }
        : { kind: "value", value: chosen.value };
    },
    password: ({ message, validate }) =>
      ask(streams, (common) =>
        password({ message, mask: "*", ...common, validate: (value) => validate(value ?? "") }),
      ),
  };
}

/**
 * Asks once. Clack answers Esc and Ctrl+C alike, so which of the two it was is read from the key;
 * Ctrl+D, which would end readline without an answer, cancels; a line feed submits like Enter, so
 * that a key pasted with its line end works.
 */
async function ask(
  { input, output }: Streams,
  prompt: (options: Streams & { signal: AbortSignal }) => Promise<string | symbol>,
): Promise<Answer<string>> {
  const controller = new AbortController();
  let isEscape = false;
  const watch = (_text: string | undefined, key?: Key): void => {
    isEscape = key?.name === "escape";
    if (key?.name === "enter") {
      key.name = "return";
    }
    if (key?.ctrl === true && key.name === "d") {
      controller.abort();
    }
  };
  input.on("keypress", watch);
  try {
    const answer = await prompt({ input, output, signal: controller.signal });
    if (typeof answer === "symbol" || isCancel(answer)) {
      return isEscape ? { kind: "back" } : { kind: "cancelled" };
    }
    return { kind: "value", value: answer };
  } finally {
    input.off("keypress", watch);
  }
}
