import { ConfigError, QwenError } from "../../errors.ts";

/** Does one step and returns its result; `said` tells in a few words what it did, if anything. */
export type Step = <T>(
  step: () => Promise<T>,
  said: (result: T) => string | undefined,
) => Promise<T>;

/**
 * For commands over several files: the failure of one step tells what the steps before it did,
 * because nothing takes that back.
 */
export function createSteps(): Step {
  const done: string[] = [];
  return async (step, said) => {
    try {
      const result = await step();
      const what = said(result);
      if (what !== undefined) {
        done.push(what);
      }
      return result;
    } catch (error) {
      throw afterDone(error, done);
    }
  };
}

function afterDone(error: unknown, done: readonly string[]): unknown {
  if (!(error instanceof QwenError) || done.length === 0) {
    return error;
  }
  const message = `${error.message}; before that, ${done.join(", ")}`;
  const details = { code: error.code, hint: error.hint, cause: error };
  return error instanceof ConfigError
    ? new ConfigError(message, details)
    : new QwenError(message, details);
}

/** What a later failure says of a step that changed something. */
export function ifChanged(done: string) {
  return ({ changed }: { readonly changed: boolean }): string | undefined =>
    changed ? done : undefined;
}
