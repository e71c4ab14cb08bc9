import { QwenError } from "../errors.ts";
import { visibleText } from "../lib/visible-text.ts";
import type { ChatEvent } from "../protocols/chat-event.ts";
import type { Env, Output, Terminal } from "../runtime.ts";
import type { Style } from "../terminal/style.ts";
import { createAnswerWriter } from "./answer-writer.ts";
import { type Asked, askModel, remarks, type Service } from "./ask-model.ts";
import type { Conversation } from "./conversation.ts";
import { openRenderer } from "./open-renderer.ts";
import { textOf } from "./text-reporter.ts";

/** What became of a question; `text` is the answer as far as it came. */
export type Turn =
  | { readonly kind: "answered"; readonly text: string }
  | { readonly kind: "interrupted"; readonly text: string }
  | { readonly kind: "failed"; readonly text: string; readonly error: QwenError };

type Shown = {
  readonly stdout: Output;
  readonly terminal: Pick<Terminal, "size">;
  readonly style: Style;
  readonly env: Env;
  /** Ends the answer. */
  readonly signal: AbortSignal;
};

/** Milliseconds after which a person is told that the model is still waited for. */
const PATIENCE_MS = 1000;

/**
 * Asks in a session and shows the answer as it arrives: emphasised where the screen has colour,
 * with what it cost in a line below it. Failures are an outcome, and not shown here.
 */
export async function showAnswer(
  service: Service,
  conversation: Conversation,
  { signal, ...place }: Shown,
): Promise<Turn> {
  const screen = createScreen(place);
  let text = "";
  const timer = setTimeout(() => void screen.wait(service.request.model), PATIENCE_MS);
  try {
    const asked = await askModel(service, conversation, {
      signal,
      tell: screen.tell,
      onEvents: async (events) => {
        const { shown, said } = take(events, text);
        text = said;
        await screen.show(shown);
        return true;
      },
    });
    await screen.end([...remarks(asked, service), ...usageLine(asked)]);
    return { kind: "answered", text };
  } catch (error) {
    await screen.end(signal.aborted ? ["interrupted"] : []);
    if (signal.aborted) {
      return { kind: "interrupted", text };
    }
    if (error instanceof QwenError) {
      return { kind: "failed", text, error };
    }
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** What is shown of events, and the answer with them, which holds no thoughts. */
function take(events: readonly ChatEvent[], before: string): { shown: string; said: string } {
  const last = events.findLastIndex(({ kind }) => kind === "thoughts-end");
  const answer = textOf(events.slice(last + 1));
  return { shown: textOf(events), said: last === -1 ? before + answer : answer };
}

type Screen = {
  readonly wait: (model: string) => Promise<void>;
  readonly show: (piece: string) => Promise<void>;
  readonly tell: (line: string) => Promise<void>;
  /** Ends the answer's last line; then the lines. */
  readonly end: (lines: readonly string[]) => Promise<void>;
};

function createScreen({ stdout, terminal, style, env }: Omit<Shown, "signal">): Screen {
  /** What stands in the line of the cursor, and in those above it where the screen is narrow. */
  let waiting = "";
  let hasBegun = false;
  const clearWait = async (): Promise<void> => {
    if (waiting !== "") {
      const above = Math.ceil(Bun.stringWidth(waiting) / terminal.size().columns) - 1;
      waiting = "";
      await stdout.write(`${above === 0 ? "" : `\u001b[${above}A`}\r\u001b[J`);
    }
  };
  // Loaded while the service is asked.
  const opening = openRenderer({ env, style, width: () => terminal.size().columns });
  const writer = createAnswerWriter(opening, async (text) => {
    hasBegun = true;
    await clearWait();
    return stdout.writeAnswer(text.replaceAll("\n", "\r\n"));
  });
  return {
    wait: async (model) => {
      if (!hasBegun) {
        waiting = `waiting for ${visibleText(model)} …`;
        await stdout.writeExact(style.dim(waiting));
      }
    },
    show: async (piece) => {
      await writer.push(piece);
    },
    tell: async (line) => {
      await clearWait();
      await stdout.write(`${style.dim(visibleText(line))}\r\n`);
    },
    end: async (lines) => {
      hasBegun = true;
      await writer.end();
      await clearWait();
      for (const line of lines) {
        await stdout.write(`${style.dim(visibleText(line))}\r\n`);
      }
    },
  };
}

function usageLine({ usage }: Asked): string[] {
  if (usage === undefined) {
    return [];
  }
  const { inputTokens, outputTokens, cachedInputTokens = 0 } = usage;
  const cached = cachedInputTokens === 0 ? "" : ` (${format(cachedInputTokens)} cached)`;
  return [`${format(inputTokens)} tokens in${cached}, ${format(outputTokens)} out`];
}

/** `12,345` */
function format(count: number): string {
  return count.toLocaleString("en-US");
}
