import { QwenError } from "../../src/errors.ts";

type Problem = Readonly<Record<"name" | "code" | "message", string>> & {
  readonly hint: string | undefined;
};

/** What a person is told by the error that `work` throws; `undefined` when it throws none. */
export function problemOf(work: () => unknown): Problem | undefined {
  try {
    work();
  } catch (error) {
    return describe(error);
  }
  return undefined;
}

/** The same of what is done in time. */
export async function laterProblemOf(work: () => Promise<unknown>): Promise<Problem | undefined> {
  try {
    await work();
  } catch (error) {
    return describe(error);
  }
  return undefined;
}

function describe(error: unknown): Problem {
  if (error instanceof QwenError) {
    const { name, code, message, hint } = error;
    return { name, code, message, hint };
  }
  throw error;
}
