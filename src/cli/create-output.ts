import { QwenError } from "../errors.ts";
import type { Shorten } from "../lib/shorten-home.ts";
import { describeSystemError, systemErrorCode } from "../lib/system-error.ts";
import { jsonLine, jsonText } from "../lib/visible-text.ts";
import type { Output, Reveal } from "../runtime.ts";
import type { Redactor } from "../secrets/redact.ts";
import { fits } from "../terminal/fits.ts";
import type { Terminals } from "../terminal/tty.ts";
import type { Words } from "./open-words.ts";

type Stream = { readonly file: Bun.BunFile; readonly descriptor: 1 | 2 };

/** What becomes of a text before it is shown. */
type Look = {
  readonly redactor: Redactor;
  readonly terminals: Terminals;
  readonly shorten: Shorten;
  readonly words: Words;
  readonly isAscii: boolean;
};

/** A standard stream: each kind of text goes through what hides, translates and wraps it. */
export function createOutput(
  stream: Stream,
  { redactor, terminals, shorten, words, isAscii }: Look,
): Output {
  const { descriptor } = stream;
  const forPeople = (text: string): string => shorten(redactor.redact(text));
  const inWords = async (text: string): Promise<string> =>
    (await terminals.isTerminal(descriptor)) ? ((await words())?.(text) ?? text) : text;
  const columns = (): Promise<number | undefined> => terminals.columns(descriptor);
  return {
    isTerminal: () => terminals.isTerminal(descriptor),
    columns,
    inWords,
    isAscii,
    write: async (text, of) => {
      const shown = of === "data" ? forPeople(text) : await inWords(forPeople(text));
      await write(stream, await fitted(shown, await columns()));
    },
    writeExact: async (text) => {
      await write(stream, redactor.redact(text));
    },
    writeSecret: async (text, reveal) => {
      const shown = reveal === undefined ? text : disclose(await inWords(forPeople(text)), reveal);
      await write(stream, shown);
    },
    writeJson: async (document, reveal) => {
      const text = jsonText(redactor.redactJson(document));
      await write(stream, reveal === undefined ? text : disclose(text, reveal));
    },
    writeAnswer: (text) => write(stream, redactor.hideSecrets(text)),
    writeJsonLines: (documents, { isAnswer }) => {
      const hide = isAnswer ? redactor.hideSecretsInJson : redactor.redactJson;
      return write(stream, documents.map((each) => jsonLine(hide(each))).join(""));
    },
  };
}

/** Text for people as it fits on their screen; what wraps is loaded for what does not. */
async function fitted(text: string, columns: number | undefined): Promise<string> {
  if (columns === undefined || text.split("\n").every((line) => fits(line, columns))) {
    return text;
  }
  return (await import("../terminal/wrap-text.ts")).wrapText(text, columns);
}

function disclose(text: string, { placeholder, secret }: Reveal): string {
  return text.replaceAll(placeholder, () => secret);
}

/**
 * Whether anybody reads.
 * @throws QwenError when standard output takes no more, though somebody does
 */
async function write({ file, descriptor }: Stream, text: string): Promise<boolean> {
  if (text === "") {
    // Bun would empty the file that a shell redirects to.
    return true;
  }
  try {
    await Bun.write(file, text);
    return true;
  } catch (error) {
    const isGone = systemErrorCode(error) === "EPIPE";
    if (!isGone && descriptor === 1) {
      throw new QwenError(`Cannot write to standard output: ${describeSystemError(error)}`, {
        code: "output-failed",
        cause: error,
      });
    }
    return false;
  }
}
