import { absoluteEntries } from "../lib/child-environment.ts";
import { shorten } from "../lib/visible-text.ts";
import type { Runtime } from "../runtime.ts";
import { hideCredentials } from "./credentials.ts";
import { looksLikeKey } from "./looks-like-key.ts";
import { parseKey } from "./parse-key.ts";
import { splitCommand } from "./split-command.ts";

type Machine = Pick<Runtime, "capture" | "addSecret" | "env" | "home">;

export type HelperResult =
  | {
      readonly kind: "key";
      readonly key: string;
      /** What is said of it, a clause each. */
      readonly notes?: readonly string[];
    }
  | {
      readonly kind: "failed";
      /** The program's name, without its arguments; `undefined`: the command names none. */
      readonly program: string | undefined;
      readonly reason: string;
    };

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 64 * 1024;

/**
 * Runs a key helper and takes the one line that it prints (`spec/trust-and-secrets.md`): without a
 * shell, in the home directory, so that no project says which program it is. The reason of a
 * failure never repeats what it printed on standard output.
 */
export async function runKeyHelper(machine: Machine, command: string): Promise<HelperResult> {
  const { env, home } = machine;
  const [program, ...args] = splitCommand(command, home) ?? [];
  if (program === undefined || program === "") {
    const reason = "its command names no program, or a quote in it is not closed";
    return { kind: "failed", program: undefined, reason };
  }
  const name = program.replace(/^.*[/\\]/, "");
  const failed = (reason: string): HelperResult => ({ kind: "failed", program: name, reason });
  const path = findProgram(program, env.PATH);
  if (path === undefined) {
    return failed(
      "there is no such program on `PATH`; one elsewhere needs its whole path, or `~/`",
    );
  }
  const limits = { cwd: home, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES };
  const captured = await machine.capture([path, ...args], limits);
  switch (captured.kind) {
    case "not-started":
      return failed(captured.reason);
    case "timeout":
      return failed(`it did not end in ${TIMEOUT_MS / 1000} s`);
    case "too-much":
      return failed("it printed more than 64 KiB");
    case "ended":
      break;
  }
  possibleKeys(captured.stdout).forEach(machine.addSecret);
  if (captured.exitCode !== 0) {
    const { exitCode, stderr } = captured;
    const how = exitCode === undefined ? "a signal" : `exit code ${exitCode}`;
    return failed(`it ended with ${how}${lastLine(stderr)}`);
  }
  const parsed = parseKey(captured.stdout);
  return parsed.kind === "key"
    ? {
        kind: "key",
        key: parsed.key,
        ...(parsed.notes.length === 0 ? {} : { notes: parsed.notes }),
      }
    : failed(`what it printed is no key: ${parsed.reason}`);
}

/** What it printed may hold a key also where it failed, or says more than that. */
function possibleKeys(stdout: string): string[] {
  const lines = stdout.split(/[\r\n]+/).map((line) => line.trim());
  const words = lines.flatMap((line) => line.split(/\s+/));
  return [...lines, ...words.filter((word) => word.length >= 12 && /\d/.test(word))];
}

/** Nothing is found through the working directory. */
function findProgram(program: string, path: string | undefined): string | undefined {
  if (/[/\\]/.test(program)) {
    return /^(?:\/|[A-Za-z]:)/.test(program) ? program : undefined;
  }
  return Bun.which(program, { PATH: absoluteEntries(path) }) ?? undefined;
}

/** What it said last on standard error, without anything that may be a key. */
function lastLine(stderr: string): string {
  const line =
    stderr
      .trim()
      .split(/[\r\n]+/)
      .at(-1) ?? "";
  const words = hideCredentials(line).replace(/[^\s"'=:,]+/g, (word) =>
    looksLikeKey(word) ? "***" : word,
  );
  return words === "" ? "" : `: ${shorten(words, 300)}`;
}
