import { keyArguments } from "../secrets/key-arguments.ts";

/** What of this process it takes to start it anew. */
type Self = {
  readonly argv: readonly string[];
  readonly argv0: string;
  readonly execPath: string;
  readonly platform: string;
  readonly arch: string;
  readonly env: Record<string, string | undefined>;
};

/** Whether the program is one file, which can be started by its name. */
type Options = { readonly isCompiled: boolean };

/** The descriptor from which the arguments with keys are read. */
const VARIABLE = "QWEN_ARGUMENTS_FD";

/** What is always written to a pipe without waiting for a reader. */
const MOST_BYTES = 4096;

/**
 * The arguments, from which keys have been taken where others can see them: the list of processes,
 * and what the runtime prints should it crash. A process cannot change what it was started with, so
 * on Linux it becomes another one that was started without the keys, and gets them through a pipe.
 * Only a command line that has one pays for it; elsewhere, and where that fails, all stays as it is.
 */
export async function takeArguments(
  self: Self,
  { isCompiled }: Options,
): Promise<readonly string[]> {
  const { env, platform } = self;
  const argv = self.argv.slice(2);
  const descriptor = env[VARIABLE];
  if (descriptor !== undefined) {
    delete env[VARIABLE];
    const handed = await receive(Number(descriptor));
    if (handed !== undefined) {
      return argv.map((argument, index) => handed.get(index) ?? argument);
    }
  }
  if (platform === "linux" && isCompiled) {
    const { masked } = keyArguments(argv);
    const hidden = argv.flatMap((argument, index) =>
      argument === masked[index] ? [] : [[index, argument] as const],
    );
    if (hidden.length > 0) {
      await startWithout(self, masked, new TextEncoder().encode(JSON.stringify(hidden)));
    }
  }
  return argv;
}

/** Does not return, unless it cannot be done. */
async function startWithout(
  { argv0, execPath, arch }: Self,
  masked: readonly string[],
  content: Uint8Array,
): Promise<void> {
  if (content.length > MOST_BYTES) {
    return;
  }
  const { startAnew } = await import("../lib/start-anew.ts");
  startAnew({ path: execPath, argv: [argv0, ...masked], arch, variable: VARIABLE, content });
}

/** What was handed on, by position; `undefined`: nothing was. */
async function receive(descriptor: number): Promise<ReadonlyMap<number, string> | undefined> {
  const { closeSync, fstatSync, readFileSync } = await import("node:fs");
  try {
    if (!(descriptor > 2 && fstatSync(descriptor).isFIFO())) {
      return undefined;
    }
    const text = readFileSync(descriptor, "utf8");
    closeSync(descriptor);
    return new Map(JSON.parse(text));
  } catch {
    return undefined;
  }
}
