import type { Output, Runtime } from "../runtime.ts";
import { oneRow } from "./progress.ts";

type Options = {
  /** What is waited for. */
  readonly text: string;
  /** Milliseconds that are left. */
  readonly left: () => number;
  readonly sleep: Runtime["sleep"];
};

const FRAMES = ["◒", "◐", "◓", "◑"] as const;
const FRAME_MS = 200;

/** Counts down on a terminal while something is waited for, and takes that away again. */
export async function withCountdown<Value>(
  stderr: Output,
  { text, left, sleep }: Options,
  work: Promise<Value>,
): Promise<Value> {
  let isDone = false;
  const end = work.then(
    () => undefined,
    () => undefined,
  );
  const draw = async (): Promise<void> => {
    for (let frame = 0; !isDone; frame += 1) {
      const spinner = FRAMES[frame % FRAMES.length];
      await stderr.write(oneRow(`\u001b[2K${spinner} ${text} (${formatLeft(left())} left)`));
      await Promise.race([sleep(FRAME_MS), end]);
    }
  };
  const drawing = draw();
  try {
    return await work;
  } finally {
    isDone = true;
    await drawing;
    await stderr.write("\r\u001b[2K");
  }
}

/** `14:05` */
export function formatLeft(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
