import { UsageError } from "../errors.ts";
import type { Input } from "../runtime.ts";
import { describeSystemError } from "./system-error.ts";

/** Standard input, read at most once. */
export function standardInput(isTerminal: Input["isTerminal"]): Input {
  return {
    isTerminal,
    readAll: ({ maxBytes, timeoutMs }) => {
      const { text } = readStdin(maxBytes);
      return withinTime(text, timeoutMs);
    },
    readIfAny: async ({ maxBytes, timeoutMs, firstByteMs }) => {
      const { text, begun } = readStdin(maxBytes);
      const isLate = Bun.sleep(firstByteMs).then(() => true);
      const isNothing = await Promise.race([begun.then(() => false), isLate]);
      // Who does not wait for the text does not hear of its failure either.
      text.catch(() => undefined);
      return isNothing ? undefined : withinTime(text, timeoutMs);
    },
  };
}

/** Reads standard input to its end; `begun` when its first byte, or its end, has come. */
function readStdin(maxBytes: number): { text: Promise<string>; begun: Promise<void> } {
  const begun = Promise.withResolvers<void>();
  const read = async (): Promise<string> => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const chunk of stdinBytes()) {
        begun.resolve();
        length += chunk.length;
        if (length > maxBytes) {
          throw new UsageError(`Cannot read standard input: it is longer than ${maxBytes} bytes`);
        }
        chunks.push(chunk);
      }
    } finally {
      begun.resolve();
    }
    return new TextDecoder().decode(Buffer.concat(chunks));
  };
  return { text: read(), begun: begun.promise };
}

async function* stdinBytes(): AsyncGenerator<Uint8Array> {
  if (await isNullDevice(0)) {
    return;
  }
  try {
    yield* Bun.stdin.stream();
  } catch (error) {
    throw new UsageError(`Cannot read standard input: ${describeSystemError(error)}`, {
      code: "missing-input",
    });
  }
}

/**
 * Where scripts and services have nothing to say; the runtime would start threads to read it. What
 * asks the system is loaded only for whoever reads: every start makes a standard input.
 */
async function isNullDevice(descriptor: number): Promise<boolean> {
  const { fstatSync, statSync } = await import("node:fs");
  try {
    const { rdev } = fstatSync(descriptor);
    return rdev !== 0 && rdev === statSync("/dev/null").rdev;
  } catch {
    // Closed, or a system without such a device.
    return false;
  }
}

async function withinTime(work: Promise<string>, milliseconds: number): Promise<string> {
  let timer: Timer | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new UsageError(
          `Cannot read standard input: its end did not come in ${milliseconds / 1000} s`,
          { code: "missing-input", hint: "close the pipe after what it carries" },
        ),
      );
    }, milliseconds);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
