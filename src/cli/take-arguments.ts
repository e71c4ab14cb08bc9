/** What of this process it takes to start it anew. */
type Self = {
  readonly argv: readonly string[];
  readonly argv0: string;
  readonly execPath: string;
  readonly platform: string;
  readonly arch: string;
  readonly env: Record<string, string | undefined>;
};

type Options = {
  /** The arguments without keys (`secrets/key-arguments.ts`). */
  readonly masked: readonly string[];
  /** Whether the program is one file, which can be started by its name. */
  readonly isCompiled: boolean;
};

/** The descriptor from which the arguments with keys are read. */
const VARIABLE = "QWEN_ARGUMENTS_FD";

/** What is always written to a pipe without waiting for a reader. */
const MOST_BYTES = 4096;

/** What was typed, and whether it is hidden already. */
export type TakenArguments = { readonly argv: readonly string[]; readonly isHidden: boolean };

/** The arguments as they were typed: also those that `hideArguments` took out of sight. */
export async function takeArguments({
  argv: [, , ...argv],
  env,
}: Pick<Self, "argv" | "env">): Promise<TakenArguments> {
  const descriptor = env[VARIABLE];
  if (descriptor === undefined) {
    return { argv, isHidden: false };
  }
  delete env[VARIABLE];
  const handed = await receive(Number(descriptor));
  return handed === undefined
    ? { argv, isHidden: false }
    : { argv: argv.map((argument, index) => handed.get(index) ?? argument), isHidden: true };
}

/**
 * Takes keys out of the arguments where others can see them: the list of processes, and what the
 * runtime prints should it crash. A process cannot change what it was started with, so on Linux it
 * becomes another one that was started without the keys, and gets them through a pipe. Only a command
 * line that has one pays for it; elsewhere, and where that fails, all stays as it is.
 */
export async function hideArguments(
  self: Self,
  { argv, isHidden }: TakenArguments,
  { masked, isCompiled }: Options,
): Promise<void> {
  if (isHidden || self.platform !== "linux" || !isCompiled) {
    return;
  }
  const hidden = argv
    .map((argument, index) => (argument === masked[index] ? [] : [[index, argument] as const]))
    .flat();
  if (hidden.length > 0) {
    await startWithout(self, masked, new TextEncoder().encode(JSON.stringify(hidden)));
  }
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
