import { type Machine, qwen, type Ran, type RunOptions } from "./qwen.ts";

const AT_ONCE = 4;

/** Runs commands that do not touch each other, a few at once; their outcomes in their order. */
export async function runAll(
  at: Machine,
  commands: readonly (readonly string[])[],
  options?: RunOptions,
): Promise<readonly (readonly [args: readonly string[], ran: Ran])[]> {
  const waiting = [...commands.entries()];
  const done: (readonly [readonly string[], Ran])[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, args] = next;
      done[index] = [args, await qwen(at, args, options)];
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return done;
}
