import { CancelledError } from "../errors.ts";
import type { Answer } from "../runtime.ts";

/** What is known without a question, such as a key that was piped in: Esc does not stop there. */
type GivenAnswer<State> = { readonly kind: "given"; readonly value: State };

export type StepAnswer<State> = Promise<Answer<State> | GivenAnswer<State>>;

export type StepResult<State> = StepAnswer<State> | undefined;

/** One question of a dialogue: what is known → what is known then; `undefined`: nothing to ask. */
export type Step<State> = (state: State) => StepResult<State>;

/**
 * Asks one question after the other. Esc goes back to the question before; at the first one the
 * answer is `back`, for the caller to decide (`spec/cli.md`, "The menu").
 */
export async function askSteps<State>(
  start: State,
  steps: readonly Step<State>[],
): Promise<Answer<State>> {
  const asked: { readonly index: number; readonly state: State }[] = [];
  let state = start;
  let index = 0;
  for (let step = steps[0]; step !== undefined; step = steps[index]) {
    const answer = (await step(state)) ?? { kind: "given", value: state };
    if (answer.kind === "value" || answer.kind === "given") {
      if (answer.kind === "value") {
        asked.push({ index, state });
      }
      state = answer.value;
      index += 1;
      continue;
    }
    const before = answer.kind === "back" ? asked.pop() : undefined;
    if (before === undefined) {
      return answer;
    }
    ({ index, state } = before);
  }
  return { kind: "value", value: state };
}

/** Turns an answer's value into the next state. */
export async function mapAnswer<Value, State>(
  answer: Promise<Answer<Value>>,
  next: (value: Value) => State,
): Promise<Answer<State>> {
  const given = await answer;
  return given.kind === "value" ? { kind: "value", value: next(given.value) } : given;
}

/** The same for a step that may know its answer without a question. */
export async function mapStep<Value, State>(
  answer: StepAnswer<Value>,
  next: (value: Value) => State,
): StepAnswer<State> {
  const given = await answer;
  return "value" in given ? { ...given, value: next(given.value) } : given;
}

/** The answer's value; leaving a prompt, by either way, ends the command. */
export function answered<Value>(answer: Answer<Value>): Value {
  if (answer.kind === "value") {
    return answer.value;
  }
  throw new CancelledError("Cancelled; nothing was written");
}
