import type { QwenError } from "../errors.ts";
import type { ChatEvent, FinishReason, Usage } from "../protocols/chat-event.ts";

/** How an answer ended. */
export type Ending =
  | {
      readonly kind: "done";
      readonly finish: FinishReason | undefined;
      /** The server's own word for it, where it is another one. */
      readonly finishSaid?: string | undefined;
      readonly usage: Usage | undefined;
    }
  | { readonly kind: "failed"; readonly error: QwenError };

/** Shows one answer in one output format. */
export type Reporter = {
  readonly begin: (about: { readonly model: string }) => Promise<void>;
  /** What came together; `false`: nobody reads any more. */
  readonly events: (events: readonly ChatEvent[]) => Promise<boolean>;
  /** The service is asked once more. */
  readonly retried?: () => void;
  readonly end: (ending: Ending) => Promise<void>;
};
