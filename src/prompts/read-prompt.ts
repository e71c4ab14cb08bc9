import { UsageError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";

const LIMITS = { maxBytes: 10 * 1024 * 1024, timeoutMs: 600_000 } as const;
/** A program that starts `qwen` may leave its own standard input open and silent. */
const FIRST_BYTE_MS = 1000;

type Reading = {
  readonly tell: (line: string) => Promise<void>;
  /** Why no session was opened, if something forbids it. */
  readonly noSession: string | undefined;
};

/**
 * What to ask: the prompt, what comes on standard input, or both (`spec/cli.md`, "Streams").
 * @throws UsageError when there is neither
 */
export async function readPrompt(
  { stdin }: Pick<Runtime, "stdin">,
  given: string | undefined,
  { tell, noSession }: Reading,
): Promise<string> {
  const isTerminal = await stdin.isTerminal();
  if (given === undefined) {
    const text = isTerminal ? "" : await stdin.readAll(LIMITS);
    if (text.trim() === "") {
      const isRefused = isTerminal && noSession !== undefined;
      const message = isRefused
        ? `Cannot open a session: ${noSession}`
        : "Cannot ask nothing: there is no prompt";
      throw new UsageError(message, {
        code: "missing-input",
        hint: 'write `qwen "your question"`, or pipe the question in',
      });
    }
    return withoutLineEnd(text);
  }
  if (isTerminal) {
    return given;
  }
  const text = await stdin.readIfAny({ ...LIMITS, firstByteMs: FIRST_BYTE_MS });
  if (text === undefined) {
    await tell("standard input is left alone: nothing came on it within 1 s");
    return given;
  }
  return text.trim() === "" ? given : `${given}\n\n${withoutLineEnd(text)}`;
}

function withoutLineEnd(text: string): string {
  return text.replace(/^\ufeff/, "").replace(/[\r\n]+$/, "");
}
