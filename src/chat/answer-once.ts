import { EXIT, type ExitCode } from "../errors.ts";
import { askModel, remarks, type Service } from "./ask-model.ts";
import type { Reporter } from "./reporter.ts";

export type Question = {
  readonly service: Service;
  readonly text: string;
  /** One line for people, on stderr. */
  readonly tell: (line: string) => Promise<void>;
};

/**
 * Asks once and shows the answer as it arrives. A reader that has gone away ends it quietly; what
 * came before a failure stays, and is not repeated.
 * @throws QwenError; whoever catches it ends the reporter with it
 */
export async function answerOnce(
  { service, text, tell }: Question,
  reporter: Reporter,
): Promise<ExitCode> {
  await reporter.begin({ model: service.request.model });
  const asked = await askModel(service, [{ role: "user", text }], {
    onEvents: reporter.events,
    tell,
    ...(reporter.retried === undefined ? {} : { onRetry: reporter.retried }),
  });
  if (!asked.isRead) {
    return EXIT.ok;
  }
  const { finish, finishSaid, usage } = asked;
  await reporter.end({ kind: "done", finish, finishSaid, usage });
  for (const line of remarks(asked, service)) {
    await tell(line);
  }
  return EXIT.ok;
}
