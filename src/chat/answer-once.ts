import { EXIT, type ExitCode } from "../errors.ts";
import { answerWith } from "./answer-text.ts";
import { askModel, remarks, type Service, type Wait } from "./ask-model.ts";
import type { Conversation } from "./conversation.ts";
import type { Reporter } from "./reporter.ts";
import { summaryLine } from "./screen/summary-line.ts";

export type Question = {
  readonly service: Service;
  readonly text: string;
  /** What was said before. */
  readonly conversation?: Conversation;
  /** One line for people, on stderr. */
  readonly tell: (line: string) => Promise<void>;
  readonly onWait?: ((wait: Wait) => void) | undefined;
  /** Told of the whole answer. */
  readonly onAnswer?: (answer: string) => Promise<void>;
  /** Takes a line that says what the answer cost. */
  readonly summarise?: ((line: string) => Promise<void>) | undefined;
  readonly now: () => number;
};

/**
 * Asks once and shows the answer as it arrives. A reader that has gone away ends it quietly; what
 * came before a failure stays, and is not repeated.
 * @throws QwenError; whoever catches it ends the reporter with it
 */
export async function answerOnce(question: Question, reporter: Reporter): Promise<ExitCode> {
  const { service, text, conversation = [], tell, onWait, onAnswer, summarise, now } = question;
  const startedAt = now();
  let answer = "";
  await reporter.begin({ model: service.request.model });
  const asked = await askModel(service, [...conversation, { role: "user", text }], {
    onEvents: (events) => {
      answer = onAnswer === undefined ? "" : answerWith(answer, events);
      return reporter.events(events);
    },
    tell,
    ...(reporter.retried === undefined ? {} : { onRetry: reporter.retried }),
    ...(onWait === undefined ? {} : { onWait }),
  });
  await onAnswer?.(answer);
  if (!asked.isRead) {
    return EXIT.ok;
  }
  const { finish, finishSaid, usage } = asked;
  await reporter.end({ kind: "done", finish, finishSaid, usage });
  for (const line of remarks(asked, service)) {
    await tell(line);
  }
  await summarise?.(summaryLine(service, asked, now() - startedAt));
  return EXIT.ok;
}
